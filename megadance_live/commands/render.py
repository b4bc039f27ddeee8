"""`megadance-live render`: a take of a recording, faster than real time."""

from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from megadance_live.commands.options import CueOption, ExpertOption, ModelOption, SeedOption
from megadance_live.core.errors import TakeError

if TYPE_CHECKING:
    from megadance_live.core.dancer import Dancer
    from megadance_live.engine.session import Session
    from megadance_live.motion.film import PictureSink


def render(
    audio: Annotated[str, typer.Argument(metavar="AUDIO", help="A path, file:PATH or demo.")],
    outdir: Annotated[Path, typer.Argument(metavar="OUTDIR", help="The take becomes a folder in this one.")],
    expert: ExpertOption = None,
    cue: CueOption = None,
    seed: SeedOption = None,
    formats: Annotated[
        str, typer.Option("--formats", metavar="amass,aist,bvh", help="Files of motion to write.")
    ] = "amass,aist,bvh",
    video: Annotated[
        Path | None,
        typer.Option("--video", metavar="OUT.mp4|OUT.png", help="Also draw the dancer: a film, or a contact sheet."),
    ] = None,
    model: ModelOption = None,
) -> None:
    """Dance to a recording and keep it, through the same Session as `run`."""
    from megadance_live.commands.dancer import load_dancer
    from megadance_live.commands.offline import as_file, blocks_of, check_whole, length_s, name_of, opened
    from megadance_live.commands.progress import progress
    from megadance_live.engine.take_writer import TakeWriter
    from megadance_live.motion.film import open_film
    from megadance_live.output.take import TakeRecorder, parse_formats

    chosen = parse_formats([name.strip() for name in formats.split(",") if name.strip()])
    with ExitStack() as stack:
        source = stack.enter_context(opened(audio))
        dancer = load_dancer(model)
        session = _session(dancer, source.rate_hz, source.channels, expert, cue, seed or 0)
        film: PictureSink | None = None
        if video is not None:
            film = open_film(video, experts=dancer.experts, audio=stack.enter_context(as_file(audio)))
            stack.callback(film.close)
        recorder = TakeRecorder(
            outdir, name_of(audio), chosen, seed=seed or 0, model=dancer.name, source=source.name, realtime=False
        )
        if not recorder.name:
            raise TakeError(recorder.problem)
        writer = TakeWriter(recorder)
        with progress(f"Dancing to {source.name}", length_s(audio)) as advance:
            for block in blocks_of(source):
                poses = session.push(block)
                writer.write(block, poses, session.clock, session.events())
                if film is not None:
                    for pose in poses:
                        film.pose(pose, session.clock)
                advance(block.frames / block.rate_hz)
        recorder.close()
    for path in (*recorder.files, *([video] if video is not None else [])):
        typer.echo(str(path))
    if recorder.cut_short:
        raise TakeError(recorder.problem)
    check_whole(source)


def _session(
    dancer: "Dancer", rate_hz: int, channels: int, expert: str | None, cue: Path | None, seed: int
) -> "Session":
    from megadance_live.control.cue_file import load_cues
    from megadance_live.engine.seat import first_expert
    from megadance_live.engine.session import Session

    cues = load_cues(cue, dancer.experts) if cue is not None else ()
    return Session(dancer, rate_hz, channels, expert=first_expert(expert, dancer), seed=seed, cues=cues)
