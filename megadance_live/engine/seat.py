"""What one run of the engine works with, and how that is put together and taken apart."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from megadance_live.audio import AudioSource, open_source
from megadance_live.control.cue_file import load_cues
from megadance_live.core.cue import Cue
from megadance_live.core.dancer import Dancer
from megadance_live.engine.messages import Report
from megadance_live.engine.recording import Recording
from megadance_live.engine.session import Session
from megadance_live.engine.setup import EngineSetup
from megadance_live.output.take import TakeRecorder


@dataclass(frozen=True)
class Seat:
    """Everything that one run of the engine works with."""

    source: AudioSource
    dancer: Dancer
    session: Session
    recording: Recording
    cues: tuple[Cue, ...]


@contextmanager
def take_seat(setup: EngineSetup, report: Callable[[Report], None]) -> Iterator[Seat]:
    """Open and load everything; on leaving, finish the take and close the source.

    Raises whatever MegaDanceError a part raises.
    """
    with ExitStack() as stack:
        source = open_source(setup.audio, paced=True, loop=setup.loop)
        stack.callback(source.close)
        dancer = setup.make_dancer()
        cues = load_cues(setup.cues, dancer.experts) if isinstance(setup.cues, Path) else setup.cues
        session = make_session(setup, dancer, source, cues)

        def open_take() -> TakeRecorder:
            return TakeRecorder(
                setup.take.folder,
                formats=setup.take.formats,
                seed=session.control.seed,
                model=dancer.name,
                source=source.name,
                started=datetime.now(UTC).isoformat(timespec="seconds"),
            )

        recording = Recording(open_take, report)
        stack.callback(recording.finish)
        yield Seat(source, dancer, session, recording, cues)
