"""Frechet distance between two sets of features: FID_k, FID_g and FID_s.

|m1 - m2|^2 + tr(C1 + C2 - 2 (C1 C2)^(1/2)) of the Gaussians fitted to both (Heusel et al., NIPS 2017, section 2), the
features first standardised by the mean and deviation of the real set (as MEGADance and Bailando do). A set of features
with fewer rows than columns has a singular covariance, which the symmetric square root used here does not mind; but the
distance is then biased upwards, so that only sets of the same size should be compared.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

F64 = npt.NDArray[np.float64]

_CONSTANT = 1e-8


@dataclass(frozen=True)
class Standard:
    """Mean and deviation [d] of the real set. A feature that never varies there keeps its own unit."""

    mean: F64
    std: F64

    def of(self, features: F64) -> F64:
        return (features - self.mean) / self.std


def standard_of(features: F64) -> Standard:
    """From features [n, d]."""
    std = features.std(axis=0)
    return Standard(features.mean(axis=0), np.where(std > _CONSTANT, std, 1.0))


def frechet_distance(real: F64, made: F64) -> float:
    """Between features [n, d] and [m, d], both standardised; NaN where a set has fewer than two."""
    if len(real) < 2 or len(made) < 2:
        return float("nan")
    shift = real.mean(axis=0) - made.mean(axis=0)
    first, second = np.cov(real, rowvar=False, ddof=1), np.cov(made, rowvar=False, ddof=1)
    first, second = np.atleast_2d(first), np.atleast_2d(second)
    root = _square_root(first)
    # The trace of (C1 C2)^(1/2) is that of the square root of a symmetric matrix with the same eigenvalues.
    shared = np.sqrt(np.clip(np.linalg.eigvalsh(root @ second @ root), 0.0, None)).sum()
    return float(shift @ shift + np.trace(first) + np.trace(second) - 2.0 * shared)


def _square_root(covariance: F64) -> F64:
    values, vectors = np.linalg.eigh(covariance)
    return np.asarray((vectors * np.sqrt(np.clip(values, 0.0, None))) @ vectors.T, np.float64)
