import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Literal

import numpy as np
import pytest
import torch

from megadance_live.core.conditioning import CONDITION_SIZE, PHASE
from megadance_live.core.errors import DataError, WeightsError
from models import load
from models.data.prepare import prepare
from models.data.prepared import load_prepared
from models.export import export
from models.tokenizer.loss import PACE_FRAMES, tokenizer_loss
from models.training import corruption
from models.training import generator as generator_training
from models.training import tokenizer as tokenizer_training
from models.training.config import LoopConfig
from models.training.generator import GeneratorTask
from models.training.report import Report
from models.training.sampling import clip_weights
from models.training.settings import GeneratorTraining, TokenizerTraining
from models.training.tokenizer import TokenizerTask
from tests.models.made_up import compose, hear, write_data
from tests.models.test_streaming import cue
from tests.models.tiny import GENERATOR, TOKENIZER, tiny_dancer, tiny_tokenizer

LOOP = LoopConfig(steps=8, checkpoint_every=4, report_every=2, warmup_steps=2, precision="32-true", learning_rate=2e-3)
FEW = TokenizerTraining(batch=4)
SETTINGS = GeneratorTraining(batch=4, genres_per_batch=2)
SMALL = replace(GENERATOR, experts=("house", "krump"))


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("prepared")
    list(prepare(write_data(folder / "data", frames=320), folder / "out", compose, hear, renders=2))
    return folder / "out"


@pytest.fixture(scope="module")
def trained(prepared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    run = tmp_path_factory.mktemp("run")
    list(tokenizer_training.train_tokenizer(prepared, run, TOKENIZER, LOOP, FEW))
    coder = tokenizer_training.load_tokenizer(run)
    list(generator_training.train_generator(prepared, coder, run / "generator", SMALL, LOOP, SETTINGS))
    return run


def interrupted(reports: Iterator[Report], after: int) -> None:
    for report in reports:
        if report.step >= after and report.held_out is not None:
            return


@pytest.mark.parametrize("quantiser", ["fsq", "vq"])
def test_a_decoder_can_go_on_learning_while_all_tokens_stay(
    quantiser: Literal["fsq", "vq"], prepared: Path, tmp_path: Path
) -> None:
    config = replace(TOKENIZER, quantiser=quantiser)
    list(tokenizer_training.train_tokenizer(prepared, tmp_path, config, LOOP, FEW))
    before = tokenizer_training.load_tokenizer(tmp_path)
    run = tmp_path / "further"
    list(tokenizer_training.train_tokenizer(prepared, run, TOKENIZER, LOOP, FEW, decoder_of=tmp_path))
    after = tokenizer_training.load_tokenizer(run)
    clip = load_prepared(prepared)[0]
    upper, lower = torch.from_numpy(clip.upper), torch.from_numpy(clip.lower)
    for told, said in zip(before.tokens(upper, lower), after.tokens(upper, lower), strict=True):
        assert torch.equal(told, said)
    with torch.no_grad():
        assert not torch.equal(before(upper, lower).upper, after(upper, lower).upper)


def test_the_tokeniser_learns_and_reports_held_out_figures(prepared: Path, tmp_path: Path) -> None:
    loop = replace(LOOP, steps=40, checkpoint_every=20, ema_decay=0.8)
    reports = list(tokenizer_training.train_tokenizer(prepared, tmp_path, TOKENIZER, loop, FEW))
    assert [r.step for r in reports if r.held_out is not None] == [20, 40]
    assert reports[-1].parts["loss"] < 0.8 * reports[0].parts["loss"]
    assert reports[-1].held_out is not None
    assert 0 < reports[-1].held_out["mae_m"] < 0.3


def test_an_interrupted_training_ends_in_the_same_weights(prepared: Path, tmp_path: Path) -> None:
    list(tokenizer_training.train_tokenizer(prepared, tmp_path / "a", TOKENIZER, LOOP, FEW))
    interrupted(tokenizer_training.train_tokenizer(prepared, tmp_path / "b", TOKENIZER, LOOP, FEW), 4)
    list(tokenizer_training.train_tokenizer(prepared, tmp_path / "b", TOKENIZER, LOOP, FEW))
    first = tokenizer_training.load_tokenizer(tmp_path / "a").state_dict()
    second = tokenizer_training.load_tokenizer(tmp_path / "b").state_dict()
    for name, tensor in first.items():
        assert torch.equal(tensor, second[name]), name


def test_a_checkpoint_of_another_model_is_refused(prepared: Path, trained: Path) -> None:
    other = replace(TOKENIZER, token_width=20)
    with pytest.raises(DataError, match="of another model or broken"):
        list(tokenizer_training.train_tokenizer(prepared, trained, other, LOOP, FEW))


@pytest.mark.parametrize("rubbish", [b"", b"rubbish", b"PK\x03\x04 rubbish"])
def test_broken_checkpoints_and_trainings_are_said_in_a_sentence(
    prepared: Path, trained: Path, tmp_path: Path, rubbish: bytes
) -> None:
    (tmp_path / "checkpoint.pt").write_bytes(rubbish)
    with pytest.raises(DataError, match="of another model or broken"):
        list(tokenizer_training.train_tokenizer(prepared, tmp_path, TOKENIZER, LOOP, FEW))
    (tmp_path / "tokenizer.json").write_bytes((trained / "tokenizer.json").read_bytes())
    (tmp_path / "tokenizer.pt").write_bytes(rubbish)
    with pytest.raises(DataError, match="holds no trained tokeniser"):
        tokenizer_training.load_tokenizer(tmp_path)


def test_the_loss_is_nothing_for_a_perfect_reconstruction_and_sees_every_fault() -> None:
    generator = torch.Generator().manual_seed(0)
    upper = torch.randn(2, 12, 90, generator=generator)
    lower = torch.randn(2, 12, 62, generator=generator)
    lower[..., -4:] = (lower[..., -4:] > 0).float()
    lower[..., 55:57] = 0
    trust = torch.ones(2)
    perfect, parts = tokenizer_loss(upper, lower, upper, lower, trust)
    for name in ("pose", "joints", "height", "root", "path", "mae_m"):
        assert float(parts[name]) < 1e-5, name
    for channel in (0, 54, 55, 57):
        worse = lower.clone()
        worse[:, 5, channel] += 0.5
        assert float(tokenizer_loss(upper, worse, upper, lower, trust)[0]) > float(perfect) + 1e-3


def test_untrusted_travel_weighs_less() -> None:
    upper, lower = torch.randn(1, 12, 90), torch.zeros(1, 12, 62)
    lower[..., :54] = torch.randn(1, 12, 54)
    moved = lower.clone()
    moved[..., 55] += 0.1
    trusted = tokenizer_loss(upper, moved, upper, lower, torch.ones(1))[0]
    doubted = tokenizer_loss(upper, moved, upper, lower, torch.full((1,), 0.1))[0]
    assert float(doubted) < 0.5 * float(trusted)


def test_history_is_shifted_corrupted_within_levels_and_conditions_are_withheld() -> None:
    levels = torch.tensor([7, 5])
    generator = torch.Generator().manual_seed(0)
    digits = (torch.rand(64, 30, 2, generator=generator) * levels).long()
    shifted = generator_training.before(digits, levels)
    assert torch.equal(shifted[:, 1:], digits[:, :-1])
    assert (shifted[:, 0] == levels).all()
    changed = corruption.corrupt(digits, levels, SETTINGS, generator)
    assert ((changed >= 0) & (changed < levels)).all()
    rate = (changed != digits).float().mean((1, 2))
    assert 0.2 < (rate == 0).float().mean() < 0.6
    assert 0.02 < rate.mean() < 0.15
    condition = torch.ones(400, 5, CONDITION_SIZE)
    dropped = corruption.drop_conditions(condition, SETTINGS, generator)
    silent = torch.from_numpy(np.delete(dropped[:, 0].numpy(), PHASE, axis=1).sum(-1) == 0)
    assert 0.05 < silent.float().mean() < 0.25
    assert (dropped[silent, :, 53] == 1).all()
    assert (condition == 1).all()


def test_the_generator_trains_on_every_genre_and_refuses_unknown_ones(prepared: Path, trained: Path) -> None:
    model = generator_training.load_generator(trained / "generator")
    assert model.config.experts == ("house", "krump")
    coder = tokenizer_training.load_tokenizer(trained)
    config = replace(SMALL, experts=("house",))
    with pytest.raises(DataError, match="krump"):
        next(generator_training.train_generator(prepared, coder, trained / "x", config, LOOP, SETTINGS))


def test_an_exported_model_dances_and_says_what_it_is(prepared: Path, trained: Path, tmp_path: Path) -> None:
    facts = export(prepared, trained, trained / "generator", tmp_path / "model", "tiny")
    assert set(facts) == {"train", "test", "levels_used"}
    dancer = load(tmp_path / "model")
    assert (dancer.name, dancer.experts) == ("tiny", ("house", "krump"))
    state = dancer.initial_state()
    for number in range(3):
        step, state = dancer.step(cue(number), state)
    assert step.motion is not None
    assert np.isfinite(step.motion.quats).all()
    card = (tmp_path / "model" / "README.md").read_text(encoding="utf-8")
    for words in ("sources were not written down: house", "Not chosen yet", str(facts["test"]["joint_mae_m"])):
        assert words in card


def test_half_precision_weights_dance_like_the_trained_ones(prepared: Path, trained: Path, tmp_path: Path) -> None:
    export(prepared, trained, trained / "generator", tmp_path / "model", "tiny")
    coder = tokenizer_training.load_tokenizer(trained)
    codes = coder.upper.quantiser.codes(torch.randint(5, (1, 6, 5)))
    stored = load(tmp_path / "model")._tokenizer  # type: ignore[attr-defined]
    with torch.no_grad():
        torch.testing.assert_close(stored.upper.decode(codes), coder.upper.decode(codes), atol=0.01, rtol=0.01)


def test_missing_broken_and_foreign_weights_are_each_said_in_a_sentence(
    prepared: Path, trained: Path, tmp_path: Path
) -> None:
    with pytest.raises(WeightsError, match="holds no model"):
        load(tmp_path)
    folder = tmp_path / "model"
    export(prepared, trained, trained / "generator", folder, "tiny")
    weights, config = folder / "model.safetensors", folder / "config.json"
    whole, described = weights.read_bytes(), json.loads(config.read_text(encoding="utf-8"))
    weights.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(WeightsError, match="broken"):
        load(folder)
    weights.unlink()
    with pytest.raises(WeightsError, match="is missing"):
        load(folder)
    weights.write_bytes(whole)
    for change, words in (({"format": 99}, "format 99"), ({"tokenizer": {"wings": 2}}, "does not fit")):
        config.write_text(json.dumps({**described, **change}), encoding="utf-8")
        with pytest.raises(WeightsError, match=words):
            load(folder)
    config.write_text("{", encoding="utf-8")
    with pytest.raises(WeightsError, match="cannot be read"):
        load(folder)


def test_a_dancer_that_has_not_learnt_anything_still_gives_poses() -> None:
    dancer = tiny_dancer()
    state = dancer.initial_state()
    for number in range(40):
        step, state = dancer.step(cue(number), state)
    assert step.motion is not None
    lengths = np.linalg.norm(step.motion.quats, axis=-1)
    np.testing.assert_allclose(lengths, 1.0, atol=1e-4)


def test_genres_are_evened_out_and_lively_clips_drawn_more_often(prepared: Path) -> None:
    clips = load_prepared(prepared)
    house = [clip for clip in clips if clip.genre == "house"]
    still = [replace(clip, upper=clip.upper * 0.01, lower=clip.lower * 0.01) for clip in house[:1]]
    weights = clip_weights([*still, *clips], genre_power=0.0, activity_power=1.5)
    genres = [clip.genre for clip in [*still, *clips]]
    share = {g: sum(float(w) for w, name in zip(weights, genres, strict=True) if name == g) for g in set(genres)}
    assert share["house"] == pytest.approx(share["krump"], rel=1e-5)
    assert float(weights[0]) < 0.01 * float(weights[1:].max())


def test_history_slips_against_the_bar_and_is_forgotten_but_never_for_all() -> None:
    generator = torch.Generator().manual_seed(0)
    offsets = corruption.slips(400, 48, SETTINGS, generator)
    assert offsets.min() == corruption.SLIPS[0]
    assert offsets.max() == corruption.SLIPS[1]
    assert 0.3 < (offsets == 0).all(1).float().mean() < 0.6
    changes = (offsets.diff(dim=1) != 0).float().mean()
    assert 0.01 < changes < 0.1
    history = torch.arange(10).view(1, 10, 1)
    moved = corruption.slip(history, torch.tensor([[0, 0, -3, 0, 1, 1, 0, -1, 0, 1]]))
    assert moved.flatten().tolist() == [0, 1, 0, 3, 5, 6, 6, 6, 8, 9]
    start = corruption.since(SETTINGS.forgetful, 400, 48, generator)
    assert 0.7 < (start == 0).float().mean() < 0.9
    forgotten = corruption.forget(history, torch.tensor([4]), torch.tensor([99]))
    assert forgotten.flatten().tolist() == [99, 99, 99, 99, 4, 5, 6, 7, 8, 9]
    two = torch.stack([history[0], 100 + history[0]])
    taken_over = corruption.estrange(two, torch.tensor([3, 0]), torch.tensor([1, 0]))
    assert taken_over[0].flatten().tolist() == [100, 101, 102, 3, 4, 5, 6, 7, 8, 9]
    assert torch.equal(taken_over[1], two[1])


@pytest.mark.parametrize(
    ("changes", "settings", "parts"),
    [
        ({"quantiser": "vq"}, {}, {"commitment", "joints"}),
        ({"token_frames": 8, "decoder": "full", "lookahead_tokens": 8}, {"vary": False}, {"joints"}),
        ({}, {"kinematic": False}, set()),
    ],
    ids=str,
)
def test_every_tokeniser_of_the_paper_trains(
    prepared: Path, changes: dict[str, object], settings: dict[str, object], parts: set[str]
) -> None:
    task = TokenizerTask(prepared, replace(TOKENIZER, **changes), 0, replace(FEW, **settings))
    loss, told = task.loss(task.batch(torch.Generator().manual_seed(0)))
    loss.backward()
    assert torch.isfinite(loss)
    kinematic = {"joints", "path", "slide", "pace"}
    assert ({"commitment"} | kinematic) & set(told) == parts | (kinematic if "joints" in parts else set())
    assert all(part.grad is not None for part in task.model.parameters())
    held_out = task.evaluate(task.model.eval())
    assert np.isfinite(list(held_out.values())).all()


def test_without_the_dynamic_loss_only_places_are_compared() -> None:
    upper, lower = torch.zeros(1, 6, 90), torch.zeros(1, 6, 62)
    jerky = upper.clone()
    jerky[:, ::2] += 0.1
    even = upper + 0.05
    travel = torch.ones(1)
    for dynamic, same in ((True, False), (False, True)):
        first, second = (
            tokenizer_loss(made, lower, upper, lower, travel, kinematic=False, dynamic=dynamic)[1]["pose"]
            for made in (jerky, even)
        )
        assert (abs(float(first - second)) < 1e-6) == same


def test_who_moves_less_pays_for_the_pace() -> None:
    """Half as far either way is half as fast; late by half a period is as fast as it was, wherever it is."""
    frames = 4 * PACE_FRAMES
    lower, travel = torch.zeros(1, frames, 62), torch.ones(1)
    angles = 0.5 * torch.sin(torch.arange(frames) * 2 * torch.pi / PACE_FRAMES)

    def bowing(share: float) -> torch.Tensor:
        turned = torch.zeros(1, frames, 15, 6)
        turned[..., 0] = 1.0
        turned[..., 4], turned[..., 5] = (part(share * angles)[:, None] for part in (torch.cos, torch.sin))
        return turned.flatten(2)

    whole, half, late = bowing(1.0), bowing(0.5), bowing(-1.0)
    standing = lower.clone()
    standing[..., 0:54:6], standing[..., 4:54:6] = 1.0, 1.0
    costs = [
        float(tokenizer_loss(made, standing, whole, standing, travel, pace=20.0)[1]["pace"])
        for made in (whole, half, late)
    ]
    assert costs[0] == 0.0
    assert costs[1] > 0.02
    assert costs[2] < 0.02 * costs[1]
    assert "pace" not in tokenizer_loss(half, standing, whole, standing, travel)[1]


def test_jerk_costs_what_it_is_weighed_with() -> None:
    upper, lower, travel = torch.zeros(1, 12, 90), torch.zeros(1, 12, 62), torch.ones(1)
    # A parabola has an acceleration, and no jerk; a step in the middle has both.
    bent = upper + 0.001 * torch.arange(12.0).square().view(1, 12, 1)
    stepped = upper.clone()
    stepped[:, 6:] += 0.01
    for made, costs in ((bent, False), (stepped, True)):
        without, once, twice = (
            float(tokenizer_loss(made, lower, upper, lower, travel, kinematic=False, jerk=jerk)[1]["pose"])
            for jerk in (0.0, 1.0, 2.0)
        )
        assert (once - without > 1e-4) == costs
        assert twice - once == pytest.approx(once - without, abs=1e-5)


@pytest.mark.parametrize(
    ("coder", "changes"),
    [
        ({}, {"conditioning": "sampled"}),
        ({"token_frames": 8, "decoder": "full"}, {"music_lag_tokens": 1, "digits": "independent", "phase": False}),
        ({"quantiser": "vq"}, {"attention": "causal", "mamba": False}),
        ({}, {"specialised": False}),
        ({}, {"universal": False}),
    ],
    ids=str,
)
def test_every_generator_of_the_paper_trains(
    prepared: Path, coder: dict[str, object], changes: dict[str, object]
) -> None:
    tokenizer = tiny_tokenizer(config=replace(TOKENIZER, **coder))
    config = replace(SMALL, levels=tokenizer.config.digit_levels, **changes)
    task = GeneratorTask(prepared, tokenizer, config, 0, replace(SETTINGS, window_tokens=20))
    loss, _ = task.loss(task.batch(torch.Generator().manual_seed(0)))
    loss.backward()
    assert torch.isfinite(loss)
    held_out = task.evaluate(task.model.eval())
    assert np.isfinite(list(held_out.values())).all()


def test_a_clip_is_heard_as_the_dancer_will_hear_it(prepared: Path) -> None:
    clip = load_prepared(prepared)[0]
    pooled, late, halved = (
        generator_training.tokenise(clip, tiny_tokenizer(config=replace(TOKENIZER, **coder)), replace(SMALL, **changes))
        for coder, changes in (
            ({}, {}),
            ({}, {"music_lag_tokens": 1}),
            ({"token_frames": 8, "lookahead_tokens": 0}, {}),
        )
    )
    phase = torch.zeros(CONDITION_SIZE, dtype=torch.bool)
    phase[PHASE] = True
    assert torch.equal(late.condition[:, 1:, ~phase], pooled.condition[:, :-1, ~phase])
    assert torch.equal(late.condition[..., phase], pooled.condition[..., phase])
    assert (late.condition[:, 0, ~phase] == 0).all()
    assert halved.tokens == pooled.tokens // 2 == halved.condition.shape[1]
    assert torch.equal(halved.condition[..., phase], pooled.condition[:, : 2 * halved.tokens : 2, phase])
