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
from models.generator.config import GeneratorConfig
from models.generator.model import DanceGenerator
from models.generator.stepping import GeneratorStep
from models.streaming import StreamingDancer
from models.tokenizer.stepping import DecoderStep
from tests.models.tiny import EXPERTS, GENERATOR, TOKENIZER, tiny_dancer, tiny_generator, tiny_tokenizer

ATOL = 2e-5

SWITCHES: list[dict[str, object]] = [
    {},
    {"attention": "causal"},
    {"universal": False},
    {"specialised": False},
    {"mamba": False},
    {"mamba": False, "specialised": False, "attention": "causal"},
    {"digits": "independent"},
    {"phase": False},
    {"levels": (60,)},
]
"""What a generator can be without, or have otherwise."""


def cue(number: int, expert: str = "house", **changes: object) -> TokenCue:
    condition = np.random.default_rng(number).standard_normal(CONDITION_SIZE).astype(np.float32)
    values = {"condition": condition, "bar": number // 15, "slot": number % 15, "slots": 15, "expert": expert}
    return TokenCue(**{**values, **changes})


def dance(cues: list[TokenCue], state: object = None, config: GeneratorConfig = GENERATOR) -> tuple[list, object]:
    dancer = StreamingDancer("tiny", tiny_tokenizer(), tiny_generator(config=config))
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


def same_generator(config: GeneratorConfig) -> None:
    """Steps, and a history listened to and gone on from, give what the whole sequence gives."""
    model = tiny_generator(config=config)
    length, count = 3 * config.window, len(config.levels)
    condition = torch.randn(1, length, CONDITION_SIZE)
    upper, lower = torch.randint(5, (1, length, count)), torch.randint(5, (1, length, count))
    step = GeneratorStep(model)
    with torch.no_grad():
        whole_upper, whole_lower = model(condition, upper, lower, torch.tensor([1]))
        state = step.initial_state()
        made = []
        for t in range(length):
            up, low, state = step(condition[0, t], upper[0, t], lower[0, t], 1, state)
            made.append((up, low))
        state = model.prefill(condition[:, :-1], upper[:, :-1], lower[:, :-1], 1)
        up, _, _ = step(condition[0, -1], upper[0, -1], lower[0, -1], 1, state)
    torch.testing.assert_close(torch.stack([m[0] for m in made]), whole_upper[0], atol=ATOL, rtol=0)
    torch.testing.assert_close(torch.stack([m[1] for m in made]), whole_lower[0], atol=ATOL, rtol=0)
    torch.testing.assert_close(up, whole_upper[0, -1], atol=ATOL, rtol=0)


@pytest.mark.parametrize("changes", SWITCHES, ids=str)
def test_generator_steps_are_the_whole_forward_past_its_window(changes: dict[str, object]) -> None:
    same_generator(replace(GENERATOR, **changes))


@pytest.mark.parametrize("changes", [{}, {"token_frames": 8}, {"quantiser": "vq"}], ids=str)
def test_decoder_chunks_are_the_whole_decoder(changes: dict[str, object]) -> None:
    coder = tiny_tokenizer(config=replace(TOKENIZER, **changes))
    config = coder.config
    upper, lower = (torch.randint(5, (9, len(config.digit_levels))) for _ in range(2))
    decode = DecoderStep(coder)
    cache = decode.initial_cache()
    made = []
    with torch.no_grad():
        for part in (slice(0, 1), slice(1, 2), slice(2, 5), slice(5, 9)):
            *halves, cache = decode(upper[part], lower[part], cache)
            made.append(halves)
        for half, index, digits in ((coder.upper, 0, upper), (coder.lower, 1, lower)):
            whole = half.decode(half.quantiser.codes(digits).unsqueeze(0))
            assert whole.shape[1] == 9 * config.token_frames
            torch.testing.assert_close(torch.cat([m[index] for m in made]), whole[0], atol=ATOL, rtol=0)


def test_the_draw_of_a_step_follows_the_distribution_of_the_whole() -> None:
    """Where the temperature is 0, each digit is the likeliest given those before it."""
    for digits in ("chain", "independent"):
        model = tiny_generator(config=replace(GENERATOR, digits=digits))
        draw = GeneratorStep(model).draw
        lower, upper = torch.randn(GENERATOR.model), torch.randn(GENERATOR.model)
        with torch.inference_mode():
            drawn = draw(lower, upper, np.zeros(10, np.float32), 0.0)
            told = model.head(*(x.view(1, 1, -1) for x in (lower, upper, *drawn)))
        for half, logits in zip(drawn, told, strict=True):
            assert [int(one.argmax()) for one in logits] == half.tolist()


def test_a_saved_state_goes_on_bit_for_bit_and_is_never_written_to() -> None:
    cues = [cue(i, "krump" if i > 8 else "house") for i in range(12)]
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


def phrased(cues: list[TokenCue], state: object = None) -> tuple[list, object]:
    """Danced in phrases of two bars, of which each knows three tokens of the one before."""
    return dance(cues, state, replace(GENERATOR, phrase_bars=2, carried_tokens=3))


def memory(state: object) -> torch.Tensor:
    """Of the first Mambas."""
    return state.speaking.state.layers[0].mambas.ssm  # type: ignore[attr-defined]


def tokens(steps: list) -> list:
    return [(*step.tokens.upper, *step.tokens.lower) for step in steps]


@pytest.mark.parametrize("switch", [False, True])
def test_a_phrase_knows_only_the_last_tokens_of_what_was_danced_before(switch: bool) -> None:
    """A phrase begins with every second bar, and where another expert takes over."""
    begins = 20 if switch else 30
    expert = "krump" if switch else "house"
    first = [cue(i) for i in range(begins)]
    heard_otherwise = [cue(i + 1000, bar=i // 15, slot=i % 15) for i in range(begins - 4)] + first[begins - 4 :]
    carried = phrased(first)[0][-4:]
    after = [cue(i, expert) for i in range(begins, begins + 8)]
    told = [replace(one, tokens=step.tokens) for one, step in zip(first[-4:], carried, strict=True)]
    steps, state = phrased(first)
    others, other = phrased([*heard_otherwise[:-4], *told])
    assert tokens(steps[:-4]) != tokens(others[:-4])
    assert tokens(phrased(after, state)[0]) == tokens(phrased(after, other)[0])
    memories = [memory(phrased(after[:1], start)[1]) for start in (state, other)]
    assert torch.equal(*memories)
    endless = [memory(dance(after[:1], dance(cues)[1])[1]) for cues in (first, [*heard_otherwise[:-4], *told])]
    assert not torch.equal(*endless)


def test_a_fresh_beginning_knows_nothing_of_what_was_danced_before_but_moves_on_from_it() -> None:
    fresh = replace(GENERATOR, fresh_bars=2)
    after = [cue(i) for i in range(30, 38)]
    first, second = (
        dance(after, dance([cue(i + seed, bar=i // 15, slot=i % 15) for i in range(30)], None, fresh)[1], fresh)[0]
        for seed in (0, 1000)
    )
    assert tokens(first) == tokens(second) == tokens(dance(after, None, fresh)[0])
    assert not np.array_equal(first[0].motion.quats, second[0].motion.quats)


def test_within_a_phrase_all_of_it_is_known() -> None:
    first, after = [cue(i) for i in range(10)], [cue(i) for i in range(10, 18)]
    assert tokens(phrased(first + after)[0]) == tokens(dance(first + after)[0])


def test_a_state_saved_before_a_phrase_begins_goes_on_bit_for_bit() -> None:
    cues = [cue(i, "krump" if i > 40 else "house") for i in range(50)]
    straight, _ = phrased(cues)
    for at in (27, 30, 41):
        _, state = phrased(cues[:at])
        assert same(straight[at:], phrased(cues[at:], pickle.loads(pickle.dumps(state)))[0])


def test_no_token_depends_on_later_music() -> None:
    cues = [cue(i) for i in range(10)]
    changed = [*cues[:6], *[cue(i + 100, bar=c.bar, slot=c.slot) for i, c in enumerate(cues[6:])]]
    assert same(dance(cues)[0][:6], dance(changed)[0][:6])
    assert not same(dance(cues)[0], dance(changed)[0])


def test_an_expert_that_takes_over_has_heard_what_was_danced_before() -> None:
    window = tiny_generator().config.window
    before = [cue(i) for i in range(window - 1)]
    otherwise = [cue(i + 1000, bar=i // 15, slot=i % 15) for i in range(window - 1)]
    switch = [cue(i, expert="krump", looseness=0.2) for i in range(window - 1, window + 12)]
    after, after_others = (memory(dance(switch[:1], dance(cues)[1])[1]) for cues in (before, otherwise))
    assert not torch.equal(after, after_others)
    straight, _ = dance([*before, *(cue(i, looseness=0.2) for i in range(window - 1, window + 12))])
    assert not same(dance([*before, *switch])[0], straight)


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


def test_without_the_specialised_expert_a_switch_changes_nothing() -> None:
    generator = tiny_generator(config=replace(GENERATOR, specialised=False))
    dancer = StreamingDancer("one for all", tiny_tokenizer(), generator)
    straight = [cue(i) for i in range(14)]
    switched = [cue(i, "krump" if i >= 8 else "house") for i in range(14)]
    made = []
    for cues in (straight, switched):
        state, steps = dancer.initial_state(), []
        for one in cues:
            step, state = dancer.step(one, state)
            steps.append(step)
        made.append(steps)
    assert same(*made)
