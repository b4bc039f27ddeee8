"""From a training run to the files that play live: beats.safetensors in half precision, and beats.json."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import save_file
from torch import Tensor

from models.beats.config import METRES
from models.beats.model import BeatNet

FORMAT = 1


def export_beats(model: BeatNet, folder: Path, facts: dict[str, Any]) -> None:
    """Writes both; `facts` (measurements) are kept beside the configuration. Raises OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    weights = folder / "beats.safetensors"
    save_file({name: tensor.half().contiguous() for name, tensor in tensors(model).items()}, weights)
    weights.chmod(0o644)  # safetensors makes it readable by its owner only
    described = {"format": FORMAT, **asdict(model.config), "metres": METRES, "facts": facts}
    (folder / "beats.json").write_text(json.dumps(described, indent=1) + "\n", encoding="utf-8")


@torch.no_grad()
def tensors(model: BeatNet) -> dict[str, Tensor]:
    """All parameters, with the inputs' mean and deviation folded into the first layer."""
    found = {name: tensor for name, tensor in model.state_dict().items() if name not in ("mean", "std")}
    scaled = model.inward.weight / model.std.repeat(model.config.group)
    found["inward.weight"] = scaled
    found["inward.bias"] = model.inward.bias - scaled @ model.mean.repeat(model.config.group)
    return found
