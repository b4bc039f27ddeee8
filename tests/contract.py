"""The one contract test that every streaming stage passes (core/stage.py).

Whole == step by step; again == same; causal by perturbing the future; state saved, restored and continued bit for
bit; the state given is never changed; different without reset.
"""

import dataclasses
import pickle
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

Compare = Callable[[Any, Any], bool]


def same_bits(a: Any, b: Any) -> bool:
    """Whether two values (dataclasses, arrays, containers, numbers) are the same, bit for bit."""
    if type(a) is not type(b):
        return False
    if dataclasses.is_dataclass(a):
        return all(same_bits(getattr(a, f.name), getattr(b, f.name)) for f in dataclasses.fields(a) if f.compare)
    if isinstance(a, np.ndarray):
        return a.dtype == b.dtype and a.shape == b.shape and a.tobytes() == b.tobytes()
    if isinstance(a, list | tuple):
        return len(a) == len(b) and all(same_bits(x, y) for x, y in zip(a, b, strict=True))
    if isinstance(a, dict):
        return a.keys() == b.keys() and all(same_bits(a[k], b[k]) for k in a)
    return bool(a == b)


def run(stage: Any, x: Any, state: Any, sizes: Sequence[int] | None = None) -> tuple[list[Any], Any]:
    """Feed `x` in pieces of the given sizes (cycled; None: all at once) and collect the items of every output."""
    out: list[Any] = []
    at, turn = 0, 0
    while at < len(x):
        size = len(x) - at if sizes is None else sizes[turn % len(sizes)]
        y, state = stage.step(x[at : at + size], state)
        out.extend(y)
        at, turn = at + size, turn + 1
    return out, state


def join(a: Any, b: Any) -> Any:
    """Two inputs one after the other."""
    return np.concatenate([a, b]) if isinstance(a, np.ndarray) else a + b


def verify_contract(
    stage: Any,
    make_input: Callable[[int], Any],
    compare: Compare = same_bits,
    *,
    cuts: Sequence[Sequence[int]] = ((64,), (480,), (1000,), (1, 0, 997, 3, 2048)),
) -> list[Any]:
    """Assert the contract of `stage` and give back its output for `make_input(0)`.

    `make_input(seed)` gives something that can be sliced (array or list), different for each seed and of the same
    length. `stage.step` gives something that can be iterated; its items are compared one by one. `cuts` are cycles of
    piece lengths; where the stage declares a block, they count blocks. A piece of length 0 must be allowed where the
    stage takes any number.
    """
    block = max(stage.spec.block, 1)
    x, other = make_input(0), make_input(1)
    whole, end = run(stage, x, stage.initial_state())
    assert whole, "the input is too short to give any output"
    again, _ = run(stage, x, stage.initial_state())
    assert compare(whole, again), "the same input twice gave different output"

    for sizes in cuts:
        pieces = [size * block for size in sizes]
        stepped, stepped_end = run(stage, x, stage.initial_state(), pieces)
        assert compare(whole, stepped), f"cut into {pieces}, the output differs"
        assert compare(run(stage, other, end), run(stage, other, stepped_end)), f"cut into {pieces}, the state differs"

    half = len(x) // (2 * block) * block
    before, middle = run(stage, x[:half], stage.initial_state())
    other_future, _ = run(stage, join(x[:half], other[half:]), stage.initial_state())
    assert compare(before, whole[: len(before)]), "the output depends on the future"
    assert compare(before, other_future[: len(before)]), "the output depends on the future"
    assert not compare(whole[len(before) :], other_future[len(before) :]), "the output does not depend on the input"

    rest, _ = run(stage, x[half:], middle)
    assert compare(before + rest, whole), "continuing a state differs"
    saved = pickle.dumps(middle)
    run(stage, other, middle)  # an excursion from which the caller comes back
    back, _ = run(stage, x[half:], middle)
    assert compare(rest, back), "step changed the state that it was given"
    restored, _ = run(stage, x[half:], pickle.loads(saved))
    assert compare(rest, restored), "a state that was saved and restored continues differently"

    unreset, _ = run(stage, x, end)
    assert not compare(whole, unreset), "the stage has no memory: without reset, the output is the same"
    return whole
