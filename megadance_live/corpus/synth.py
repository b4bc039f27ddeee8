"""The project's own synthesisers and drum machines as the player of a song."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from megadance_live.audio.drums import one_shots
from megadance_live.audio.dsp import F32
from megadance_live.audio.harmony import Note
from megadance_live.audio.mixer import Mix
from megadance_live.audio.patterns import Pattern
from megadance_live.audio.sequencer import BeatGrid, Sequencer
from megadance_live.audio.voices import BASSES, CHORDS, LEADS, Voice
from megadance_live.corpus.song import Song, drawn_kit, pick

_USUAL = {"bass": 0.45, "chords": 0.28, "pad": 0.12, "lead": 0.2}


@dataclass(frozen=True)
class SynthPlayer:
    """Plays into the mix of its sequencer; `shots` are the drum sounds by lane."""

    sequencer: Sequencer
    shots: Mapping[str, F32]
    voices: Mapping[str, Voice]
    sidechain: float

    def drums(self, bar: int, pattern: Pattern, gains: dict[str, float], until_beat: float) -> None:
        for lane, text in pattern.items():
            duck = self.sidechain if lane == "kick" else 0.0
            self.sequencer.drums(bar, {lane: text}, self.shots, gain=gains[lane], until_beat=until_beat, duck=duck)

    def hit(self, lane: str, bar: int, beat: float, gain: float) -> None:
        self.sequencer.hit(lane, self.shots, self.sequencer.when_s(bar, 4 * beat), gain)

    def line(self, part: str, bar: int, text: str, pitches: dict[str, int], gain: float) -> None:
        self.sequencer.line(bar, text, pitches, self.voices[part], gain=gain * _USUAL[part], room=0.1)

    def chords(self, part: str, bar: int, text: str, voicing: tuple[int, ...], gain: float) -> None:
        self.sequencer.chords(bar, text, voicing, self.voices[part], gain=gain * _USUAL[part], room=0.2)

    def melody(self, bar: int, phrase: Sequence[Note], key: int, scale: str, gain: float) -> None:
        self.sequencer.melody(bar, phrase, key, scale, self.voices["lead"], gain=gain * _USUAL["lead"], room=0.25,
                              echo=0.25)  # fmt: skip


def synth_player(song: Song, grid: BeatGrid, rng: np.random.Generator, rate_hz: int, seconds: float) -> SynthPlayer:
    """Draws kit and voices."""
    return SynthPlayer(
        sequencer=Sequencer(Mix(seconds, rate_hz), grid, rng, swing=song.swing, humanise_s=song.family.humanise_s),
        shots=one_shots(drawn_kit(rng), rate_hz),
        voices={
            "bass": pick(rng, tuple(BASSES.values())),
            "chords": pick(rng, tuple(CHORDS.values())),
            "pad": CHORDS[pick(rng, ("pad", "strings", "organ"))],
            "lead": pick(rng, tuple(LEADS.values())),
        },
        sidechain=song.family.sidechain if rng.random() < 0.7 else 0.0,
    )


def mixed(player: SynthPlayer, rng: np.random.Generator) -> F32:
    """What was played: mono float32 [n], with a room and an equaliser of chance."""
    beat_s = float(np.median(np.diff(player.sequencer.grid.times_s)))
    stereo = player.sequencer.mix.render(
        room_s=float(rng.uniform(0.3, 2.2)),
        echo_s=beat_s * pick(rng, (0.5, 0.75, 1.0)),
        low_db=float(rng.uniform(-5, 5)),
        high_hz=float(np.exp(rng.uniform(np.log(3_500), np.log(18_000)))),
        peak=float(rng.uniform(0.3, 0.95)),
    )
    mono: F32 = stereo.mean(axis=1)
    return mono
