"""Which beat begins the bar: a causal vote over the positions in the bar.

Harmony changes on bar lines more often than elsewhere (Davies & Plumbley, "A spectral difference approach to downbeat
extraction in musical audio", EUSIPCO 2006). The strength of the kick was tried beside it and made the vote worse: in
dance music it is there on every beat. Each beat's evidence is known when the beat has passed.
"""

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from megadance_live.core.music_frame import CHROMA

F32 = npt.NDArray[np.float32]

HISTORY_HOPS = 48
DECAY = 0.975  # of a beat's vote, per beat: half a life of 27 beats
NORM_GAIN = 0.05
CHROMA_BEATS = 16
REPEAT_WEIGHT = 0.5


@dataclass(frozen=True)
class DownbeatVote:
    """`scores` per position, counted in beats since the show began, modulo the metre; `history` of the chroma of the
    last hops; `chroma` of the last beats; running mean and variance of the evidence, and the number of beats in it."""

    scores: tuple[float, ...] = (0.0,) * 4
    history: tuple[F32, ...] = ()  # of [12], newest last
    chroma: tuple[F32, ...] = ()  # of [12], newest last
    mean: float = 0.0
    var: float = 1.0
    beats: int = 0

    def heard(self, features: F32) -> "DownbeatVote":
        """With one hop more."""
        return replace(self, history=(*self.history, features[CHROMA])[-HISTORY_HOPS:])

    def passed(self, beat: int, hops: int) -> "DownbeatVote":
        """With the evidence of beat `beat`, which took the last `hops` hops."""
        metre = len(self.scores)
        if len(self.history) < min(hops, HISTORY_HOPS) or hops < 4:
            return self
        rows = np.array(self.history[-hops:])
        # The chroma window is long: the second half of a beat knows its own harmony best.
        harmony = rows[len(rows) // 2 :].mean(axis=0)
        change = 1.0 - _likeness(harmony, self.chroma[-1]) if self.chroma else 0.0
        new_bar = 1.0 - _likeness(harmony, self.chroma[-metre]) if len(self.chroma) >= metre else change
        deviation = change - REPEAT_WEIGHT * new_bar - self.mean
        gain = max(NORM_GAIN, 1.0 / (self.beats + 1))
        # The first two beats have nothing to be compared with.
        var = (1 - gain) * (self.var + gain * deviation**2) if self.beats >= 2 else 1.0
        scores = [score * DECAY for score in self.scores]
        scores[beat % metre] += float(np.clip(deviation / max(self.var, 1e-6) ** 0.5, -3, 3))
        return replace(
            self,
            scores=tuple(scores),
            chroma=(*self.chroma, harmony)[-CHROMA_BEATS:],
            mean=self.mean + gain * deviation,
            var=var,
            beats=self.beats + 1,
        )

    def favouring(self, beat: int, weight: float) -> "DownbeatVote":
        """With a vote for one beat (where the music began)."""
        scores = list(self.scores)
        scores[beat % len(scores)] += weight
        return replace(self, scores=tuple(scores))

    def shifted(self, beats: int) -> "DownbeatVote":
        """After the count of beats has been moved forward."""
        metre = len(self.scores)
        return replace(self, scores=tuple(self.scores[(k - beats) % metre] for k in range(metre)))

    def fresh(self, metre: int) -> "DownbeatVote":
        """Without votes, for a new grid or metre; the latest hops are kept."""
        return DownbeatVote(scores=(0.0,) * metre, history=self.history)

    @property
    def best(self) -> int:
        """The position with most votes."""
        return int(np.argmax(self.scores))

    @property
    def margin(self) -> float:
        """By how much the best position leads that which counts as the first beat now (0)."""
        return max(self.scores) - self.scores[0]


def _likeness(a: F32, b: F32) -> float:
    lengths = float(np.linalg.norm(a) * np.linalg.norm(b))
    return float(a @ b) / lengths if lengths > 1e-9 else 1.0
