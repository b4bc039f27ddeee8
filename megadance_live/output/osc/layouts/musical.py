"""The musical block: one number per address, the same in the native and the TouchDesigner layout."""

from operator import attrgetter

from megadance_live.core.output_frame import OutputFrame
from megadance_live.output.osc.template import Message, Slot

_NUMBERS: tuple[tuple[str, Slot, str], ...] = (
    ("/beat/bpm", Slot.FLOAT, "music.tempo_bpm"),
    ("/beat/phase", Slot.FLOAT, "music.beat_phase"),
    ("/beat/confidence", Slot.FLOAT, "music.confidence"),
    ("/beat/source", Slot.INT, "music.source"),
    ("/beat/count", Slot.INT, "music.beat_count"),
    ("/beat/pulse", Slot.INT, "music.beat_pulse"),
    ("/beat/bar", Slot.INT, "music.bar"),
    ("/beat/inbar", Slot.INT, "music.beat_in_bar"),
    ("/bar/phase", Slot.FLOAT, "music.bar_phase"),
    ("/bar/pulse", Slot.INT, "music.bar_pulse"),
    ("/audio/level", Slot.FLOAT, "music.level"),
    ("/audio/low", Slot.FLOAT, "music.low"),
    ("/audio/mid", Slot.FLOAT, "music.mid"),
    ("/audio/high", Slot.FLOAT, "music.high"),
    ("/audio/onset", Slot.FLOAT, "music.onset"),
    ("/audio/kick", Slot.FLOAT, "music.kick"),
    ("/audio/snare", Slot.FLOAT, "music.snare"),
    ("/audio/hat", Slot.FLOAT, "music.hat"),
    ("/audio/build", Slot.FLOAT, "music.build"),
    ("/audio/drop", Slot.FLOAT, "music.drop"),
    ("/audio/break", Slot.FLOAT, "music.breakdown"),
    ("/expert/current", Slot.INT, "music.expert"),
    ("/expert/armed", Slot.INT, "music.armed"),
    ("/expert/countdown", Slot.FLOAT, "music.countdown_beats"),
    ("/expert/mix", Slot.FLOAT, "music.mix"),
    ("/app/state", Slot.INT, "state"),
    ("/app/fps", Slot.FLOAT, "fps"),
    ("/app/latency", Slot.FLOAT, "latency_ms"),
    ("/app/heartbeat", Slot.INT, "heartbeat"),
)
_FLOATS = attrgetter(*(path for _, slot, path in _NUMBERS if slot is Slot.FLOAT))
_INTS = attrgetter(*(path for _, slot, path in _NUMBERS if slot is Slot.INT))


class MusicalBlock:
    """The messages, with one weight for each of `expert_count` experts at the end."""

    def __init__(self, prefix: str, expert_count: int) -> None:
        self._expert_count = expert_count
        weights = [(f"/expert/weight/{i}", Slot.FLOAT) for i in range(expert_count)]
        numbers = [(address, slot) for address, slot, _ in _NUMBERS]
        self.messages: tuple[Message, ...] = tuple(
            Message(prefix + address, (slot,)) for address, slot in numbers + weights
        )
        self.expert_name_address = f"{prefix}/expert/name"

    def floats(self, frame: OutputFrame) -> list[float]:
        return [*_FLOATS(frame), *self._weights(frame)]

    def ints(self, frame: OutputFrame) -> list[int]:
        return list(_INTS(frame))

    def _weights(self, frame: OutputFrame) -> list[float]:
        """During a change the weight passes from the previous expert to the present one."""
        weights = [0.0] * self._expert_count
        music = frame.music
        if 0 <= music.previous_expert < self._expert_count:
            weights[music.previous_expert] = 1.0 - music.mix
        if 0 <= music.expert < self._expert_count:
            weights[music.expert] = music.mix if music.previous_expert >= 0 else 1.0
        return weights
