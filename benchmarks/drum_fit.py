"""Fit the drum detector of music/drums.py to made-up music, and write its weights.

Every fourth piece is kept out of it: `python -m benchmarks.features --drums` measures on those.
"""

import argparse
from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
import torch
from safetensors.numpy import save_file
from torch.nn import functional as F

from benchmarks.drum_scores import AUDIBLE, DRUMS, Piece, from_samples, synthesised
from megadance_live.core.music_frame import FEATURE_RATE_HZ, FRAME_RATE_HZ
from megadance_live.music.drum_spectrum import DrumSpectrum
from megadance_live.music.drums import SHIPPED
from megadance_live.music.features import FeatureExtractor
from megadance_live.music.resample import Resampler

F32 = npt.NDArray[np.float32]

SYNTHESISED, SAMPLED = range(1_000, 1_090), range(2_000, 2_050)
KEPT_OUT = 4
HIDDEN, STEPS, BATCH, RATE = 48, 2_500, 1_024, 4e-3
SEEN_S = 0.012
"""A stroke is to be heard in the first hop that holds so much of it."""


def pieces(held_out: bool, *, sampled: bool) -> Iterator[Piece]:
    """Those that are kept out of the fit, or the others; by synthesisers or from samples."""
    first = len(SYNTHESISED) if sampled else 0
    for number, seed in enumerate(SAMPLED if sampled else SYNTHESISED, first):
        if (number % KEPT_OUT == 0) == held_out:
            yield from_samples(seed) if sampled else synthesised(seed)


def looked_at(samples: F32) -> tuple[F32, npt.NDArray[np.bool_]]:
    """What the detector sees of each hop [hops, inputs], and which hops are silent."""
    resampler, extractor, spectrum = Resampler(FEATURE_RATE_HZ), FeatureExtractor(), DrumSpectrum()
    hops, _ = resampler.step(samples[:, None], resampler.initial_state())
    heard, seen = extractor.initial_state(), spectrum.initial_state()
    inputs, silent = [], []
    for hop in hops:
        (row,), heard = extractor.step(hop[None], heard)
        now, seen = spectrum.step(heard.history, heard.levels.level_db, seen)
        inputs.append(now)
        silent.append(row.silent)
    return np.array(inputs, np.float32), np.array(silent)


def wanted(piece: Piece, silent: npt.NDArray[np.bool_]) -> tuple[F32, F32]:
    """[hops, 3] whether a stroke is to be heard, and whether it matters: not right beside one, nor where it is soft."""
    strokes, matters = (np.full((len(silent), len(DRUMS)), value, np.float32) for value in (0, 1))
    placed = [
        (drum, int((stroke.time_s + SEEN_S) * FRAME_RATE_HZ), stroke.loudness >= AUDIBLE)
        for drum, lanes in enumerate(DRUMS.values())
        for stroke in piece.strokes
        if stroke.lane in lanes and 0 <= (stroke.time_s + SEEN_S) * FRAME_RATE_HZ < len(silent)
    ]
    for drum, hop, _ in placed:
        matters[max(0, hop - 1) : hop + 2, drum] = 0
    for drum, hop, audible in placed:
        if audible:
            strokes[hop, drum] = matters[hop, drum] = 1
    matters[silent] = 0
    return strokes, matters


def fitted(inputs: F32, strokes: F32, matters: F32) -> dict[str, F32]:
    """The weights, for inputs as they are."""
    torch.manual_seed(0)
    generator = torch.Generator().manual_seed(0)
    mean, spread = inputs.mean(axis=0), inputs.std(axis=0) + 0.05
    x, y, m = (torch.from_numpy(a) for a in ((inputs - mean) / spread, strokes, matters))
    net = torch.nn.Sequential(torch.nn.Linear(x.shape[1], HIDDEN), torch.nn.ReLU(), torch.nn.Linear(HIDDEN, len(DRUMS)))
    optimiser = torch.optim.AdamW(net.parameters(), lr=RATE, weight_decay=1e-2)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, RATE, total_steps=STEPS)
    for _ in range(STEPS):
        some = torch.randint(len(x), (BATCH,), generator=generator)
        noisy = x[some] + 0.1 * torch.randn(BATCH, x.shape[1], generator=generator)
        loss = (F.binary_cross_entropy_with_logits(net(noisy), y[some], reduction="none") * m[some]).mean()
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        schedule.step()
    inward, inward_bias, outward, outward_bias = (parameter.detach().numpy() for parameter in net.parameters())
    return {
        "inward": np.ascontiguousarray((inward / spread).T, np.float32),
        "inward_bias": (inward_bias - inward @ (mean / spread)).astype(np.float32),
        "outward": np.ascontiguousarray(outward.T),
        "outward_bias": outward_bias,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.parse_args()
    torch.set_num_threads(1)
    rows = []
    for sampled in (False, True):
        for piece in pieces(held_out=False, sampled=sampled):
            inputs, silent = looked_at(piece.samples)
            rows.append((inputs, *wanted(piece, silent)))
            print(piece.title, flush=True)
    save_file(fitted(*(np.concatenate(part) for part in zip(*rows, strict=True))), SHIPPED)
    SHIPPED.chmod(0o644)  # safetensors makes it readable by its owner only
    print(f"written: {SHIPPED}")


if __name__ == "__main__":
    main()
