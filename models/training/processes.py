"""A training in several processes, one for each device, that hold the same weights."""

import os
import pickle
from collections.abc import Callable, Iterator
from multiprocessing import get_context
from multiprocessing.queues import SimpleQueue
from multiprocessing.synchronize import Event
from pathlib import Path

import torch
from torch.multiprocessing.spawn import ProcessExitedException, start_processes

from megadance_live.core.errors import DataError, MegaDanceError
from models.training.config import LoopConfig
from models.training.hardware import fabric_for
from models.training.interrupt import interruptible
from models.training.report import Report
from models.training.steps import train_here
from models.training.task import Task

_LOOK_EVERY_S = 0.1


def train_apart(make: Callable[[], Task], run: Path, config: LoopConfig) -> Iterator[Report]:
    """As `train_here` in `config.devices` processes; yields what the first of them reports. `make` is called in each,
    so it must be picklable. None of them is left, however this ends."""
    from lightning_fabric.plugins.environments.lightning import find_free_network_port

    context = get_context("spawn")
    told: SimpleQueue[Report | Exception] = context.SimpleQueue()
    stop = context.Event()
    # As bytes: torch would have the processes share the memory of every tensor in it.
    work = pickle.dumps((make, run, config))
    shared = (work, find_free_network_port(), told, stop)
    started = start_processes(_train_one, shared, config.devices, join=False, daemon=True)  # type: ignore[no-untyped-call]
    try:
        with interruptible() as asked_to_stop:
            over = False
            while not over:
                over = started.join(timeout=_LOOK_EVERY_S)
                if asked_to_stop():
                    stop.set()
                while not told.empty():
                    said = told.get()
                    if isinstance(said, Exception):
                        raise said
                    yield said
    except ProcessExitedException as error:
        raise DataError(
            f"A process of the training has died ({error}), perhaps for want of memory; the last checkpoint in {run} "
            "is kept: ask for fewer --devices."
        ) from error
    finally:
        for process in started.processes:
            process.kill()
            process.join()
        told.close()


def _train_one(rank: int, work: bytes, port: int, told: "SimpleQueue[Report | Exception]", stop: Event) -> None:
    make: Callable[[], Task]
    run: Path
    config: LoopConfig
    make, run, config = pickle.loads(work)
    os.environ.update(LOCAL_RANK=str(rank), NODE_RANK="0", MASTER_ADDR="127.0.0.1", MASTER_PORT=str(port))
    if "OMP_NUM_THREADS" not in os.environ:
        torch.set_num_threads(max(1, (os.cpu_count() or 1) // config.devices))
    try:
        with interruptible() as asked:
            fabric = fabric_for(config)
            for report in train_here(make(), run, config, fabric, lambda: asked() or stop.is_set()):
                if rank == 0:
                    told.put(report)
    except (MegaDanceError, OSError) as error:
        told.put(error)
    finally:
        if torch.distributed.is_initialized():
            torch.distributed.destroy_process_group()
