"""Meters, waveform and onsets in shared memory."""

from collections.abc import Iterator

import numpy as np
import pytest

from megadance_live.remote.scope import COLUMNS, ONSETS, Scope, ScopeRecord


@pytest.fixture
def records() -> Iterator[tuple[ScopeRecord, ScopeRecord]]:
    written = ScopeRecord()
    read = ScopeRecord(written.name)
    yield written, read
    read.close()
    written.close()


def test_before_anything_is_heard_it_is_empty(records: tuple[ScopeRecord, ScopeRecord]) -> None:
    scope = records[1].read()
    assert scope.clipped == 0
    assert len(scope.lowest) == len(scope.onset_s) == 0
    assert isinstance(scope, Scope)


def test_levels_are_those_of_the_last_block_and_clips_add_up(records: tuple[ScopeRecord, ScopeRecord]) -> None:
    written, read = records
    for peak in (0.5, 1.0):
        written.levels(np.full(2, peak, np.float32), np.full(2, peak / 2, np.float32), 3)
    scope = read.read()
    np.testing.assert_array_equal(scope.peak, [1.0, 1.0])
    np.testing.assert_array_equal(scope.rms, [0.5, 0.5])
    assert scope.clipped == 6
    assert read.read() is scope


def test_columns_come_oldest_first_when_the_ring_has_gone_round(records: tuple[ScopeRecord, ScopeRecord]) -> None:
    written, read = records
    total = (COLUMNS // 100 + 4) * 100
    for first in range(0, total, 100):
        numbers = np.arange(first, first + 100, dtype=np.float32)
        written.columns(-numbers, numbers, first / 120)
    scope = read.read()
    assert scope.column == total
    np.testing.assert_array_equal(scope.highest, np.arange(total - COLUMNS, total))
    np.testing.assert_array_equal(scope.lowest, -scope.highest)
    assert scope.column_s == pytest.approx((total - 100) / 120)


def test_the_last_onsets_are_kept(records: tuple[ScopeRecord, ScopeRecord]) -> None:
    written, read = records
    for number in range(ONSETS + 5):
        written.onset(float(number), 0.5)
    scope = read.read()
    np.testing.assert_array_equal(scope.onset_s, np.arange(5, ONSETS + 5))
    assert np.all(scope.onset_strength == 0.5)
