"""What is measured inside a model: the tokeniser and the cost of a step."""

import numpy as np
import pytest

from models.data.clips import Clip
from models.evaluation.cost import step_cost
from models.evaluation.reconstruction import codebook_use, rebuild
from tests.models.made_up import quats_of, sway
from tests.models.tiny import paper_dancer, tiny_dancer, tiny_tokenizer


def test_rebuilding_gives_errors_of_all_coordinates_and_the_digits_between() -> None:
    poses, trans = sway(240, 15.0)
    clip = Clip("clip", "house", "test", trans, quats_of(poses), np.arange(0, 240, 15, dtype=np.float32), True)
    tokenizer = tiny_tokenizer()
    found = rebuild(tokenizer, clip)
    frames = 4 * (len(found.upper) - tokenizer.config.lookahead_tokens)
    assert found.absolute.count == frames * 24 * 3
    assert 0 < found.absolute.value < 2
    assert found.squared.value >= found.absolute.value**2
    assert found.speed_before.count == found.speed_after.count == frames - 1
    assert 0 < found.speed_before.value < 5
    assert found.upper.shape == found.lower.shape == (len(found.upper), 5)


def test_codebook_use_is_what_can_be_counted_by_hand() -> None:
    even = codebook_use([np.array([[0, 0], [1, 1]]), np.array([[2, 0], [3, 1]])], levels=(4, 4))
    assert even.levels == 0.5
    assert (even.codes, even.tokens) == (4, 4)
    assert even.perplexity == pytest.approx(4.0)
    assert codebook_use([np.zeros((9, 2), np.int64)], levels=(2, 2)).perplexity == pytest.approx(1.0)


def test_both_costs_are_measured_in_one_run() -> None:
    found = step_cost(tiny_dancer(), tokens=3)
    assert found.cached_s is not None
    assert found.cached_s > 0
    assert found.uncached_s > 0
    assert found.saving == found.uncached_s / found.cached_s


def test_what_cannot_be_streamed_has_only_the_one_cost() -> None:
    found = step_cost(paper_dancer(), tokens=2)
    assert found.uncached_s > 0
    assert found.saving is None
