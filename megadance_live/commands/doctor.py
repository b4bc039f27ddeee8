"""`megadance-live doctor`: is everything there that a show needs?"""

import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import typer

from megadance_live.commands.options import ModelOption
from megadance_live.core.errors import MegaDanceError

Verdict = Literal["ok", "note", "bad"]
_MB = 1_000_000
LOW_DISK_BYTES = 2_000 * _MB


@dataclass(frozen=True)
class Finding:
    """`advice` says what to do about it; "" when there is nothing to do."""

    verdict: Verdict
    what: str
    found: str
    advice: str = ""


def doctor(model: ModelOption = None) -> None:
    """Check everything that a show needs and say what to do about what is missing."""
    checks: tuple[Callable[[], Finding], ...] = (
        check_python,
        check_torch,
        lambda: check_weights(model),
        check_portaudio,
        check_sound_files,
        check_film,
        check_control_port,
        check_disk,
    )
    bad = 0
    for check in checks:
        finding = check()
        bad += finding.verdict == "bad"
        typer.echo(f"{finding.verdict:<5} {finding.what}: {finding.found}")
        if finding.advice:
            typer.echo(f"      {finding.advice}")
    if bad:
        raise MegaDanceError(f"{bad} of {len(checks)} checks failed; do what stands beneath them.")


def check_python() -> Finding:
    version = ".".join(str(part) for part in sys.version_info[:3])
    if (3, 11) <= sys.version_info < (3, 14):
        return Finding("ok", "Python", version)
    return Finding("bad", "Python", version, "Install Python 3.11, 3.12 or 3.13.")


def check_torch() -> Finding:
    try:
        import torch
    except (ImportError, OSError) as error:
        return Finding("bad", "PyTorch", str(error), "Run: pip install torch")
    device = "with CUDA" if torch.cuda.is_available() else f"CPU, {torch.get_num_threads()} threads"
    return Finding("ok", "PyTorch", f"{torch.__version__}, {device}")


def check_weights(model: Path | None) -> Finding:
    from megadance_live.commands.dancer import load_dancer

    try:
        dancer = load_dancer(model)
    except (MegaDanceError, ImportError, OSError) as error:
        return Finding("bad", "dancer", str(error), "Fetch the repository again, or name a model folder with --model.")
    return Finding("ok", "dancer", f"{dancer.name}: {', '.join(dancer.experts)}")


def check_portaudio() -> Finding:
    from megadance_live.audio import list_devices

    try:
        devices = list_devices()
    except (MegaDanceError, ImportError) as error:
        return Finding("note", "audio devices", str(error), "demo and files can be danced to without.")
    if not devices:
        return Finding("note", "audio devices", "none", "demo and files can be danced to without.")
    return Finding("ok", "audio devices", f"{len(devices)}, see `megadance-live devices`")


def check_sound_files() -> Finding:
    try:
        import soundfile
    except (ImportError, OSError) as error:
        return Finding("bad", "sound files", str(error), "Run: pip install soundfile")
    return Finding("ok", "sound files", f"libsndfile {soundfile.__libsndfile_version__}")


def check_film() -> Finding:
    try:
        import av
        from PIL import ImageFont

        ImageFont.load_default(16)
    except (ImportError, OSError) as error:
        return Finding(
            "note", "pictures and films", str(error), "Needed for `render --video` only: pip install av pillow"
        )
    encoder = "H.264" if "libx264" in av.codecs_available else "MPEG-4"
    return Finding("ok", "pictures and films", f"{encoder} through av {av.__version__}")


def check_control_port() -> Finding:
    from megadance_live.control.osc_defaults import DEFAULT_PORT
    from megadance_live.control.osc_in import OscIn, OscInSettings

    try:
        OscIn(OscInSettings(), (), lambda command: None).close()
    except MegaDanceError as error:
        return Finding("note", "OSC control", str(error))
    return Finding("ok", "OSC control", f"port {DEFAULT_PORT} is free")


def check_disk() -> Finding:
    """Where takes go if nothing else is said."""
    try:
        free = shutil.disk_usage(Path.cwd()).free
    except OSError as error:
        return Finding("bad", "disk", str(error), "Start it from a folder that exists.")
    found = f"{free // _MB:,} MB free in {Path.cwd()}"
    if free < LOW_DISK_BYTES:
        return Finding("note", "disk", found, "An hour of a take with audio needs about 2 GB; free some space.")
    return Finding("ok", "disk", found)
