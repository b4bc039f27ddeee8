"""Trains the genre classifier on the training split."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from megadance_live.core.errors import DataError
from megadance_live.core.skeleton import MIRROR_JOINTS
from models.evaluation.genre_folder import save_genre_net
from models.evaluation.genre_net import GenreConfig, GenreNet, channels_of, see
from models.evaluation.motion import Motion
from models.evaluation.real import load_real
from models.evaluation.style import accuracy, macro_f1
from models.training.config import LoopConfig
from models.training.loop import train
from models.training.report import Report
from models.training.task import Task

WINDOW_FRAMES = 60
BATCH = 64
_GENRE_POWER = 0.4
"""Genres are drawn by their length to this power."""
_TEMPI = (0.85, 1.2)
_SMOOTHING_FRAMES = (0.0, 1.0, 2.0)
"""The annotations of one data set are noisier than those of another, and a dancer's decoder is smoother than both:
neither must tell the genre."""
_NOISE_M = 0.006
_LABEL_SMOOTHING = 0.05


@dataclass(frozen=True)
class Labelled:
    """One clip: root-relative joints [T, 24, 3] and the number of its genre."""

    joints_m: npt.NDArray[np.float32]
    genre: int


def train_classifier(data: Path, run: Path, loop: LoopConfig) -> Iterator[Report]:
    """Trains and, at the end, leaves a classifier's folder in `run`. Raises DataError."""
    return train(partial(genre_task, data, loop.seed), run, loop)


def genre_task(data: Path, seed: int) -> "GenreTask":
    clips, _ = load_real(data)
    training, held_out = ([real.motion for real in clips if real.split == split] for split in ("train", "test"))
    task = GenreTask(training, held_out, seed)
    if len(task.model.config.genres) < 2:
        raise DataError(f"{data} holds training clips of fewer than two genres; a classifier needs more.")
    return task


class GenreTask(Task):
    """To tell the genres of `training` apart. Clips of less than 4 s are left out of it."""

    metric = "balanced_accuracy"
    higher_is_better = True
    model: GenreNet

    def __init__(self, training: Sequence[Motion], held_out: list[Motion], seed: int) -> None:
        training = [motion for motion in training if len(motion) >= 2 * WINDOW_FRAMES]
        self._held_out = held_out
        genres = tuple(sorted({motion.genre for motion in training}))
        labelled = [Labelled(m.local_joints_m().astype(np.float32), genres.index(m.genre)) for m in training]
        torch.manual_seed(seed)
        self.model = GenreNet(GenreConfig(genres=genres))
        _normalise(self.model, labelled)
        self._sampler = Sampler(labelled, len(genres))
        self.batch_size = BATCH

    def batch(self, generator: torch.Generator) -> tuple[Tensor, ...]:
        return self._sampler.batch(generator)

    def loss(self, batch: tuple[Tensor, ...]) -> tuple[Tensor, dict[str, Tensor]]:
        joints, genre = batch
        _, logits = self.model(joints)
        value = F.cross_entropy(logits.float(), genre, label_smoothing=_LABEL_SMOOTHING)
        return value, {"correct": (logits.argmax(-1) == genre).float().mean()}

    def evaluate(self, model: nn.Module) -> dict[str, float]:
        assert isinstance(model, GenreNet)
        return measure_classifier(model, self._held_out)

    def leave(self, model: nn.Module, run: Path, step: int) -> None:
        assert isinstance(model, GenreNet)
        save_genre_net(model, run, {"steps": step, "held_out": measure_classifier(model, self._held_out)})


def measure_classifier(net: GenreNet, motions: list[Motion]) -> dict[str, float]:
    """Accuracy over stretches of 5 s, its plain mean over genres, F1, and accuracy over whole clips. Clips of genres
    that the classifier does not know are left out."""
    asked, seen, clips = [], [], []
    for motion in motions:
        windows = motion.windows()
        if motion.genre not in net.config.genres or not windows:
            continue
        probability = see(net, windows).probability
        genre = net.config.genres.index(motion.genre)
        asked += [genre] * len(windows)
        seen += probability.argmax(axis=1).tolist()
        clips.append(probability.mean(axis=0).argmax() == genre)
    wanted, found = np.array(asked, np.int64), np.array(seen, np.int64)
    by_genre = [accuracy(wanted[wanted == g], found[wanted == g]) for g in np.unique(wanted)]
    return {
        "accuracy": accuracy(wanted, found),
        "balanced_accuracy": float(np.mean(by_genre)) if by_genre else float("nan"),
        "f1": macro_f1(wanted, found),
        "clip_accuracy": float(np.mean(clips)) if clips else float("nan"),
    }


class Sampler:
    """Draws stretches of 2 s, changed in every way that leaves the genre."""

    def __init__(self, clips: list[Labelled], genres: int) -> None:
        self._clips = clips
        lengths = np.array([len(clip.joints_m) for clip in clips], np.float64)
        labels = np.array([clip.genre for clip in clips])
        by_genre = np.array([lengths[labels == g].sum() for g in range(genres)])
        weights = lengths / by_genre[labels] * by_genre[labels] ** _GENRE_POWER
        self._weights = torch.from_numpy(weights)

    def batch(self, generator: torch.Generator) -> tuple[Tensor, Tensor]:
        """Joints [B, 60, 24, 3] and genres [B]."""
        chosen = torch.multinomial(self._weights, BATCH, replacement=True, generator=generator).tolist()
        rng = np.random.default_rng(int(torch.randint(2**31, (1,), generator=generator)))
        joints = np.stack([_changed(self._clips[index].joints_m, rng) for index in chosen])
        return torch.from_numpy(joints), torch.tensor([self._clips[index].genre for index in chosen])


def _changed(joints_m: npt.NDArray[np.float32], rng: np.random.Generator) -> npt.NDArray[np.float32]:
    """A stretch of a clip at another tempo, perhaps mirrored, smoothed, shaken."""
    tempo = min(rng.uniform(*_TEMPI), (len(joints_m) - 2) / WINDOW_FRAMES)
    start = rng.uniform(0.0, len(joints_m) - 1 - tempo * (WINDOW_FRAMES - 1))
    at = start + tempo * np.arange(WINDOW_FRAMES)
    low = np.minimum(at.astype(int), len(joints_m) - 2)
    share = (at - low)[:, None, None]
    window = joints_m[low] * (1 - share) + joints_m[low + 1] * share
    if rng.random() < 0.5:
        window = window[:, MIRROR_JOINTS] * np.array([-1.0, 1.0, 1.0])
    window = _smoothed(window, float(rng.choice(_SMOOTHING_FRAMES)))
    if rng.random() < 0.5:
        window = window + rng.normal(0.0, _NOISE_M, (1, *window.shape[1:]))
    return window.astype(np.float32)


def _smoothed(window: npt.NDArray[np.float64], sigma: float) -> npt.NDArray[np.float64]:
    if sigma == 0.0:
        return window
    reach = int(3 * sigma)
    offsets = np.arange(-reach, reach + 1)
    kernel = np.exp(-(offsets**2) / (2.0 * sigma**2))
    padded = np.pad(window, ((reach, reach), (0, 0), (0, 0)), mode="edge")
    parts = [weight * padded[i : i + len(window)] for i, weight in enumerate(kernel / kernel.sum())]
    return np.asarray(sum(parts), np.float64)


def _normalise(net: GenreNet, clips: list[Labelled]) -> None:
    """Mean and deviation of every channel over the training clips."""
    channels = torch.cat([channels_of(torch.from_numpy(clip.joints_m)[None])[0] for clip in clips])
    net.mean.copy_(channels.mean(0))
    net.std.copy_(channels.std(0).clamp(min=0.02))
