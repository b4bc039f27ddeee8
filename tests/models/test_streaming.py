import pickle
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from megadance_live.core.conditioning import CONDITION_SIZE
from megadance_live.core.dancer import TokenCue
from megadance_live.core.errors import WeightsError
from models.folder import load, save
from models.generator.model import DanceGenerator
from tests.models.tiny import EXPERTS, GENERATOR, tiny_dancer, tiny_generator, tiny_tokenizer

ATOL = 2e-5


def cue(number: int, expert: str = "house", armed: str | None = None, **changes: object) -> TokenCue:
    condition = np.random.default_rng(number).standard_normal(CONDITION_SIZE).astype(np.float32)
    values = {"condition": condition, "bar": number // 15, "slot": number % 15, "slots": 15, "expert": expert}
    return TokenCue(**{**values, "armed": armed, **changes})


def dance(cues: list[TokenCue], state: object = None) -> tuple[list, object]:
    dancer = tiny_dancer()
    state = dancer.initial_state() if state is None else state
    steps = []
    for one in cues:
        step, state = dancer.step(one, state)
        steps.append(step)
    return steps, state


def same(first: list, second: list) -> bool:
    return all(
        np.array_equal(a.tokens.upper, b.tokens.upper)
        and np.array_equal(a.tokens.lower, b.tokens.lower)
        and (a.motion is None) == (b.motion is None)
        and (a.motion is None or np.array_equal(a.motion.quats, b.motion.quats))
        for a, b in zip(first, second, strict=True)
    )


def test_the_first_motion_comes_after_the_look_ahead() -> None:
    steps, _ = dance([cue(i) for i in range(3)])
    assert [step.motion is None for step in steps] == [True, False, False]
    assert steps[1].motion.quats.shape == (4, 24, 4)


def test_generator_steps_are_the_whole_forward_past_its_window() -> None:
    model = tiny_generator()
    length = 3 * model.config.window
    condition = torch.randn(1, length, CONDITION_SIZE)
    upper, lower = torch.randint(5, (1, length, 5)), torch.randint(5, (1, length, 5))
    with torch.no_grad():
        whole_upper, whole_lower = model(condition, upper, lower, torch.tensor([1]))
        state = model.initial_state()
        made = []
        for t in range(length):
            up, low, state = model.step(condition[:, t], upper[:, t], lower[:, t], 1, state)
            made.append((up, low))
        state = model.prefill(condition[:, :-1], upper[:, :-1], lower[:, :-1], 1)
        up, _, _ = model.step(condition[:, -1], upper[:, -1], lower[:, -1], 1, state)
    torch.testing.assert_close(torch.stack([m[0] for m in made], 1), whole_upper, atol=ATOL, rtol=0)
    torch.testing.assert_close(torch.stack([m[1] for m in made], 1), whole_lower, atol=ATOL, rtol=0)
    torch.testing.assert_close(up, whole_upper[:, -1], atol=ATOL, rtol=0)


def test_decoder_chunks_are_the_whole_decoder() -> None:
    half = tiny_tokenizer().lower
    codes = half.fsq.codes(torch.randint(5, (1, 9, 5)))
    cache = half.decoder.initial_cache(1)
    made = []
    with torch.no_grad():
        for part in codes.split([1, 1, 3, 4], dim=1):
            y, cache = half.decode_chunk(part, cache)
            made.append(y)
        whole = half.decode(codes)
    assert whole.shape == (1, 36, 62)
    torch.testing.assert_close(torch.cat(made, 1), whole, atol=ATOL, rtol=0)


def test_a_saved_state_goes_on_bit_for_bit_and_is_never_written_to() -> None:
    cues = [cue(i, armed="krump" if i > 4 else None) for i in range(12)]
    first, _ = dance(cues[:6])
    _, state = dance(cues[:6])
    kept = pickle.dumps(state)
    straight, _ = dance(cues[6:], state)
    again, _ = dance(cues[6:], state)
    restored, _ = dance(cues[6:], pickle.loads(kept))
    assert same(straight, again)
    assert same(straight, restored)
    assert not same(straight, dance(cues[6:])[0])
    assert len(first) == 6


def test_no_token_depends_on_later_music() -> None:
    cues = [cue(i) for i in range(10)]
    changed = [*cues[:6], *[cue(i + 100, bar=c.bar, slot=c.slot) for i, c in enumerate(cues[6:])]]
    assert same(dance(cues)[0][:6], dance(changed)[0][:6])
    assert not same(dance(cues)[0], dance(changed)[0])


def test_an_armed_expert_speaks_as_if_it_had_listened_all_along() -> None:
    """Warmed step by step, or from the recent past at the moment of the switch: the same memory as long as that past
    reaches back to the start."""
    window = tiny_generator().config.window
    early = [cue(i, armed="krump") for i in range(window - 1)]
    late = [cue(i) for i in range(window - 1)]
    switch = [cue(i, expert="krump", looseness=0.2) for i in range(window - 1, window + 12)]
    warmed, _ = dance([*early, *switch])
    cold, _ = dance([*late, *switch])
    for a, b in zip(warmed, cold, strict=True):
        assert np.array_equal(a.tokens.upper, b.tokens.upper)
    straight, _ = dance([*late, *(cue(i, looseness=0.2) for i in range(window - 1, window + 12))])
    assert not same(warmed, straight)


def test_seed_and_looseness_matter_and_arg_max_needs_no_seed() -> None:
    cues = [cue(i) for i in range(8)]
    seeded = [cue(i, seed=1) for i in range(8)]
    greedy = [cue(i, looseness=0.0) for i in range(8)]
    greedy_seeded = [cue(i, looseness=0.0, seed=5) for i in range(8)]
    assert not same(dance(cues)[0], dance(seeded)[0])
    assert same(dance(greedy)[0], dance(greedy_seeded)[0])


def test_tokens_that_are_given_are_danced_and_remembered_as_if_they_had_been_chosen() -> None:
    cues = [cue(i) for i in range(12)]
    chosen, _ = dance(cues)
    given = [replace(one, tokens=step.tokens, seed=7) for one, step in zip(cues[:6], chosen, strict=False)]
    followed, _ = dance([*given, *cues[6:]])
    assert same(chosen, followed)
    moved = replace(cues[6], tokens=chosen[2].tokens)
    elsewhere, _ = dance([*cues[:6], moved, *cues[7:]])
    assert np.array_equal(elsewhere[6].tokens.upper, chosen[2].tokens.upper)
    assert (elsewhere[6].tokens.bar, elsewhere[6].tokens.slot) == (cues[6].bar, cues[6].slot)
    assert same(elsewhere[:6], chosen[:6])
    assert not same(elsewhere[7:], chosen[7:])


def test_an_unknown_expert_is_refused() -> None:
    dancer = tiny_dancer()
    assert dancer.experts == EXPERTS
    with pytest.raises(ValueError, match="tango"):
        dancer.step(cue(0, expert="tango"), dancer.initial_state())


def test_a_dancer_of_a_shorter_condition_reads_its_first_part() -> None:
    torch.manual_seed(0)
    model = DanceGenerator(replace(GENERATOR, condition=54)).eval()
    condition = torch.randn(1, 4, CONDITION_SIZE)
    other = condition.clone()
    other[..., 54:] += 1.0
    upper, lower = torch.randint(5, (1, 4, 5)), torch.randint(5, (1, 4, 5))
    with torch.no_grad():
        first, second, short = (
            model(c, upper, lower, torch.tensor([1])) for c in (condition, other, condition[..., :54])
        )
    for a, b, c in zip(first, second, short, strict=True):
        assert torch.equal(a, b)
        assert torch.equal(a, c)


def test_a_dancer_that_hears_more_than_there_is_is_refused_in_a_sentence(tmp_path: Path) -> None:
    torch.manual_seed(0)
    generator = DanceGenerator(replace(GENERATOR, condition=CONDITION_SIZE + 1))
    save(tmp_path, "tomorrow", tiny_tokenizer(), generator, {})
    with pytest.raises(WeightsError, match="newer"):
        load(tmp_path)
