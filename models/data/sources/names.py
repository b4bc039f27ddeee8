"""File names after the fashion of the AIST Dance Database: gBR_sBM_cAll_d04_mBR2_ch08 is genre, situation, camera,
dancer, music and choreography."""

import re
from dataclasses import dataclass

_NAME = re.compile(
    r"g(?P<code>[A-Z]{2})_s(?P<situation>[A-Z]{2})_c(?P<camera>\w+?)_(?P<dancer>d\d+(?:_d\d+)*)"
    r"_(?P<music>m(?P<music_code>[A-Z]{2})(?P<digit>\d))_(?P<choreography>ch\d+)"
)


@dataclass(frozen=True)
class AistName:
    """What a name of AIST++ tells."""

    code: str
    dancer: str
    music: str
    bpm: float


def aist_name(stem: str) -> AistName | None:
    """What a name tells that is written whole, or None. The music's digit is its tempo: 80 to 130 bpm in steps of
    ten, house music 110 to 135 in steps of five."""
    match = _NAME.fullmatch(stem)
    if match is None or int(match["digit"]) > 5:
        return None
    digit = int(match["digit"])
    bpm = 110.0 + 5 * digit if match["music_code"] == "HO" else 80.0 + 10 * digit
    return AistName(match["code"], match["dancer"], match["music"], bpm)


def code_of(stem: str) -> str:
    """The letters of the genre in a name after that fashion, with anything before it (Motorica Dance); or nothing."""
    match = re.search(r"(?:^|_)g([A-Z]{2})_s[A-Z]{2}_", stem)
    return match[1] if match else ""
