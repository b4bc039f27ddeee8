"""From a training run to the files that play live: beats.safetensors in half precision, and beats.json."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import save_file
from torch import Tensor

from models.beats.config import METRES
from models.beats.model import BeatNet
from models.beats.pieces import Credit

FORMAT = 1


CARD = """# The beat network

It hears where beats and bars begin, what the tempo is and how many beats make a bar, sixty times a second and without
ever looking ahead. A causal convolutional network of {parameters:,} parameters, after the temporal convolutional
networks of Davies and Boeck (EUSIPCO 2019); `megadance_live/music/beat_net.py` plays it with numpy alone.

## Data and licences
Music whose beats are exact, because code wrote it:
- songs of this project's own composer, played by its own synthesisers and drum machines;
- songs of the same composer as MIDI through the soundfonts FluidR3 (MIT), MuseScore General (MIT), TimGM6mb (GPL-2),
  OPL-3 FM (CC BY-SA 4.0) and csound's sf_GMbank (LGPL-2.1), rendered by fluidsynth;
- the same songs from single notes of those soundfonts and from the drum kits that Debian's hydrogen-drumkits holds
  (GPL-2 and later, CC BY-SA 3.0, CC BY 3.0, CC0);
- accompaniment grooves of the program mma (GPL-2) over made-up chords, with the same sounds;
- noise, held chords, tones, applause and speech (espeak-ng, GPL-3, or syllables made by code), which have no beat.

{recordings}

## Trained
{steps:,} steps of 32 stretches of 22 s, each stretched, transposed, equalised, compressed, put in a room, covered with
noise, cut or turned down at random. `megadance-live prepare-beats` and `megadance-live train beats` do all of it again.

## Measured
Cross-entropies on pieces that it was not trained on: {losses}. How well the tracker hears beats and bars with a network
of this kind in recordings that it has never heard, and under which conditions, is in docs/beats.md
(`benchmarks/beat_folds.py`).

## What it does badly
- It knows the beat of music as composers write it down: where two tempi an octave apart are as good, it takes the usual
  one of the style.
- Bars of other lengths than three and four beats were few.

## Licence of the weights
GPL-3.0-or-later, as the rest of the project.
"""


def export_beats(model: BeatNet, folder: Path, facts: dict[str, Any], recordings: Sequence[Credit] = ()) -> None:
    """Writes both, and a model card; `facts` (`steps`, `held_out` losses by name) are kept in all. `recordings` are
    those that it was trained on. Raises OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    weights = folder / "beats.safetensors"
    save_file({name: tensor.half().contiguous() for name, tensor in tensors(model).items()}, weights)
    weights.chmod(0o644)  # safetensors makes it readable by its owner only
    described = {"format": FORMAT, **asdict(model.config), "metres": METRES, "facts": facts}
    (folder / "beats.json").write_text(json.dumps(described, indent=1) + "\n", encoding="utf-8")
    card = CARD.format(
        parameters=sum(p.numel() for p in model.parameters()),
        steps=facts["steps"],
        recordings=_told(recordings),
        losses=", ".join(f"{name} {value:.3f}" for name, value in facts["held_out"].items()),
    )
    (folder / "README.md").write_text(card, encoding="utf-8")


def _told(recordings: Sequence[Credit]) -> str:
    if not recordings:
        return "No recorded music, and nothing under a non-commercial licence."
    by_source: dict[tuple[str, str], list[str]] = {}
    for credit in recordings:
        package = credit.source.split(":")[0]
        by_source.setdefault((package, credit.licence), []).append(credit.name)
    lines = [f"- {source}: {', '.join(names)} ({licence})" for (source, licence), names in sorted(by_source.items())]
    return "\n".join(["And recordings whose beats were annotated (nothing under a non-commercial licence):", *lines])


@torch.no_grad()
def tensors(model: BeatNet) -> dict[str, Tensor]:
    """All parameters, with the inputs' mean and deviation folded into the first layer."""
    found = {name: tensor for name, tensor in model.state_dict().items() if name not in ("mean", "std")}
    scaled = model.inward.weight / model.std.repeat(model.config.group)
    found["inward.weight"] = scaled
    found["inward.bias"] = model.inward.bias - scaled @ model.mean.repeat(model.config.group)
    return found
