"""Two processes that share every batch give what one gives."""

import multiprocessing
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
import torch
from torch import Tensor

from megadance_live.commands.beats import ears
from megadance_live.core.errors import DataError
from megadance_live.music.beat_spectrum import INPUTS as BEAT_INPUTS
from models.beats.batches import Music
from models.beats.config import BeatNetConfig
from models.beats.training import BeatTask
from models.data.prepare import prepare
from models.evaluation.genre_training import genre_task
from models.training.config import LoopConfig
from models.training.generator import GeneratorTask, load_generator, train_generator
from models.training.loop import train
from models.training.report import TrainingInterrupted
from models.training.task import Task
from models.training.tokenizer import TokenizerTask
from tests.models.made_up import compose, hear, write_data
from tests.models.test_beats import clicks
from tests.models.tiny import GENERATOR, TOKENIZER, tiny_tokenizer
from tests.models.toy import ToyTask, left

LOOP = LoopConfig(
    steps=4, checkpoint_every=4, report_every=1, warmup_steps=2, ema_decay=0.5, accelerator="cpu", precision="32-true"
)
STILL = replace(GENERATOR, experts=("house", "krump"), dropout=0.0)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_data(tmp_path_factory.mktemp("data"), frames=320)


@pytest.fixture(scope="module")
def prepared(data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("prepared")
    list(prepare(data, folder, compose, hear, renders=1, tempos=0))
    return folder


def test_two_processes_give_the_losses_and_the_weights_of_one(prepared: Path, tmp_path: Path) -> None:
    coder = tiny_tokenizer()
    one, two = (
        list(train_generator(prepared, coder, tmp_path / str(devices), STILL, replace(LOOP, devices=devices)))
        for devices in (1, 2)
    )
    assert multiprocessing.active_children() == []
    for alone, shared in zip(one, two, strict=True):
        assert shared.parts == pytest.approx(alone.parts, rel=1e-4)
    assert two[-1].held_out == pytest.approx(one[-1].held_out, rel=1e-4)
    first, second = (load_generator(tmp_path / name).state_dict() for name in ("1", "2"))
    for name, tensor in first.items():
        torch.testing.assert_close(second[name], tensor, atol=1e-4, rtol=1e-3, msg=name)


def test_ctrl_c_stops_all_processes_at_the_same_step_and_one_alone_goes_on(tmp_path: Path) -> None:
    list(train(ToyTask, tmp_path / "alone", LOOP))
    with pytest.raises(TrainingInterrupted, match="the same command goes on"):
        list(train(partial(ToyTask, interrupted_at=2), tmp_path / "both", replace(LOOP, devices=2)))
    assert multiprocessing.active_children() == []
    rest = list(train(ToyTask, tmp_path / "both", LOOP))
    assert rest[-1].step == LOOP.steps
    assert len(rest) < LOOP.steps
    for name, tensor in left(tmp_path / "alone").items():
        torch.testing.assert_close(left(tmp_path / "both")[name], tensor, atol=1e-5, rtol=1e-4, msg=name)


def test_what_a_process_cannot_do_is_said_by_the_command(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no prepared clips"):
        list(train(partial(TokenizerTask, tmp_path, TOKENIZER, 0), tmp_path / "run", replace(LOOP, devices=2)))
    assert multiprocessing.active_children() == []


def tokenizer_task(data: Path, prepared: Path, tmp_path: Path) -> Task:
    return TokenizerTask(prepared, replace(TOKENIZER, dropout=0.0), 0)


def generator_task(data: Path, prepared: Path, tmp_path: Path) -> Task:
    return GeneratorTask(prepared, tiny_tokenizer(), STILL, 0)


def classifier_task(data: Path, prepared: Path, tmp_path: Path) -> Task:
    return genre_task(data, 0)


def beat_task(data: Path, prepared: Path, tmp_path: Path) -> Task:
    """With a piece whose bars are not known."""
    config = BeatNetConfig(inputs=BEAT_INPUTS, channels=8, blocks=3, tempi=12)
    paths = tuple(tmp_path / f"{number}.npz" for number in range(2))
    clicks(100, 25).save(paths[0])
    unknown = clicks(130, 25)
    replace(unknown, numbers=unknown.numbers * 0).save(paths[1])
    return BeatTask(Music(paths), [], config, ears(), 0)


@pytest.mark.parametrize("make", [tokenizer_task, generator_task, classifier_task, beat_task])
def test_the_loss_of_a_batch_is_the_mean_of_those_of_its_shares(
    make: Callable[[Path, Path, Path], Task], data: Path, prepared: Path, tmp_path: Path
) -> None:
    task = make(data, prepared, tmp_path)
    task.model.eval()
    batch = task.batch(torch.Generator().manual_seed(1))
    assert {len(part) for part in batch} == {task.batch_size}

    def parts_of(share: tuple[Tensor, ...]) -> dict[str, float]:
        with torch.no_grad():
            value, parts = task.loss(share)
        return {"loss": float(value), **{name: float(part) for name, part in parts.items()}}

    whole = parts_of(batch)
    shares = [parts_of(tuple(part[rank::2] for part in batch)) for rank in range(2)]
    means = {name: (shares[0][name] + shares[1][name]) / 2 for name in whole}
    assert means == pytest.approx(whole, rel=1e-4)
    assert shares[0]["loss"] != shares[1]["loss"]
