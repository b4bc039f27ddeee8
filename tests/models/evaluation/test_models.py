"""What is measured inside a model: the tokeniser and the cost of a step."""

import numpy as np
import pytest
import torch

from megadance_live.core.dancer import TokenCue
from models.data.clips import Clip
from models.evaluation.cost import recompute, step_cost
from models.evaluation.reconstruction import codebook_use, rebuild
from models.generator.config import GeneratorConfig
from models.generator.stepping import GeneratorStep
from models.streaming import DancerState
from tests.models.made_up import quats_of, sway
from tests.models.tiny import EXPERTS, tiny_dancer, tiny_tokenizer


def test_rebuilding_gives_errors_of_all_coordinates_and_the_digits_between() -> None:
    poses, trans = sway(240, 15.0)
    clip = Clip("clip", "house", "test", trans, quats_of(poses), np.arange(0, 240, 15, dtype=np.float32), True)
    tokenizer = tiny_tokenizer()
    found = rebuild(tokenizer, clip)
    frames = 4 * (len(found.upper) - tokenizer.config.lookahead_tokens)
    assert found.absolute.count == frames * 24 * 3
    assert 0 < found.absolute.value < 2
    assert found.squared.value >= found.absolute.value**2
    assert found.upper.shape == found.lower.shape == (len(found.upper), 5)


def test_codebook_use_is_what_can_be_counted_by_hand() -> None:
    even = codebook_use([np.array([[0, 0], [1, 1]]), np.array([[2, 0], [3, 1]])], levels=(4, 4))
    assert even.levels == 0.5
    assert (even.codes, even.tokens) == (4, 4)
    assert even.perplexity == pytest.approx(4.0)
    assert codebook_use([np.zeros((9, 2), np.int64)], levels=(2, 2)).perplexity == pytest.approx(1.0)


def test_recomputing_the_window_gives_what_the_cached_step_gives() -> None:
    """As long as nothing has left the window."""
    dancer = tiny_dancer()
    state: DancerState = dancer.initial_state()
    rng = np.random.default_rng(0)
    size = GeneratorConfig(experts=EXPERTS).condition
    window = dancer.generator.config.window
    step = GeneratorStep(dancer.generator)
    hidden = None
    for number in range(window):
        cue = TokenCue(rng.normal(size=size).astype(np.float32), 0, number, 15, EXPERTS[0])
        voice = state.speaking.state if state.speaking is not None else step.initial_state()
        with torch.inference_mode():
            hidden = step(torch.from_numpy(cue.condition), state.upper, state.lower, 0, voice)
        _, state = dancer.step(cue, state)
    assert hidden is not None
    again_upper, again_lower, frames, _ = recompute(dancer.generator, step.draw, dancer.tokenizer, state, 0)
    torch.testing.assert_close(again_upper[0], hidden[0], atol=1e-4, rtol=1e-4)
    torch.testing.assert_close(again_lower[0], hidden[1], atol=1e-4, rtol=1e-4)
    assert frames.shape == (1, 4, 90)


def test_both_costs_are_measured_in_one_run() -> None:
    found = step_cost(tiny_dancer(), tokens=3)
    assert found.cached_s > 0
    assert found.uncached_s > 0
