"""The classifier's folder: `genre.safetensors` in half precision, `genre.json` and a model card."""

import json
from pathlib import Path
from typing import Any

from safetensors import SafetensorError
from safetensors.torch import load_file, save_file

from megadance_live.core.errors import WeightsError
from models.config_file import config_from
from models.evaluation.genre_net import GenreConfig, GenreNet, described, parameters_of

FORMAT = 1
SHIPPED = Path(__file__).parent / "weights"

_CARD = """# The genre classifier

Says which genre a stretch of dance is, from joints relative to the pelvis with the heading taken out: a measuring
instrument of `megadance-live evaluate` (docs/evaluation.md), and no part of the dancer. {parameters:,} parameters.

Genres: {genres}.

## Data and licences
Trained on the training split only, mirrored, stretched in time, smoothed and shaken at random.
- AIST++ motion annotations (Li et al., "AI Choreographer", ICCV 2021), CC BY 4.0, of the AIST Dance Video Database
  (Tsuchida et al., ISMIR 2019).
- CMU motion capture. The data used in this project was obtained from mocap.cs.cmu.edu. The database was created with
  funding from NSF EIA-0196217.

## Measured
On real clips that it was not trained on, by stretches of 5 s: {measured}. Balanced is the plain mean over genres.

## Licence of the weights
CC BY 4.0.
"""


def save_genre_net(net: GenreNet, folder: Path, facts: dict[str, Any]) -> None:
    """Raises OSError."""
    weights = folder / "genre.safetensors"
    save_file({name: tensor.half().contiguous() for name, tensor in net.state_dict().items()}, weights)
    weights.chmod(0o644)  # safetensors makes it readable by its owner only
    about = {"format": FORMAT, "classifier": described(net), "facts": facts}
    (folder / "genre.json").write_text(json.dumps(about, indent=1) + "\n", encoding="utf-8")
    card = _CARD.format(
        parameters=parameters_of(net),
        genres=", ".join(net.config.genres),
        measured=", ".join(f"{name.replace('_', ' ')} {value:.3f}" for name, value in facts["held_out"].items()),
    )
    (folder / "README.md").write_text(card, encoding="utf-8")


def load_genre_net(folder: Path | None = None) -> GenreNet:
    """The classifier of a folder; None: the one that ships. Raises WeightsError."""
    folder = folder or SHIPPED
    try:
        about = json.loads((folder / "genre.json").read_text(encoding="utf-8"))
        if about["format"] != FORMAT:
            raise WeightsError(f"{folder} holds a classifier of another version; train it again.")
        net = GenreNet(config_from(GenreConfig, about["classifier"]))
        net.load_state_dict({name: t.float() for name, t in load_file(folder / "genre.safetensors").items()})
    except (OSError, ValueError, KeyError, TypeError, RuntimeError, SafetensorError) as error:
        raise WeightsError(
            f"{folder} holds no genre classifier that can be read; run `megadance-live train classifier`."
        ) from error
    return net.eval()
