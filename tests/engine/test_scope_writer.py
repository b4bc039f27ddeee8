"""Meters, waveform and onsets of what is heard."""

import numpy as np
import pytest

from megadance_live.core.audio_block import AudioBlock
from megadance_live.core.music_frame import FEATURE_COUNT, ONSET, MusicFrame
from megadance_live.engine.scope_writer import ScopeWriter, Waveform
from megadance_live.engine.stream_time import StreamTime

TIME = StreamTime(offset_s=1000.0)


class Sink:
    """Writes down what is drawn."""

    def __init__(self) -> None:
        self.drawn_levels: list[tuple[np.ndarray, np.ndarray, int]] = []
        self.lowest: list[float] = []
        self.highest: list[float] = []
        self.ends_s: list[float] = []
        self.onsets: list[tuple[float, float]] = []

    def levels(self, peak: np.ndarray, rms: np.ndarray, clipped: int) -> None:
        self.drawn_levels.append((peak, rms, clipped))

    def columns(self, lowest: np.ndarray, highest: np.ndarray, end_s: float) -> None:
        self.lowest += lowest.tolist()
        self.highest += highest.tolist()
        self.ends_s.append(end_s)

    def onset(self, time_s: float, strength: float) -> None:
        self.onsets.append((time_s, strength))


def _draw(samples: np.ndarray, rate_hz: int, cuts: list[int], gain_db: float = 0.0) -> Sink:
    sink = Sink()
    writer = ScopeWriter(sink, rate_hz)
    at, turn = 0, 0
    while at < len(samples):
        piece = samples[at : at + cuts[turn % len(cuts)]]
        writer.write(AudioBlock(piece, rate_hz, at, 1000.0), gain_db, None, TIME)
        at, turn = at + len(piece), turn + 1
    return sink


@pytest.mark.parametrize("rate_hz", [48_000, 44_100, 16_000])
@pytest.mark.parametrize("cuts", [[480], [1, 7, 2_048, 333], [100_000]])
def test_there_are_120_columns_in_a_second_however_the_audio_is_cut(rate_hz: int, cuts: list[int]) -> None:
    samples = np.random.default_rng(0).uniform(-0.9, 0.9, (3 * rate_hz, 2)).astype(np.float32)
    sink = _draw(samples, rate_hz, cuts)
    assert len(sink.lowest) == len(sink.highest) == 360
    assert sink.ends_s[-1] == pytest.approx(1003.0)
    for column in (0, 1, 100, 359):
        inside = samples[-(-column * rate_hz // 120) : -(-(column + 1) * rate_hz // 120)]
        assert (sink.lowest[column], sink.highest[column]) == (inside.min(), inside.max())


def test_the_end_of_the_newest_column_is_told_in_host_time() -> None:
    sink = _draw(np.zeros((1_000, 1), np.float32), 48_000, [100])
    assert sink.ends_s == pytest.approx([1000.0 + 1 / 120, 1000.0 + 2 / 120])


@pytest.mark.parametrize(("lost_s", "silent"), [(0.5, 60), (60.0, 1_024)])
def test_what_was_lost_is_silence_in_the_waveform(lost_s: float, silent: int) -> None:
    loud = np.ones((1, 4_800), np.float32)
    waveform = Waveform(48_000)
    columns, waveform = waveform.heard(loud, 0)
    assert (columns.lowest == 1).all()
    start = 4_800 + round(lost_s * 48_000)
    columns, waveform = waveform.heard(loud, start)
    assert (columns.lowest[:silent] == 0).all()
    assert (columns.lowest[silent:] == 1).all()
    assert len(columns.lowest) == silent + 12
    assert columns.end == start + 4_800


def test_a_stream_may_begin_between_two_columns() -> None:
    columns, waveform = Waveform(48_000).heard(np.ones((2, 500), np.float32), 100)
    assert (len(columns.lowest), columns.end) == (1, 400)
    assert len(waveform.lowest) == 200


def test_meters_show_what_is_heard_after_the_gain() -> None:
    samples = np.zeros((480, 2), np.float32)
    samples[:, 0] = 0.25
    samples[7, 1] = -0.5
    ((peak, rms, clipped),) = _draw(samples, 48_000, [480], gain_db=6.0206).drawn_levels
    assert peak == pytest.approx([0.5, 1.0], abs=1e-4)
    assert rms[0] == pytest.approx(0.5, abs=1e-4)
    assert clipped == 1
    ((peak, _, _),) = _draw(samples[:, :1], 48_000, [480]).drawn_levels
    assert peak.tolist() == [0.25, 0.25]


def test_what_came_in_clipped_stays_clipped_however_far_it_is_turned_down() -> None:
    samples = np.full((480, 2), 32_767 / 32_768, np.float32)
    ((peak, _, clipped),) = _draw(samples, 48_000, [480], gain_db=-12.0).drawn_levels
    assert peak[0] == pytest.approx(0.251, abs=1e-3)
    assert clipped == 960


def test_an_onset_is_where_its_strength_rises() -> None:
    sink = Sink()
    writer = ScopeWriter(sink, 48_000)
    block = AudioBlock(np.zeros((10, 2), np.float32), 48_000, 0, 1000.0)
    for index, strength in enumerate([0.0, 0.9, 0.9, 0.95, 0.1, 0.1, 0.6]):
        features = np.zeros(FEATURE_COUNT, np.float32)
        features[ONSET] = 3.0 * strength
        frame = MusicFrame(index, index / 30, features, False)
        for _ in range(2):  # several blocks fall into one frame
            writer.write(block, 0.0, frame, TIME)
    assert [time_s for time_s, _ in sink.onsets] == pytest.approx([1000.0 + 1 / 30, 1000.0 + 6 / 30])
    assert [strength for _, strength in sink.onsets] == pytest.approx([0.9, 0.6])
