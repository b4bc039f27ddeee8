"""A model folder: `model.safetensors` (see packing.py), `config.json`, and a model card in README.md."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file

from megadance_live.core.conditioning import CONDITION_SIZE
from megadance_live.core.errors import WeightsError
from megadance_live.core.motion import TOKEN_FRAMES
from models.config_file import config_from
from models.description import FORMAT, SHIPPED, described_in
from models.generator.config import GeneratorConfig
from models.generator.model import DanceGenerator
from models.packing import packed, unpacked
from models.streaming import StreamingDancer
from models.tokenizer.config import TokenizerConfig
from models.tokenizer.model import Tokenizer
from models.windowed import WindowedDancer


def save(folder: Path, name: str, tokenizer: Tokenizer, generator: DanceGenerator, facts: dict[str, Any]) -> None:
    """Writes weights and configuration; `facts` (measurements, budget) are kept beside them."""
    folder.mkdir(parents=True, exist_ok=True)
    tensors = {
        f"{part}.{key}": tensor
        for part, module in (("tokenizer", tokenizer), ("generator", generator))
        for key, tensor in module.state_dict().items()
    }
    weights = folder / "model.safetensors"
    save_file(packed(tensors), weights)
    weights.chmod(0o644)  # safetensors makes it readable by its owner only
    described = {
        "format": FORMAT,
        "name": name,
        "tokenizer": asdict(tokenizer.config),
        "generator": asdict(generator.config),
        "facts": facts,
    }
    (folder / "config.json").write_text(json.dumps(described, indent=1) + "\n", encoding="utf-8")


def load(folder: Path | None = None) -> StreamingDancer | WindowedDancer:
    """The dancer of a model folder; None: the one that ships. It streams if its parts do; a published one recomputes
    its window. Raises WeightsError with what to do about it."""
    folder = folder or SHIPPED
    described = described_in(folder)
    weights = folder / "model.safetensors"
    try:
        tokenizer = Tokenizer(config_from(TokenizerConfig, described["tokenizer"]))
        generator = DanceGenerator(config_from(GeneratorConfig, described["generator"]))
        if generator.config.condition > CONDITION_SIZE:
            raise WeightsError(f"{folder} needs a newer MegaDance Live, which hears more of the music; update it.")
        tensors = unpacked(load_file(weights))
        for part, module in (("tokenizer", tokenizer), ("generator", generator)):
            own = {key.removeprefix(f"{part}."): t for key, t in tensors.items() if key.startswith(f"{part}.")}
            module.load_state_dict(own)
    except FileNotFoundError as error:
        raise WeightsError(f"{weights} is missing; fetch the whole repository again, or export the model.") from error
    except (SafetensorError, OSError, RuntimeError, TypeError, KeyError, ValueError) as error:
        raise WeightsError(
            f"{weights} does not fit its config.json or is broken; fetch it again, or export the model again."
        ) from error
    if not all(torch.isfinite(tensor).all() for tensor in tensors.values()):
        raise WeightsError(f"{weights} holds numbers that are not finite; export the model again.")
    sizes = tokenizer.config
    streams = sizes.decoder == "causal" and sizes.token_frames == TOKEN_FRAMES
    return (StreamingDancer if streams else WindowedDancer)(str(described["name"]), tokenizer, generator)
