"""Style accuracy and F1: whether a classifier of dances sees the genre that was asked for.

Accuracy over stretches of 5 s, and F1 = 2 P R / (P + R) of precision P and recall R, each the plain mean over the
genres that were asked for (MEGADance, section 4.1). Always read them beside those of real clips, by the
same classifier.
"""

import numpy as np
import numpy.typing as npt

I64 = npt.NDArray[np.int64]


def accuracy(asked: I64, seen: I64) -> float:
    """NaN where nothing was asked."""
    return float((asked == seen).mean()) if len(asked) else float("nan")


def macro_f1(asked: I64, seen: I64) -> float:
    """A genre that is never seen has precision 0."""
    genres = np.unique(asked)
    if not len(genres):
        return float("nan")
    hits = np.array([((asked == g) & (seen == g)).sum() for g in genres])
    precision = (hits / np.maximum([(seen == g).sum() for g in genres], 1)).mean()
    recall = (hits / np.array([(asked == g).sum() for g in genres])).mean()
    return float(2.0 * precision * recall / (precision + recall)) if precision + recall else 0.0
