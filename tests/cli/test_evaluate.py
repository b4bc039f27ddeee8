"""`megadance-live evaluate` on a small dancer and made-up clips."""

import json
import math
from functools import partial
from pathlib import Path

import pytest
import torch

from models import folder as model_folder
from models.evaluation import evaluate, measures, special, tables
from models.evaluation.bootstrap import bootstrap
from models.evaluation.cost import step_cost
from models.evaluation.genre_folder import save_genre_net
from models.evaluation.genre_net import GenreConfig, GenreNet
from tests.cli.conftest import Call
from tests.models.made_up import write_data
from tests.models.tiny import tiny_generator, tiny_tokenizer


@pytest.fixture
def run(call: Call, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Call:
    """In a folder of its own."""
    monkeypatch.chdir(tmp_path)
    return call


@pytest.fixture
def model(tmp_path: Path) -> Path:
    model_folder.save(tmp_path / "model", "tiny", tiny_tokenizer(), tiny_generator(), {})
    card = "# Tiny\n\n## Measured\nnot known\n\n## Licence\nCC0\n"
    (tmp_path / "model" / "README.md").write_text(card, encoding="utf-8")
    return tmp_path / "model"


@pytest.fixture
def classifier(tmp_path: Path) -> Path:
    torch.manual_seed(0)
    folder = tmp_path / "classifier"
    folder.mkdir()
    net = GenreNet(GenreConfig(genres=("house", "krump", "popping"), widths=(8, 8, 8)))
    save_genre_net(net, folder, {"steps": 0, "held_out": {}})
    return folder


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Less of everything that is there to be thorough."""
    for module in (measures, tables):
        monkeypatch.setattr(module, "bootstrap", partial(bootstrap, resamples=5))
    monkeypatch.setattr(evaluate, "step_cost", partial(step_cost, tokens=2))
    monkeypatch.setattr(special, "RESPONDING", ("krump",))
    monkeypatch.setattr(special, "JUMP_BEAT", 18)
    monkeypatch.setattr(special, "BEATS_AFTER", 10)
    monkeypatch.setattr(special, "SILENCE_S", 2.0)


@pytest.mark.timeout(600)
@pytest.mark.usefixtures("quick")
def test_a_dancer_is_measured_beside_real_clips(run: Call, model: Path, classifier: Path, tmp_path: Path) -> None:
    data = write_data(tmp_path / "data", clips=6)
    status, out, err = run(
        "evaluate", model, "--data", data, "--out", "found", "--seeds", 1, "--classifier", classifier, "--card"
    )
    assert status == 0, err
    assert out.splitlines() == ["found/evaluation.md", "found/evaluation.json", str(model / "README.md")]
    card = (model / "README.md").read_text(encoding="utf-8")
    assert card.startswith("# Tiny\n\n## Measured\nBy `megadance-live evaluate --card`.\n")
    assert "### By genre" in card
    assert "not known" not in card
    assert card.endswith("\n\n## Licence\nCC0\n")
    found = json.loads((tmp_path / "found" / "evaluation.json").read_text(encoding="utf-8"))
    assert found["clips"] == 2
    real, tiny = found["subjects"]["real"]["measures"], found["subjects"]["tiny"]["measures"]
    assert set(real) == set(tiny)
    assert real["fid_k"]["value"] == pytest.approx(0.0, abs=1e-3)
    assert tiny["fid_k"]["value"] > 1.0
    assert real["freeze"]["value"] == 0.0
    told = found["models"]["tiny"]
    assert 0 < told["compute_s_per_s"] < 10
    assert math.isfinite(told["tokenizer"]["joint_mae_m"]["value"])
    assert told["drift"] == []
    report = (tmp_path / "found" / "evaluation.md").read_text(encoding="utf-8")
    for word in ("FID_k", "FID_s", "DIV_g", "BAS by chance", "Style ACC", "Foot-skate", "PFC", "Freeze", "joint MAE"):
        assert word in report
    for picture in ("bas_ratio", "skate", "speed_on_the_beat", "tempo_jump", "silence"):
        assert (tmp_path / "found" / f"{picture}.png").read_bytes().startswith(b"\x89PNG")


@pytest.mark.timeout(600)
@pytest.mark.usefixtures("quick")
def test_without_data_every_genre_is_danced_to_made_up_music(
    run: Call, model: Path, classifier: Path, tmp_path: Path
) -> None:
    status, _, err = run("evaluate", model, model, "--seeds", 1, "--seconds", 6, "--classifier", classifier)
    assert status == 0, err
    found = json.loads((tmp_path / "evaluation" / "evaluation.json").read_text(encoding="utf-8"))
    assert set(found["subjects"]) == {"tiny (1)", "tiny (2)"}
    first, second = (found["subjects"][name]["by_genre"] for name in ("tiny (1)", "tiny (2)"))
    assert set(first) == {"house", "krump", "popping"}
    assert first == second
    assert "fid_k" not in found["subjects"]["tiny (1)"]["measures"]


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (("--data", "nowhere"), "manifest.csv"),
        (("--data", "data", "--split", "dress rehearsal"), "--split"),
        (("--data", "data", "--minutes", "1"), "--minutes 2"),
        (("--data", "data", "--classifier", "nowhere"), "train classifier"),
        (("--data", "data", "--card"), "Measured"),
        (("--data", "data", "--out", "data/manifest.csv"), "--out"),
    ],
)
def test_what_cannot_be_measured_is_said_in_a_sentence(
    run: Call, model: Path, classifier: Path, tmp_path: Path, arguments: tuple[str, ...], word: str
) -> None:
    write_data(tmp_path / "data", clips=3)
    (model / "README.md").unlink()
    chosen = () if "--classifier" in arguments else ("--classifier", classifier)
    status, _, err = run("evaluate", model, *arguments, *chosen)
    assert status == 1
    assert word in err
    assert len(err.strip().splitlines()) == 1


def test_clips_of_genres_that_nobody_dances_are_refused(run: Call, classifier: Path, tmp_path: Path) -> None:
    data = write_data(tmp_path / "data", clips=3)
    manifest = data / "manifest.csv"
    text = manifest.read_text(encoding="utf-8").replace("house", "salsa").replace("krump", "waacking")
    manifest.write_text(text, encoding="utf-8")
    model_folder.save(tmp_path / "model", "tiny", tiny_tokenizer(), tiny_generator(), {})
    status, _, err = run("evaluate", "model", "--data", data, "--classifier", classifier)
    assert status == 1
    assert "no clips of genres that the model dances" in err
