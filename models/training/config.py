"""How long, how hard and where to train."""

from dataclasses import dataclass
from typing import Literal

Accelerator = Literal["auto", "cpu", "cuda"]
Precision = Literal["auto", "bf16-mixed", "32-true"]


@dataclass(frozen=True, kw_only=True)
class LoopConfig:
    """`patience` is the number of checkpoints without a better held-out figure after which to stop (None: never); with
    it the best weights are left instead of the last. `devices` share every batch: their number changes how long a
    training takes, not what comes out. A precision of "auto" is "bf16-mixed" where the hardware computes in bf16."""

    steps: int
    learning_rate: float = 1e-3
    warmup_steps: int = 100
    final_fraction: float = 0.02
    weight_decay: float = 0.01
    clip_norm: float = 1.0
    ema_decay: float = 0.998
    report_every: int = 50
    checkpoint_every: int = 500
    patience: int | None = None
    accelerator: Accelerator = "auto"
    devices: int = 1
    precision: Precision = "auto"
    seed: int = 0
