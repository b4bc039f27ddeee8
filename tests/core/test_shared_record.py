import gc
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress

import numpy as np
import pytest

from megadance_live.core.shared_record import SharedRecord

DTYPE = np.dtype([("a", np.float64), ("b", np.int64, (1000,))])


@pytest.fixture
def record() -> Iterator[SharedRecord]:
    opened = SharedRecord(DTYPE)
    yield opened
    opened.close()


def put(record: SharedRecord, value: int) -> None:
    with record.writing() as fields:
        fields["a"] = value
        fields["b"] = value


def die_while_writing(record: SharedRecord, value: int) -> None:
    with suppress(KeyboardInterrupt), record.writing() as fields:
        fields["b"][:500] = value
        raise KeyboardInterrupt


def test_what_is_written_is_read(record: SharedRecord) -> None:
    put(record, 3)
    copy, is_new = record.read()
    assert (float(copy["a"]), int(copy["b"].sum()), is_new) == (3.0, 3000, True)
    assert record.read()[1] is False


def test_nothing_written_reads_as_zeros(record: SharedRecord) -> None:
    assert float(record.read()[0]["a"]) == 0.0


def test_a_reader_in_another_place_sees_the_same(record: SharedRecord) -> None:
    reader = SharedRecord(DTYPE, record.name)
    put(record, 7)
    assert float(reader.read()[0]["a"]) == 7.0
    reader.close()
    put(record, 8)
    assert float(record.read()[0]["a"]) == 8.0


def test_a_writer_that_dies_while_writing_leaves_the_reader_its_last_good_copy(record: SharedRecord) -> None:
    reader = SharedRecord(DTYPE, record.name)
    put(record, 5)
    reader.read()
    die_while_writing(record, 99)
    copy, is_new = reader.read()
    assert (int(copy["b"].max()), is_new) == (5, False)
    put(record, 6)
    copy, is_new = reader.read()
    assert (int(copy["b"].min()), int(copy["b"].max()), is_new) == (6, 6, True)
    reader.close()


def test_a_writer_that_dies_before_anything_was_read_leaves_zeros(record: SharedRecord) -> None:
    die_while_writing(record, 99)
    copy, is_new = record.read()
    assert (int(copy["b"].max()), is_new) == (0, False)


def test_only_the_creator_removes_the_segment() -> None:
    record = SharedRecord(DTYPE)
    SharedRecord(DTYPE, record.name).close()
    SharedRecord(DTYPE, record.name).close()
    record.close()
    record.close()
    with pytest.raises(FileNotFoundError):
        SharedRecord(DTYPE, record.name)


@pytest.mark.parametrize("attached", [False, True])
def test_one_that_is_forgotten_lets_go_in_silence(record: SharedRecord, attached: bool) -> None:
    """A complaint would fail the test: pytest turns exceptions in finalizers into errors."""
    forgotten = SharedRecord(DTYPE, record.name if attached else None)
    name = forgotten.name
    del forgotten
    gc.collect()
    assert (name == record.name) is attached
    put(record, 2)
    assert float(record.read()[0]["a"]) == 2.0


def test_a_copy_outlives_the_segment() -> None:
    record = SharedRecord(DTYPE)
    put(record, 4)
    copy, _ = record.read()
    record.close()
    assert int(copy["b"].sum()) == 4000
    assert float(record.read()[0]["a"]) == 4.0
    with pytest.raises(ValueError, match="has been closed"):
        put(record, 5)


def test_another_layout_is_refused(record: SharedRecord) -> None:
    with pytest.raises(ValueError, match="another version"):
        SharedRecord(np.dtype([("a", np.float32)]), record.name)


_CHILD = """
import os, sys
import numpy as np
from megadance_live.core.shared_record import SharedRecord
dtype = np.dtype([("a", np.float64), ("b", np.int64, (1000,))])
record = SharedRecord(dtype, sys.argv[1])
with record.writing() as fields:
    fields["a"] = 11
if sys.argv[2] == "die":
    with record.writing() as fields:
        fields["a"] = 12
        os._exit(9)
record.close()
"""


@pytest.mark.parametrize(("how", "code"), [("end", 0), ("die", 9)])
def test_a_process_that_ends_takes_nothing_with_it(record: SharedRecord, how: str, code: int) -> None:
    """Not even a warning of a leak, although the process has a resource tracker of its own."""
    put(record, 1)
    record.read()
    done = subprocess.run(
        [sys.executable, "-c", _CHILD, record.name, how], capture_output=True, text=True, timeout=60, check=False
    )
    assert (done.returncode, done.stderr) == (code, "")
    copy, _ = record.read()
    assert float(copy["a"]) == (1.0 if how == "die" else 11.0)
    SharedRecord(DTYPE, record.name).close()
