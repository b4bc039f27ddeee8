"""Real clips as the metrics see them."""

from dataclasses import dataclass
from pathlib import Path

from models.data.clips import Clip, Skipped
from models.data.sources.folders import load_clips
from models.data.travel import least_sliding
from models.evaluation.motion import Motion, motion_from


@dataclass(frozen=True)
class RealClip:
    """A clip of a data folder; its horizontal travel is that of training (docs/training.md)."""

    clip: Clip
    motion: Motion

    @property
    def split(self) -> str:
        return self.clip.split


def load_real(folder: Path) -> tuple[list[RealClip], list[Skipped]]:
    """All clips of a data folder, and those that could not be used. Raises DataError."""
    clips, skipped = load_clips(folder)
    return [RealClip(clip, real_motion(clip)) for clip in clips], skipped


def real_motion(clip: Clip) -> Motion:
    root_m = clip.root_m if clip.travel_trusted else least_sliding(clip.root_m, clip.quats)
    return motion_from(clip.name, clip.genre, root_m, clip.quats, clip.beat_frames)
