"""From dance data to a dancer, by the commands; one step each."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from models import load
from tests.cli.conftest import Call
from tests.models.made_up import write_data
from tests.models.test_streaming import cue

SMALL = """
base = "no-mamba"
[tokenizer_training]
steps = 1
batch = 2
[generator]
layers = 1
[generator_training]
batch = 2
genres_per_batch = 2
"""


@pytest.fixture
def run(call: Call, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[..., str]:
    """Calls the program, which must end well; returns its stdout."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "small.toml").write_text(SMALL, encoding="utf-8")

    def done(*arguments: object) -> str:
        status, out, err = call(*arguments)
        assert not status, err
        return out

    return done


def test_data_becomes_a_dancer(run: Callable[..., str], tmp_path: Path) -> None:
    data = write_data(tmp_path / "data", frames=320)
    assert "Prepared: prepared" in run("prepare", data, "prepared", "--renders", 1)
    assert "Kept: the weights of step 1, mae_m" in run(
        "train", "tokenizer", "prepared", "coder", "--recipe", "small.toml", "--patience", 1
    )
    assert any((tmp_path / "coder" / "logs").iterdir())
    assert "had ended" in run("train", "tokenizer", "prepared", "coder", "--recipe", "small.toml")
    small = "--recipe", "small.toml"
    assert "step 1:" in run("train", "generator", "prepared", "coder", "composer", *small, "--steps", 1)
    assert "Model: model" in run("export", "prepared", "coder", "composer", "model", "--name", "ours")
    assert (tmp_path / "model" / "model.safetensors").is_file()
    assert "## Data and licences\n- `" in (tmp_path / "model" / "README.md").read_text(encoding="utf-8")
    (tmp_path / "about.md").write_text("## Licence of the weights\nAsk me.\n", encoding="utf-8")
    run("export", "prepared", "coder", "composer", "model", "--about", "about.md")
    assert "Ask me." in (tmp_path / "model" / "README.md").read_text(encoding="utf-8")
    dancer = load(tmp_path / "model")
    state = dancer.initial_state()
    for number in range(4):
        step, state = dancer.step(cue(number), state)
    assert step.motion is not None
    assert np.isfinite(step.motion.quats).all()
    experts = run("experts", "--model", "model").split()
    assert experts
    assert experts == sorted(experts)


def test_a_generator_is_not_exported_with_tokens_that_it_has_not_learnt(
    run: Callable[..., str], call: Call, tmp_path: Path
) -> None:
    run("prepare", write_data(tmp_path / "data", frames=320), "prepared", "--renders", 1)
    small = "--recipe", "small.toml", "--steps", 1
    run("train", "tokenizer", "prepared", "coder", *small)
    run("train", "tokenizer", "prepared", "other", *small, "--seed", 1)
    run("train", "tokenizer", "prepared", "further", *small, "--decoder-of", "coder")
    run("train", "generator", "prepared", "coder", "composer", *small)
    status, _, problem = call("export", "prepared", "other", "composer", "model")
    assert status == 1
    assert "composer has learnt the tokens of another tokeniser than other" in problem
    assert not (tmp_path / "model").exists()
    assert "Model: model" in run("export", "prepared", "further", "composer", "model")
    status, _, said = call(
        "train", "generator", "prepared", "other", "composer", "--recipe", "small.toml", "--steps", 2
    )
    assert not status
    assert "from here on it learns those of other" in said
