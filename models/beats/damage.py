"""The same music in another room, key, tempo and mix, made in the domain of band levels, where all this is cheap."""

import numpy as np
import numpy.typing as npt

F32 = npt.NDArray[np.float32]
F64 = npt.NDArray[np.float64]

FLOOR_DB = -140.0
FLICKER_DB = 2.5
"""How much the level of a band of steady noise varies from frame to frame."""
NEPERS_PER_DB = np.float32(np.log(10) / 10)


def stretched(bands_db: F32, factor: float, frames: int) -> F32:
    """[frames, bands]: the first `frames * factor` frames played `factor` times as fast."""
    at = np.minimum(np.arange(frames) * factor, len(bands_db) - 1.001)
    before = at.astype(int)
    part = (at - before).astype(np.float32)[:, None]
    out: F32 = bands_db[before] * (1 - part) + bands_db[before + 1] * part
    return out


def transposed(bands_db: F32, thirds: int, per_octave: int, fine: int) -> F32:
    """Moved in pitch by thirds of an octave; the first `fine` bands have `per_octave` to the octave, the rest 3."""
    if thirds == 0:
        return bands_db
    out = np.empty_like(bands_db)
    for bands, by in ((slice(0, fine), thirds * per_octave // 3), (slice(fine, None), thirds)):
        moved = np.roll(bands_db[:, bands], by, axis=1)
        if by > 0:
            moved[:, :by] = moved[:, by : by + 1] - 6
        else:
            moved[:, by:] = moved[:, by - 1 : by] - 6
        out[:, bands] = moved
    return out


def equalised(bands_db: F32, rng: np.random.Generator, fine: int) -> F32:
    """Through a smooth random curve of up to about 12 dB, and sometimes a steep end at the top or the bottom."""
    knots = rng.normal(0, 4.5, 6)
    tilt = rng.normal(0, 4)
    low = rng.uniform(0.05, 0.25) if rng.random() < 0.12 else 0.0
    high = rng.uniform(0.6, 0.95) if rng.random() < 0.2 else 1.0
    curves = []
    for bands in (fine, bands_db.shape[1] - fine):
        x = np.linspace(0, 1, bands)
        curve = np.interp(x, np.linspace(0, 1, len(knots)), knots) + tilt * (x - 0.5)
        curves.append(curve - 60 * np.maximum(low - x, 0) / 0.1 - 60 * np.maximum(x - high, 0) / 0.1)
    heard: F32 = bands_db + np.concatenate(curves).astype(np.float32)
    return heard


def noisy(bands_db: F32, rng: np.random.Generator, fine: int) -> F32:
    """With steady or swelling coloured noise 5 to 45 dB under the music's mean."""
    power = 10 ** (bands_db[:, :fine] / 10)
    mean_db = 10 * np.log10(power.sum(axis=1).mean() + 1e-14)
    colour = rng.uniform(-24, 12) * np.linspace(0, 1, 6) + rng.normal(0, 3, 6)
    slow = np.interp(np.arange(len(bands_db)), np.linspace(0, len(bands_db), 12), rng.normal(0, rng.uniform(0, 5), 12))
    level_db = mean_db - rng.uniform(5, 45)
    out = []
    for part in (bands_db[:, :fine], bands_db[:, fine:]):
        x = np.linspace(0, 1, part.shape[1])
        shape = np.interp(x, np.linspace(0, 1, 6), colour)
        shape -= 10 * np.log10(np.sum(10 ** (shape / 10)))
        base_db = (level_db + shape + slow[:, None]).astype(np.float32)
        noise_db = base_db + np.float32(FLICKER_DB) * rng.standard_normal(part.shape, np.float32)
        out.append(np.logaddexp(part * NEPERS_PER_DB, noise_db * NEPERS_PER_DB) / NEPERS_PER_DB)
    return np.concatenate(out, axis=1)


def together(bands_db: F32, over_db: F32, below_db: float, fine: int) -> F32:
    """With another sound laid over, its mean power so far below that of the first."""
    mean_db = [10 * np.log10((10 ** (part[:, :fine] / 10)).sum(axis=1).mean() + 1e-14) for part in (bands_db, over_db)]
    moved = over_db + np.float32(mean_db[0] - below_db - mean_db[1])
    mixed: F32 = np.logaddexp(bands_db * NEPERS_PER_DB, moved * NEPERS_PER_DB) / NEPERS_PER_DB
    return mixed


def in_a_room(bands_db: F32, rng: np.random.Generator, rate_hz: int) -> F32:
    """With a tail that decays by 60 dB in 0.2 to 1.6 s, 4 to 20 dB under the sound."""
    decay = np.float32(10 ** (-6.0 / (rng.uniform(0.2, 1.6) * rate_hz)))
    share = np.float32(10 ** (-rng.uniform(4, 20) / 10) * (1 - decay))
    power = 10 ** (bands_db / 10)
    tail = np.zeros(bands_db.shape[1], np.float32)
    out = np.empty_like(bands_db)
    for frame in range(len(power)):
        tail = tail * decay + power[frame]
        out[frame] = power[frame] + share * tail
    return (10 * np.log10(np.maximum(out, 1e-14))).astype(np.float32)


def compressed(bands_db: F32, rng: np.random.Generator, fine: int) -> F32:
    """The loud pressed down against the quiet, as a limiter or a radio does."""
    total = 10 * np.log10((10 ** (bands_db[:, :fine] / 10)).sum(axis=1) + 1e-14)
    over = np.maximum(total - np.percentile(total, rng.uniform(20, 80)), 0)
    pressed: F32 = (bands_db - over[:, None] * rng.uniform(0.2, 0.7)).astype(np.float32)
    return pressed
