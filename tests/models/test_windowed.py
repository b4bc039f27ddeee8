import pickle
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from megadance_live.core.dancer import DancerStep, TokenCue
from megadance_live.core.music_frame import FEATURE_COUNT
from megadance_live.engine.rehearsal import rehearse
from models.folder import load, save
from models.representation import motion_of
from models.streaming import StreamingDancer
from models.windowed import WindowedDancer
from tests.models.test_streaming import SWITCHES, cue, same
from tests.models.tiny import GENERATOR, TOKENIZER, paper_dancer, tiny_dancer, tiny_generator, tiny_tokenizer

HEARING: list[dict[str, object]] = [
    {"conditioning": "sampled"},
    {"music_lag_tokens": 1},
    {"conditioning": "sampled", "music_lag_tokens": 1, "phase": False},
]


def heard_cue(number: int, **changes: object) -> TokenCue:
    frame = np.random.default_rng(1000 + number).normal(0, 3, FEATURE_COUNT).astype(np.float32)
    return cue(number, **{"frame": frame, **changes})


def dance(dancer: StreamingDancer | WindowedDancer, cues: list[TokenCue], state: object = None) -> list[DancerStep]:
    state = dancer.initial_state() if state is None else state
    steps = []
    for one in cues:
        step, state = dancer.step(one, state)
        steps.append(step)
    return steps


def state_after(dancer: WindowedDancer, cues: list[TokenCue]) -> object:
    state = dancer.initial_state()
    for one in cues:
        _, state = dancer.step(one, state)
    return state


@pytest.mark.parametrize("changes", SWITCHES + HEARING, ids=str)
def test_with_enough_context_the_window_gives_what_the_caches_give(changes: dict[str, object]) -> None:
    config = replace(GENERATOR, **changes)
    coder = {"quantiser": "vq", "levels": config.levels} if len(config.levels) == 1 else {}
    tokenizer = tiny_tokenizer(config=replace(TOKENIZER, **coder))
    generator = tiny_generator(config=config)
    cues = [heard_cue(number) for number in range(26)]
    streamed = dance(StreamingDancer("one", tokenizer, generator), cues)
    recomputed = dance(WindowedDancer("two", tokenizer, generator, context_tokens=len(cues)), cues)
    for a, b in zip(streamed, recomputed, strict=True):
        assert np.array_equal(a.tokens.upper, b.tokens.upper)
        assert np.array_equal(a.tokens.lower, b.tokens.lower)
        assert (a.motion is None) == (b.motion is None)
        if a.motion is not None and b.motion is not None:
            # Networks that have learnt nothing give directions that are nearly none, which magnifies rounding.
            np.testing.assert_allclose(a.motion.quats, b.motion.quats, atol=1e-3)
            np.testing.assert_allclose(a.motion.height_m, b.motion.height_m, atol=2e-5)


@pytest.mark.parametrize("changes", HEARING, ids=str)
def test_a_dancer_hears_what_it_was_made_to_hear(changes: dict[str, object]) -> None:
    dancer = StreamingDancer("one", tiny_tokenizer(), tiny_generator(config=replace(GENERATOR, **changes)))
    cues = [heard_cue(number) for number in range(16)]
    straight = dance(dancer, cues)
    other_frame = [*cues[:6], *(replace(one, frame=heard_cue(99 + n).frame) for n, one in enumerate(cues[6:]))]
    other_pool = [*cues[:6], *(replace(one, condition=cue(99 + n).condition) for n, one in enumerate(cues[6:]))]
    sampled = changes.get("conditioning") == "sampled"
    first = 6 + int(str(changes.get("music_lag_tokens", 0)))
    frame_matters = not same(straight, dance(dancer, other_frame))
    assert frame_matters == sampled
    heard = dance(dancer, other_frame if sampled else other_pool)
    # With a lag the phase of the pooled condition is heard at once all the same.
    if sampled:
        assert same(straight[:first], heard[:first])
    assert not same(straight, heard)


def test_the_published_dancer_composes_on_every_second_cue_and_dances_two_halves() -> None:
    dancer = paper_dancer()
    assert dancer.lookahead_tokens == 4
    steps = dance(dancer, [heard_cue(number) for number in range(12)])
    assert [step.motion is None for step in steps] == [True] * 4 + [False] * 8
    for first, second in zip(steps[::2], steps[1::2], strict=True):
        assert np.array_equal(first.tokens.upper, second.tokens.upper)
    assert len({tuple(step.tokens.lower) for step in steps}) > 1
    assert steps[4].motion.quats.shape == (4, 24, 4)
    assert not np.array_equal(steps[4].motion.quats, steps[5].motion.quats)


def test_with_all_that_it_needs_of_the_future_a_full_decoder_gives_the_whole_decode() -> None:
    coder = tiny_tokenizer(config=replace(TOKENIZER, token_frames=8, decoder="full", lookahead_tokens=10))
    assert coder.config.reach_tokens == 10
    dancer = WindowedDancer("full", coder, tiny_generator())
    cues = [heard_cue(number) for number in range(80)]
    steps = dance(dancer, cues)
    upper = torch.from_numpy(np.stack([step.tokens.upper for step in steps[::2]]))
    with torch.no_grad():
        whole = coder.upper.decode(coder.upper.quantiser.codes(upper).unsqueeze(0))[0]
        short = coder.upper.decode(coder.upper.quantiser.codes(upper[:29]).unsqueeze(0))[0]
    # What it says after token 28 is token 18, and nothing later changes that.
    torch.testing.assert_close(short[18 * 8 : 19 * 8], whole[18 * 8 : 19 * 8], atol=2e-5, rtol=0)
    lower = torch.from_numpy(np.stack([step.tokens.lower for step in steps[::2]]))
    with torch.no_grad():
        legs = coder.lower.decode(coder.lower.quantiser.codes(lower).unsqueeze(0))[0]
    told = motion_of(whole[18 * 8 : 19 * 8].numpy(), legs[18 * 8 : 19 * 8].numpy())
    shown = np.concatenate([steps[56].motion.quats, steps[57].motion.quats])
    np.testing.assert_allclose(shown, told.quats, atol=2e-5)


def test_its_state_is_a_value() -> None:
    dancer = paper_dancer()
    cues = [heard_cue(number) for number in range(14)]
    for middle in (6, 7):
        state = state_after(dancer, cues[:middle])
        kept = pickle.dumps(state)
        straight = dance(dancer, cues[middle:], state)
        assert same(straight, dance(dancer, cues[middle:], state))
        assert same(straight, dance(dancer, cues[middle:], pickle.loads(kept)))
        assert same(straight, dance(dancer, cues)[middle:])


def test_no_token_depends_on_later_music_and_the_likeliest_needs_no_seed() -> None:
    dancer = paper_dancer()
    cues = [heard_cue(number) for number in range(12)]
    changed = [*cues[:8], *(heard_cue(number + 50, bar=c.bar, slot=c.slot) for number, c in enumerate(cues[8:]))]
    assert same(dance(dancer, cues)[:8], dance(dancer, changed)[:8])
    assert same(dance(dancer, cues), dance(dancer, [replace(one, seed=9) for one in cues]))


def test_tokens_that_are_given_are_danced() -> None:
    dancer = paper_dancer()
    cues = [heard_cue(number) for number in range(12)]
    chosen = dance(dancer, cues)
    given = [replace(one, tokens=step.tokens, frame=None) for one, step in zip(cues[:6], chosen, strict=False)]
    assert same(chosen[:6], dance(dancer, given))


def test_an_unknown_expert_is_refused() -> None:
    dancer = paper_dancer()
    with pytest.raises(ValueError, match="tango"):
        dancer.step(cue(0, expert="tango"), dancer.initial_state())


def test_a_folder_dances_as_its_parts_can(tmp_path: Path) -> None:
    for name, dancer, kind in (("live", tiny_dancer(), StreamingDancer), ("paper", paper_dancer(), WindowedDancer)):
        save(tmp_path / name, name, dancer.tokenizer, dancer.generator, {})
        loaded = load(tmp_path / name)
        assert isinstance(loaded, kind)
        assert loaded.lookahead_tokens == dancer.lookahead_tokens
        assert dance(loaded, [heard_cue(number) for number in range(6)])[-1].motion is not None


def test_the_published_dancer_goes_the_way_of_every_other() -> None:
    """Through the choreography: poses at thirty a second, from two looks-ahead on."""
    rng = np.random.default_rng(0)
    samples = 0.1 * rng.standard_normal((5 * 12_000, 1)).astype(np.float32)
    made = rehearse(paper_dancer(), samples, 12_000, np.arange(0.0, 5.0, 0.5), [(0, "house"), (1, "krump")])
    times = np.array([pose.time_s for pose in made.poses])
    assert len(times) > 90
    assert np.all(np.diff(times) > 0)
    assert np.median(np.diff(times)) == pytest.approx(1 / 30, rel=0.1)
    assert np.isfinite(np.stack([pose.quats for pose in made.poses])).all()
