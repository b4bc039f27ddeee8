"""Checkpoints: everything with which a training goes on, in one file that is always whole."""

from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.optim.swa_utils import AveragedModel

from megadance_live.core.errors import DataError
from models.training.report import Best
from models.training.saving import UNREADABLE, save_whole

CHECKPOINT = "checkpoint.pt"
_AVERAGED = "module."


@dataclass
class Progress:
    """What a training has come to: its state after `step` steps. `best` is kept where it is asked for, with its
    averaged weights; it has not been beaten at `waited` checkpoints. The noise of each step (dropout) is drawn from the
    seed, the step and the rank, so that no more random state than `generator`, which draws the batches, is needed."""

    model: nn.Module
    averaged: AveragedModel
    optimiser: torch.optim.Optimizer
    generator: torch.Generator
    step: int = 0
    best: Best | None = None
    best_weights: dict[str, Tensor] | None = None
    waited: int = 0

    def save(self, run: Path) -> None:
        """Raises DataError where it cannot be written; the checkpoint before it is kept then."""
        best = None
        if self.best is not None:
            best = {
                "step": self.best.step,
                "name": self.best.name,
                "value": self.best.value,
                "weights": self.best_weights,
                "waited": self.waited,
            }
        save_whole(
            run / CHECKPOINT,
            {
                "model": self.model.state_dict(),
                "averaged": self.averaged.state_dict(),
                "optimiser": self.optimiser.state_dict(),
                "generator": self.generator.get_state(),
                "step": self.step,
                "best": best,
            },
        )

    def resume(self, run: Path) -> None:
        """Goes on from the checkpoint in `run`, if there is one. Raises DataError where it does not fit."""
        path = run / CHECKPOINT
        if not path.exists():
            return
        try:
            saved = torch.load(path, map_location="cpu", weights_only=True)
            self.model.load_state_dict(saved["model"])
            self.averaged.load_state_dict(saved["averaged"])
            self.optimiser.load_state_dict(saved["optimiser"])
            self.generator.set_state(saved["generator"])
            self.step = int(saved["step"])
            if (best := saved.get("best")) is not None:
                self.best = Best(best["step"], best["name"], best["value"])
                self.best_weights, self.waited = best["weights"], best["waited"]
        except UNREADABLE as error:
            raise DataError(
                f"{path} is of another model or broken; delete it to begin again, or name another run folder."
            ) from error


def learnt_weights(run: Path) -> tuple[dict[str, Tensor], int]:
    """The averaged weights of the checkpoint in `run` (the best where they are kept, else the last), and after how many
    steps. Raises what `UNREADABLE` holds."""
    saved = torch.load(run / CHECKPOINT, map_location="cpu", weights_only=True)
    if (best := saved.get("best")) is not None:
        return best["weights"], int(best["step"])
    averaged = {name.removeprefix(_AVERAGED): t for name, t in saved["averaged"].items() if name.startswith(_AVERAGED)}
    return averaged, int(saved["step"])
