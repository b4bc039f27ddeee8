"""Late steps are counted, and told once a second at most."""

from megadance_live.engine.late_steps import LateSteps


def test_the_first_is_told_at_once_and_those_that_follow_together() -> None:
    late = LateSteps()
    assert late.note(0.0, 0.0) == ""
    assert late.note(0.012, 1.0) == "a step came up to 12 ms late"
    assert [late.note(0.05 * n, 1.0 + 0.1 * n) for n in range(1, 10)] == [""] * 9
    assert late.note(-0.1, 2.1) == "9 steps came up to 450 ms late"
    assert late.note(-0.1, 9.0) == ""
    assert late.count == 10
