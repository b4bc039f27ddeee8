"""Which beat begins the bar: a causal vote over the positions in the bar.

A downbeat has the kick and a change of harmony (facts used by Davies & Plumbley, "A spectral difference approach to
downbeat extraction", EUSIPCO 2006, and many since). Each beat's evidence is known when the beat has passed.
"""

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from megadance_live.core.music_frame import CHROMA, LOW, ONSET

F32 = npt.NDArray[np.float32]

HISTORY_HOPS = 48
DECAY = 0.975  # of a beat's vote, per beat: half a life of 27 beats
NORM_GAIN = 0.05
CHROMA_WEIGHT = 1.0
KICK_WEIGHT = 0.5
START_VOTE = 1.5


@dataclass(frozen=True)
class DownbeatVote:
    """`scores` per position, counted in beats since the show began, modulo the metre; `history` of LOW, ONSET and
    chroma of the last hops; mean and variance of the two kinds of evidence for their normalisation."""

    scores: tuple[float, ...] = (0.0,) * 4
    history: tuple[F32, ...] = ()  # of [14], newest last
    chroma: tuple[F32, ...] = ()  # of [12], means of the last beats, newest last
    mean: tuple[float, float] = (0.0, 0.0)
    var: tuple[float, float] = (1.0, 1.0)
    beats: int = 0

    def heard(self, features: F32) -> "DownbeatVote":
        """With one hop more."""
        row = np.concatenate([features[[LOW, ONSET]], features[CHROMA]])
        return replace(self, history=(*self.history, row)[-HISTORY_HOPS:])

    def passed(self, beat: int, hops: int) -> "DownbeatVote":
        """With the evidence of beat `beat`, which took the last `hops` hops."""
        metre = len(self.scores)
        if len(self.history) < min(hops, HISTORY_HOPS) or hops < 4:
            return self
        rows = np.array(self.history[-hops:])
        early = rows[: max(3, hops // 3)]
        kick = float(early[:, 0].max() * min(early[:, 1].max(), 3.0))
        # The chroma window is long: the second half of a beat knows its own harmony best.
        harmony = rows[len(rows) // 2 :, 2:].mean(axis=0)
        change = 1.0 - _likeness(harmony, self.chroma[-1]) if self.chroma else 0.0
        repeat = 1.0 - _likeness(harmony, self.chroma[-metre]) if len(self.chroma) >= metre else change
        evidence = (kick, change - 0.5 * repeat)
        deviations = [value - mean for value, mean in zip(evidence, self.mean, strict=True)]
        gain = max(NORM_GAIN, 1.0 / (self.beats + 1))
        mean = tuple(m + gain * d for m, d in zip(self.mean, deviations, strict=True))
        var = tuple((1 - gain) * (v + gain * d * d) for v, d in zip(self.var, deviations, strict=True))
        if self.beats < 2:  # nothing to compare with yet
            var = (1.0, 1.0)
        z = [float(np.clip(d / max(v, 1e-6) ** 0.5, -3, 3)) for d, v in zip(deviations, self.var, strict=True)]
        scores = [score * DECAY for score in self.scores]
        scores[beat % metre] += KICK_WEIGHT * z[0] + CHROMA_WEIGHT * z[1]
        chroma = (*self.chroma, harmony)[-8:]
        return replace(
            self,
            scores=tuple(scores),
            chroma=chroma,
            mean=(mean[0], mean[1]),
            var=(var[0], var[1]),
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
        """Without votes, for a new grid or metre; what was heard is kept."""
        return replace(self, scores=(0.0,) * metre, chroma=(), beats=0, mean=(0.0, 0.0), var=(1.0, 1.0))

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
