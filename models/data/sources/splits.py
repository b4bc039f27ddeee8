"""Which clips are held out, where a data set does not say: by a hash of the dancer or the recording day, so that it
never changes, and so that one dancer or one dance is never on both sides."""

import re
from collections.abc import Callable, Iterable
from hashlib import sha256
from pathlib import PurePath

HELD_OUT = 0.1
_DANCER = re.compile(r"^(?P<before>.*?)_?g[A-Z]{2}_.*?_(?P<dancer>d\d+(?:_d\d+)*)(?:_|$)")
_SUBJECT = re.compile(r"^(\d+)[_-]\d+")
_TAKE = re.compile(r"[ _\-.]*(take|trial|part|clip)?[ _\-.]*\d+$", re.IGNORECASE)


def group_of(path: PurePath) -> str:
    """Whose clip it is, as far as its path (within the data folder) tells: the dancer of names after AIST's fashion,
    the subject of CMU's ("85_03"), else the name without the number of the take, and the folder."""
    stem = re.sub(r"_(poses|stageii)$", "", path.stem)
    if match := _DANCER.match(stem):
        return f"{match['before']}/{match['dancer']}"
    if match := _SUBJECT.match(stem):
        return f"{path.parent.as_posix()}/{match[1]}"
    return f"{path.parent.as_posix()}/{_TAKE.sub('', stem)}"


def held_out(group: str) -> bool:
    """The same answer for the same group, whatever else there is: true for one in ten."""
    return int.from_bytes(sha256(group.encode()).digest()[:4], "big") < HELD_OUT * 2**32


def by_group(paths: Iterable[PurePath]) -> Callable[[PurePath], str]:
    """What tells the split of each of these paths; were all of them held out, none is."""
    everything = all(held_out(group_of(path)) for path in paths)
    return lambda path: "test" if held_out(group_of(path)) and not everything else "train"
