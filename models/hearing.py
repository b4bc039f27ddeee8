"""What a dancer makes of a cue's music, as its generator was trained to hear it."""

import numpy as np
import numpy.typing as npt

from megadance_live.core.conditioning import MUSIC_SIZE, PHASE, condition_from, late_music, sample_music
from megadance_live.core.dancer import TokenCue
from models.generator.config import GeneratorConfig

F32 = npt.NDArray[np.float32]


def taken_in(cue: TokenCue, config: GeneratorConfig) -> F32:
    """The condition of this token alone: the pooled music of the cue, or the one feature frame heard last."""
    if config.conditioning == "pooled":
        return cue.condition
    music = np.zeros(MUSIC_SIZE, np.float32) if cue.frame is None else sample_music(cue.frame[None])
    return condition_from(music, cue.condition[PHASE])


def heard_with(taken: F32, before: F32 | None, config: GeneratorConfig) -> F32:
    """The condition that the generator is given, from what was taken in for this token and for the one before."""
    if not config.music_lag_tokens:
        return taken
    earlier: F32 = late_music(np.stack([np.zeros_like(taken) if before is None else before, taken]))[1]
    return earlier
