import numpy as np
import pytest

from megadance_live.core.music_frame import BREAK, BUILD, DROP, ENERGY_BAR, F32, FEATURE_COUNT
from megadance_live.motion.dynamics import dynamic


def heard(bar: float = 1.0, build: float = 0.0, drop: float = 0.0, gone: float = 0.0) -> F32:
    frame = np.zeros(FEATURE_COUNT, np.float32)
    frame[[ENERGY_BAR, BUILD, DROP, BREAK]] = bar, build, drop, gone
    return frame


def test_the_dance_is_smaller_in_a_break_and_larger_on_a_drop_and_grows_with_a_build() -> None:
    usual = dynamic(1.0, heard(), 1.0)
    assert dynamic(1.0, heard(gone=1.0), 1.0) < 0.5 * usual
    assert dynamic(1.0, heard(bar=0.2), 1.0) < 0.6 * usual
    assert dynamic(1.0, heard(drop=1.0), 1.0) > 1.3 * usual
    builds = [dynamic(1.0, heard(build=build), 1.0) for build in (0.0, 0.5, 1.0)]
    assert builds == sorted(builds)
    assert builds[2] > usual


def test_usual_music_is_danced_as_asked() -> None:
    for bar in (0.75, 0.9, 1.0):
        assert dynamic(1.3, heard(bar=bar), 1.0) == pytest.approx(1.3, abs=1e-6)


@pytest.mark.parametrize("asked", [0.0, 0.7, 2.0])
def test_without_dynamics_whatever_is_heard_is_danced_as_asked_and_never_beyond_the_fader(asked: float) -> None:
    everything = heard(bar=0.0, build=1.0, drop=1.0, gone=1.0)
    assert dynamic(asked, everything, 0.0) == asked
    assert 0.0 <= dynamic(asked, heard(drop=1.0, build=1.0), 1.0) <= 2.0
