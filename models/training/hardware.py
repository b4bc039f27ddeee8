"""Where a training runs: Lightning Fabric for a CPU, a GPU or several."""

import logging
from typing import TYPE_CHECKING, Literal

import torch

from megadance_live.core.errors import DataError
from models.training.config import LoopConfig

if TYPE_CHECKING:
    from lightning_fabric import Fabric


def check(config: LoopConfig) -> None:
    """Raises DataError where this computer cannot train as asked."""
    try:
        import lightning_fabric
        import tensorboard
    except ImportError as error:
        raise DataError(
            'Training needs Lightning Fabric and TensorBoard; install them: pip install "megadance-live[train]".'
        ) from error
    del lightning_fabric, tensorboard
    gpus = torch.cuda.device_count()
    if config.accelerator == "cuda" and gpus == 0:
        raise DataError("PyTorch finds no GPU here; train with --accelerator cpu, or install its CUDA build.")
    if _kind(config) == "cuda" and config.devices > gpus:
        raise DataError(f"There are {gpus} GPUs here, fewer than {config.devices}; ask for fewer --devices.")


def fabric_for(config: LoopConfig) -> "Fabric":
    """Fabric of this process, which is one of `config.devices`; those of several are told apart by LOCAL_RANK."""
    from lightning_fabric import Fabric
    from lightning_fabric.plugins.environments.lightning import LightningEnvironment
    from lightning_fabric.strategies.ddp import DDPStrategy

    logging.getLogger("lightning_fabric").setLevel(logging.WARNING)
    # A batch does not hold every genre, and the expert of one that it does not hold gets no gradient.
    several = DDPStrategy(find_unused_parameters=True)
    fabric = Fabric(
        accelerator=_kind(config),
        devices=config.devices,
        strategy=several if config.devices > 1 else "auto",
        precision=_precision(config),
        # Processes are started here, whatever a cluster's variables say.
        plugins=[LightningEnvironment()],
    )
    fabric.launch()
    return fabric


def _kind(config: LoopConfig) -> Literal["cpu", "cuda"]:
    if config.accelerator == "auto":
        return "cuda" if torch.cuda.is_available() else "cpu"
    return config.accelerator


def _precision(config: LoopConfig) -> Literal["bf16-mixed", "32-true"]:
    if config.precision != "auto":
        return config.precision
    if _kind(config) == "cuda":
        quick = torch.cuda.is_bf16_supported(including_emulation=False)
    else:
        # Processors without these instructions compute bf16 more slowly than single precision.
        quick = any(
            getattr(torch.cpu, name, bool)() for name in ("_is_amx_tile_supported", "_is_avx512_bf16_supported")
        )
    return "bf16-mixed" if quick else "32-true"
