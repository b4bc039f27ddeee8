"""The genres that data may be labelled with, how other data sets write them, and the music each is danced to."""

import re
from collections.abc import Iterable

ANY_STYLE = "freestyle"
"""The style of the composer that is any of its styles."""

_COMPOSED = (
    "popping", "locking", "house", "krump", "breaking", "waacking", "la_hiphop", "middle_hiphop", "street_jazz",
    "ballet_jazz", "ballet_modern", "salsa", "freestyle",
)  # fmt: skip

_TO_ANY_MUSIC = (
    "casual", "dai", "uighur", "hmong", "hantang", "shenyun", "kun", "dunhuang", "korean", "choreography", "chinese",
)  # fmt: skip

STYLE_OF: dict[str, str] = {
    **{genre: genre for genre in _COMPOSED},
    "hiphop": "middle_hiphop",
    "urban": "la_hiphop",
    "jazz": "street_jazz",
    "charleston": "ballet_jazz",
    "tap": "ballet_jazz",
    **dict.fromkeys(_TO_ANY_MUSIC, ANY_STYLE),
}
"""Known genres, and the style in which music is composed for each."""

_ALSO_WRITTEN = {
    "break": "breaking", "breakdance": "breaking", "breakdancing": "breaking", "bboy": "breaking",
    "pop": "popping", "lock": "locking", "krumping": "krump", "waack": "waacking", "whacking": "waacking",
    "wacking": "waacking", "lahiphop": "la_hiphop", "lastylehiphop": "la_hiphop", "middlehiphop": "middle_hiphop",
    "streetjazz": "street_jazz", "jazzstreet": "street_jazz", "balletjazz": "ballet_jazz",
    "jazzballet": "ballet_jazz", "balletmodern": "ballet_modern", "modernballet": "ballet_modern",
    "ballet": "ballet_modern", "free": "freestyle", "tapping": "tap", "tapdance": "tap", "tai": "dai",
    "wei": "uighur", "uyghur": "uighur", "miao": "hmong", "hiphopdance": "hiphop",
}  # fmt: skip

AIST_CODES = {
    "BR": "breaking", "PO": "popping", "LO": "locking", "MH": "middle_hiphop", "LH": "la_hiphop", "HO": "house",
    "WA": "waacking", "KR": "krump", "JS": "street_jazz", "JB": "ballet_jazz", "JZ": "jazz", "CH": "charleston",
    "TP": "tap", "CA": "casual",
}  # fmt: skip
"""The letters after the g in file names of AIST++, and those that Motorica Dance added."""


class Genres:
    """The genres that a run knows: STYLE_OF and `new` ones that the user has named."""

    def __init__(self, new: Iterable[str] = ()) -> None:
        self._names = {_plain(name): name for name in STYLE_OF}
        self._names.update(_ALSO_WRITTEN)
        self._names.update({_plain(name): name for name in new})

    def known(self, written: str) -> str | None:
        """The genre that somebody has written so ("Street Jazz", "street-jazz", "StreetJazz"), or None."""
        return self._names.get(_plain(written))


def style_of(genre: str) -> str:
    """The composer's style for a genre: any of them where the genre has none of its own."""
    return STYLE_OF.get(genre, ANY_STYLE)


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())
