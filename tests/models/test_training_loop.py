"""What all trainings share, on a toy: resume, early stopping, interruption, faults, logs."""

import os
import sys
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import torch

from megadance_live.core.errors import DataError
from models.training.checkpoint import learnt_weights
from models.training.config import LoopConfig
from models.training.hardware import fabric_for
from models.training.loop import train
from models.training.report import Report, TrainingInterrupted
from models.training.steps import MOST_SKIPPED, train_here
from tests.models.toy import ToyTask, left

LOOP = LoopConfig(
    steps=6, checkpoint_every=3, report_every=1, warmup_steps=2, ema_decay=0.5, accelerator="cpu", precision="32-true"
)
Noisy = partial(ToyTask, dropout=0.3)


def same(first: dict[str, Any], second: dict[str, Any]) -> bool:
    return all(torch.equal(torch.as_tensor(first[name]), torch.as_tensor(second[name])) for name in first)


def until(reports: Iterator[Report], step: int) -> None:
    """Reads reports, and abandons the training after `step`."""
    for report in reports:
        if report.step == step:
            return


@pytest.mark.parametrize("precision", ["32-true", "bf16-mixed"])
def test_six_steps_are_the_same_as_three_and_three(tmp_path: Path, precision: Any) -> None:
    loop = replace(LOOP, precision=precision)
    straight = list(train(Noisy, tmp_path / "a", loop))
    until(train(Noisy, tmp_path / "b", loop), 3)
    torch.manual_seed(99)
    resumed = list(train(Noisy, tmp_path / "b", loop))
    assert [report.parts for report in resumed] == [report.parts for report in straight[3:]]
    assert same(left(tmp_path / "a"), left(tmp_path / "b"))


def test_another_seed_is_another_training_and_the_same_seed_the_same(tmp_path: Path) -> None:
    for name, seed in (("a", 1), ("b", 1), ("c", 2)):
        list(train(Noisy, tmp_path / name, replace(LOOP, seed=seed)))
    assert same(left(tmp_path / "a"), left(tmp_path / "b"))
    assert not same(left(tmp_path / "a"), left(tmp_path / "c"))


def test_a_training_can_go_on_for_longer_than_was_planned(tmp_path: Path) -> None:
    list(train(ToyTask, tmp_path, LOOP))
    assert [report.step for report in train(ToyTask, tmp_path, replace(LOOP, steps=8))] == [7, 8]
    assert list(train(ToyTask, tmp_path, LOOP)) == []


def test_it_stops_when_held_out_figures_get_no_better_and_leaves_the_best_weights(tmp_path: Path) -> None:
    loop = replace(LOOP, steps=20, checkpoint_every=2, patience=2)
    figures = (3.0, 2.0, 2.5, 2.6, 1.0)
    reports = list(train(partial(ToyTask, figures), tmp_path / "a", loop))
    assert reports[-1].step == 8
    assert reports[-1].best is not None
    assert (reports[-1].best.step, reports[-1].best.name, reports[-1].best.value) == (4, "error", 2.0)
    until(train(partial(ToyTask, figures), tmp_path / "b", loop), 4)
    assert same(left(tmp_path / "a"), {"step": 4, **learnt_weights(tmp_path / "b")[0]})
    assert learnt_weights(tmp_path / "a")[1] == 4
    assert list(train(ToyTask, tmp_path / "a", loop)) == []
    more = list(train(partial(ToyTask, (1.0, 1.5, 1.5, 1.5)), tmp_path / "a", replace(loop, patience=3)))
    assert (more[0].step, more[-1].step) == (9, 16)
    assert left(tmp_path / "a")["step"] == 10


def test_figures_of_which_more_is_better_are_followed_upwards(tmp_path: Path) -> None:
    class Upwards(ToyTask):
        higher_is_better = True

    reports = list(train(partial(Upwards, (1.0, 2.0)), tmp_path, replace(LOOP, patience=5)))
    assert reports[-1].best is not None
    assert reports[-1].best.value == 2.0


def test_patience_needs_held_out_data(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="without --patience"):
        list(train(ToyTask, tmp_path, replace(LOOP, patience=1)))


@pytest.mark.parametrize("step", [3, 4])  # at a checkpoint, and after one
def test_ctrl_c_saves_what_has_been_learnt_and_says_how_to_go_on(tmp_path: Path, step: int) -> None:
    straight = list(train(Noisy, tmp_path / "a", LOOP))
    with pytest.raises(TrainingInterrupted, match=f"after step {step} of 6.*the same command goes on"):
        list(train(partial(Noisy, interrupted_at=step), tmp_path / "b", LOOP))
    resumed = list(train(Noisy, tmp_path / "b", LOOP))
    assert resumed[-1].parts == straight[-1].parts
    assert same(left(tmp_path / "a"), left(tmp_path / "b"))


def test_ctrl_c_at_the_last_step_ends_a_training_as_usual(tmp_path: Path) -> None:
    reports = list(train(partial(ToyTask, interrupted_at=LOOP.steps), tmp_path, LOOP))
    assert reports[-1].step == left(tmp_path)["step"] == LOOP.steps


def test_a_step_whose_loss_is_not_a_number_is_skipped(tmp_path: Path) -> None:
    reports = list(train(partial(ToyTask, broken=(2, 3)), tmp_path, LOOP))
    assert [report.skipped for report in reports] == [0, 1, 1, 0, 0, 0]
    assert reports[1].parts == {}
    assert all(torch.isfinite(torch.as_tensor(value)).all() for value in left(tmp_path).values())


def test_a_training_that_finds_no_numbers_any_more_ends_and_keeps_its_last_checkpoint(tmp_path: Path) -> None:
    loop = replace(LOOP, steps=20, report_every=2)
    with pytest.raises(DataError, match=f"{MOST_SKIPPED} times in a row, up to step 9.*lower --learning-rate"):
        list(train(partial(ToyTask, broken=tuple(range(5, 20))), tmp_path, loop))
    weights, step = learnt_weights(tmp_path)
    assert step == 6
    assert all(weight.isfinite().all() for weight in weights.values())


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full here to play a full disk")
def test_a_full_disk_is_said_and_leaves_the_last_checkpoint(tmp_path: Path) -> None:
    until(train(ToyTask, tmp_path, LOOP), 3)
    (tmp_path / "checkpoint.tmp").symlink_to("/dev/full")
    with pytest.raises(DataError, match=r"checkpoint.pt cannot be written \(No space left.*kept"):
        list(train(ToyTask, tmp_path, LOOP))
    assert learnt_weights(tmp_path)[1] == 3
    assert not os.path.lexists(tmp_path / "checkpoint.tmp")
    assert [report.step for report in train(ToyTask, tmp_path, LOOP)] == [4, 5, 6]


def test_folders_that_cannot_be_written_are_said_before_anything_is_trained(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(DataError, match="file/run cannot be made"):
        next(train(ToyTask, tmp_path / "file" / "run", LOOP))
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "logs").write_text("")
    with pytest.raises(DataError, match="logs cannot be written"):
        next(train(ToyTask, tmp_path / "run", LOOP))


def test_tensorboard_reads_the_logs_of_both_parts_of_an_interrupted_run(tmp_path: Path) -> None:
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    until(train(partial(ToyTask, (0.5,)), tmp_path, LOOP), 5)
    list(train(partial(ToyTask, (0.4,)), tmp_path, LOOP))
    seen = EventAccumulator(str(tmp_path / "logs")).Reload()
    assert {e.step: e.value for e in seen.Scalars("held_out/error")} == pytest.approx({3: 0.5, 6: 0.4})
    assert [e.step for e in seen.Scalars("train/square")] == [1, 2, 3, 4, 5, 6]
    rates = [e.value for e in seen.Scalars("run/learning_rate")]
    assert rates[1] == pytest.approx(LOOP.learning_rate)
    assert rates[-1] < rates[2]
    assert all(
        event.value > 0 for name in ("gradient_norm", "steps_per_second") for event in seen.Scalars(f"run/{name}")
    )


def test_a_batch_that_cannot_be_shared_evenly_is_refused(tmp_path: Path) -> None:
    three: Any = SimpleNamespace(world_size=3)
    with pytest.raises(DataError, match="that divides 8"):
        next(train_here(ToyTask(), tmp_path, LOOP, three, lambda: False))


def test_what_this_computer_does_not_have_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 0)
    with pytest.raises(DataError, match="--accelerator cpu"):
        next(train(ToyTask, tmp_path, replace(LOOP, accelerator="cuda")))
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 2)
    with pytest.raises(DataError, match="fewer than 4"):
        next(train(ToyTask, tmp_path, replace(LOOP, accelerator="cuda", devices=4)))
    monkeypatch.setitem(sys.modules, "tensorboard", None)
    with pytest.raises(DataError, match=r"megadance-live\[train\]"):
        next(train(ToyTask, tmp_path, LOOP))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("quick", "precision"), [(True, "bf16-mixed"), (False, "32-true")])
def test_bf16_is_chosen_where_the_processor_computes_in_it(
    monkeypatch: pytest.MonkeyPatch, quick: bool, precision: str
) -> None:
    for name in ("_is_amx_tile_supported", "_is_avx512_bf16_supported"):
        monkeypatch.setattr(torch.cpu, name, lambda: quick, raising=False)
    fabric = fabric_for(replace(LOOP, precision="auto"))
    assert fabric._precision.precision == precision
