"""The figures of a model card, from prepared clips: a first measure, by the losses of training."""

from typing import Any

import torch

from models.data.prepared import PreparedClip
from models.generator.model import DanceGenerator
from models.tokenizer.model import Tokenizer
from models.training.generator import evaluate_generator, tokenise
from models.training.tokenizer import evaluate_tokenizer


@torch.no_grad()
def measure(tokenizer: Tokenizer, generator: DanceGenerator, clips: list[PreparedClip]) -> dict[str, Any]:
    """For each split: clips, minutes, joint error of the tokeniser (mean absolute, root-relative, heading free, m), and
    nats per digit of the generator; and the share of levels of every FSQ dimension that the clips use."""
    facts: dict[str, Any] = {}
    for split in sorted({clip.split for clip in clips}):
        members = [clip for clip in clips if clip.split == split and clip.tempo == 1.0]
        rebuilt = evaluate_tokenizer(tokenizer.eval(), members)
        tokens = [tokenise(clip, tokenizer, generator.config) for clip in members]
        told = evaluate_generator(generator.eval(), tokens, generator.config)
        facts[split] = {
            "clips": len(members),
            "minutes": round(sum(len(clip.upper[0]) for clip in members) / 30 / 60, 1),
            "joint_mae_m": round(rebuilt["mae_m"], 4),
            "joint_distance_m": round(rebuilt["mpjpe_m"], 4),
            "upper_nats_per_digit": round(told["upper"], 3),
            "lower_nats_per_digit": round(told["lower"], 3),
        }
    facts["levels_used"] = levels_used(tokenizer, clips)
    return facts


def levels_used(tokenizer: Tokenizer, clips: list[PreparedClip]) -> dict[str, list[float]]:
    """Share of levels in use, per dimension, of the upper and lower half."""
    tokens = [tokenizer.tokens(torch.from_numpy(clip.upper), torch.from_numpy(clip.lower)) for clip in clips]
    levels = tokenizer.config.digit_levels
    return {
        half: [
            round(len({v for token in tokens for v in token[index][..., d].flatten().tolist()}) / levels[d], 3)
            for d in range(len(levels))
        ]
        for index, half in enumerate(("upper", "lower"))
    }
