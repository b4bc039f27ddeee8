"""What a take is told of a Session."""

import json
from pathlib import Path

import numpy as np
import pytest

from megadance_live.core.audio_block import AudioBlock
from megadance_live.core.bar_clock import BarClock
from megadance_live.engine.event import Event
from megadance_live.engine.take_writer import TakeWriter
from megadance_live.output.take import TakeRecorder
from tests.fakes import still_pose

RATE_HZ = 8_000
BLOCK = 400  # 0.05 s


def _take(folder: Path, clocks: list[BarClock], events: dict[int, Event]) -> dict[str, object]:
    writer = TakeWriter(TakeRecorder(folder, "dance", (), realtime=False))
    for number, clock in enumerate(clocks):
        samples = np.zeros((BLOCK, 1), np.float32)
        block = AudioBlock(samples, RATE_HZ, number * BLOCK, 0.0)
        happened = [events[number]] if number in events else []
        writer.write(block, [still_pose(block.time_s)], clock, happened)
    written = writer.recorder.close()
    assert written is not None
    sidecar: dict[str, object] = json.loads((written / "dance.json").read_text())
    return sidecar


def test_every_beat_is_written_once_with_its_place_in_the_bar(tmp_path: Path) -> None:
    """120 bpm from 0.3 s on: beats at 0.3, 0.8 ..., of which the first to go by is number 0."""
    clock = BarClock(0.3, 0.0, 120.0)
    sidecar = _take(tmp_path, [clock] * 60, {})
    beats = sidecar["beats"]
    assert isinstance(beats, list)
    assert [entry["time_s"] for entry in beats] == pytest.approx([0.3, 0.8, 1.3, 1.8, 2.3, 2.8])
    assert [(entry["bar"], entry["beat"]) for entry in beats] == [(1, 1), (1, 2), (1, 3), (1, 4), (2, 1), (2, 2)]
    tempo = sidecar["tempo_map"]
    assert isinstance(tempo, list)
    assert len(tempo) == 1


def test_moved_bar_lines_start_the_count_anew(tmp_path: Path) -> None:
    clocks = [BarClock(0.0, 0.0, 120.0)] * 9 + [BarClock(0.5, 7.0, 120.0, epoch=1)] * 10
    beats = _take(tmp_path, clocks, {})["beats"]
    assert isinstance(beats, list)
    assert [entry["bar"] for entry in beats] == [1, 8]


def test_notices_and_markers_are_kept_and_switches_left_to_the_poses(tmp_path: Path) -> None:
    events = {
        1: Event("notice", 0.05, {"text": "hm"}),
        2: Event("marker", 0.1, {"value": "drop"}),
        3: Event("switch", 0.15, {"expert": "krump"}),
        4: Event("resync", 0.2),
    }
    sidecar = _take(tmp_path, [BarClock(0.0, 0.0, 120.0)] * 10, events)
    assert sidecar["notes"] == [{"time_s": 0.05, "text": "hm"}]
    assert sidecar["markers"] == [{"time_s": 0.1, "text": "drop"}]
    assert sidecar["events"] == [{"kind": "resync", "time_s": 0.2}]
