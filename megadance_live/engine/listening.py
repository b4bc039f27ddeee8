"""The source that an engine begins with, and what stands in for it where the show must go on without."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from megadance_live.core.errors import AudioSourceError
from megadance_live.engine.messages import Notice, Report
from megadance_live.engine.setup import EngineSetup

if TYPE_CHECKING:
    from megadance_live.audio.source import AudioSource
    from megadance_live.audio.switchable import SwitchableSource

RATE_HZ = 48_000
CHANNELS = 2
"""Of a show whose input is not there at the start."""


def open_listening(setup: EngineSetup, report: Callable[[Report], None]) -> "SwitchableSource":
    """The source of the setup, at the rate of the engine before this one where there was one. Not started yet.

    With `setup.patient` an input that is not there is waited for, and anything else is replaced by the demo track; the
    sentence that says so is reported. Without, it raises AudioSourceError.
    """
    from megadance_live.audio.absent import AbsentSource
    from megadance_live.audio.fitted import fitted
    from megadance_live.audio.source import open_source
    from megadance_live.audio.switchable import DEVICE, SwitchableSource

    saved = setup.resume.saved if setup.resume is not None else None
    began_s = setup.resume.source_began_s if setup.resume is not None else None
    wanted = (saved.rate_hz, saved.channels) if saved is not None else None

    def opened(spec: str, began_s: float | None = None) -> "AudioSource":
        rate_hz = None if wanted is None else wanted[0]
        source = open_source(spec, paced=True, loop=setup.loop, rate_hz=rate_hz, began_s=began_s)
        return source if wanted is None else fitted(source, *wanted)

    def absent() -> "AudioSource":
        return AbsentSource(setup.audio.removeprefix(DEVICE), *(wanted or (RATE_HZ, CHANNELS)))

    spec, is_device = setup.audio, setup.audio.startswith(DEVICE)
    waiting = False
    try:
        source = opened(spec, began_s)
    except AudioSourceError as error:
        if not setup.patient:
            raise
        report(Notice(str(error)))
        waiting = is_device
        source, spec, began_s = (absent(), spec, None) if is_device else (opened("demo"), "demo", None)
    wanted = (source.rate_hz, source.channels)  # those that come after it are fitted to the first
    stand_in = absent if setup.patient and is_device else None
    listening = SwitchableSource(source, spec, opened, began_s=began_s, stand_in=stand_in)
    if waiting:
        listening.await_input()
    return listening
