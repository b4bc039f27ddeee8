"""Diversity of a set of dances: DIV_k, DIV_g and DIV_s.

Mean Euclidean distance between all pairs of features (Li et al., ICCV 2021, section 5.2), standardised by the real set.
"""

import numpy as np
import numpy.typing as npt


def diversity(features: npt.NDArray[np.float64]) -> float:
    """Of features [n, d]; NaN for fewer than two."""
    count = len(features)
    if count < 2:
        return float("nan")
    squares = (features**2).sum(axis=1)
    distances = np.sqrt(np.clip(squares[:, None] + squares - 2.0 * features @ features.T, 0.0, None))
    np.fill_diagonal(distances, 0.0)
    return float(distances.sum() / (count * (count - 1)))
