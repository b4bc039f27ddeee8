"""`megadance-live prepare`: from folders of dance as users have them to prepared data."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from megadance_live.core.errors import AudioSourceError, ConfigError, DataError

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from models.data.prepare import Recordings
    from models.data.report import Report
    from models.data.sources.source import Listing

    F32 = npt.NDArray[np.float32]

KindOption = Literal["manifest", "aist", "finedance", "amass", "bvh"]
_MOST_LINES = 12
"""Of each kind that the screen shows; report.md holds all."""
_TABLE_WIDTH = 96
"""In characters, also where the screen is narrower or is a file."""


def prepare(
    data: Annotated[
        Path,
        typer.Argument(
            metavar="DATA", help="Folder of AIST++, FineDance, AMASS or BVH files, or of clips with a manifest.csv."
        ),
    ],
    prepared: Annotated[Path, typer.Argument(metavar="PREPARED", help="Folder for the result.")],
    kind: Annotated[
        KindOption | None, typer.Option("--from", help="What DATA holds, where that is not plain from its files.")
    ] = None,
    genre: Annotated[
        str | None, typer.Option("--genre", metavar="NAME", help="Genre of the clips that say nothing of theirs.")
    ] = None,
    new_genre: Annotated[
        list[str] | None,
        typer.Option("--new-genre", metavar="NAME", help="A genre of your own that the data names; may be repeated."),
    ] = None,
    music: Annotated[
        Path | None,
        typer.Option("--music", metavar="DIR", help="Folder of the recordings, called as the data calls them."),
    ] = None,
    renders: Annotated[
        int, typer.Option("--renders", metavar="N", min=1, help="Pieces of music for each clip, its own among them.")
    ] = 2,
    tempos: Annotated[
        int, typer.Option("--tempos", metavar="N", min=0, help="Other tempi at which to prepare each training clip.")
    ] = 2,
    seed: Annotated[int, typer.Option("--seed", metavar="N", min=0, help="Seed of everything that is random.")] = 0,
) -> None:
    """Put dance clips on the bar grid and compose music on their beats. One that was interrupted goes on.

    What was read, what was left out and why is said at the end, and written to PREPARED/report.md.
    """
    from megadance_live.commands.progress import progress
    from megadance_live.music.known_beats import extract_on
    from models.data.prepare import prepare as prepare_clips
    from models.data.report import Report

    listing = _listing(data, kind, genre, new_genre or [], music)
    report = Report(str(data.resolve()), listing.kind, listing.remarks)
    steps = prepare_clips(
        listing,
        prepared,
        composed,
        extract_on,
        recordings=recordings(),
        renders=renders,
        tempos=tempos,
        seed=seed,
    )
    try:
        with progress("Preparing", 0.0) as bar:
            for step in steps:
                bar(1.0, total=step.total)
                if step.skipped is not None:
                    report.leave_out(step.skipped)
                elif step.facts is not None:
                    report.add(step.name, step.facts)
        report.complete = True
    except OSError as error:
        raise DataError(f"{prepared} cannot be written ({error.strerror}); name another folder.") from error
    finally:
        _tell(report, prepared)
    typer.echo(f"Prepared: {prepared}")


def _listing(data: Path, kind: KindOption | None, genre: str | None, new: list[str], music: Path | None) -> "Listing":
    """The clips to be read. Raises ConfigError for options that cannot be, DataError for a folder without dance."""
    from models.data.genres import Genres
    from models.data.sources.folders import list_clips
    from models.data.sources.source import Wishes

    genres = Genres(new)
    named = genres.known(genre) if genre is not None else None
    if genre is not None and named is None:
        raise ConfigError(f"{genre!r} is no genre known here; one of your own is named by --new-genre {genre}.")
    if music is not None and not music.is_dir():
        raise ConfigError(f"There is no folder {music}; name one that holds the recordings.")
    return list_clips(data, Wishes(named, music, genres), kind)


def composed(
    genre: str, beat_times_s: "npt.NDArray[np.float64]", rng: "np.random.Generator", rate_hz: int, duration_s: float
) -> "F32":
    """Music on given beats, half of it in the style of the genre and half anything: on stage every expert meets every
    music."""
    from megadance_live.audio.composer import compose
    from megadance_live.corpus.piece import synthesised_on
    from models.data.genres import style_of
    from models.data.grid import BEATS_PER_BAR

    if rng.random() < 0.5:
        return compose(style_of(genre), beat_times_s, BEATS_PER_BAR, rng, rate_hz, duration_s)
    return synthesised_on(beat_times_s, BEATS_PER_BAR, rng, rate_hz, duration_s)[:, None]


def recordings() -> "Recordings":
    """How recorded music is read, and its beats heard by the ear of the show."""
    import numpy as np

    from megadance_live.music.track import track
    from models.data.prepare import Recordings

    def read(path: Path, rate_hz: int, speed: float) -> "F32":
        import soundfile
        import soxr

        try:
            samples, file_rate_hz = soundfile.read(path, dtype="float32", always_2d=True)
        except (soundfile.LibsndfileError, OSError) as error:
            raise AudioSourceError(f"{path.name} is no audio file that can be read") from error
        if not len(samples):
            raise AudioSourceError(f"{path.name} holds no sound")
        played: F32 = soxr.resample(np.nan_to_num(samples), file_rate_hz * speed, rate_hz)
        return played

    def follow(samples: "F32", rate_hz: int) -> "tuple[npt.NDArray[np.float64], npt.NDArray[np.int64]]":
        beats = [(beat.time_s, beat.beat_in_bar) for beat in track(samples, rate_hz)]
        return np.array([time_s for time_s, _ in beats], np.float64), np.array(
            [number for _, number in beats], np.int64
        )

    return Recordings(read, follow)


def _tell(report: "Report", prepared: Path) -> None:
    """The report on the screen, and into the folder where that is there."""
    from rich.console import Console
    from rich.table import Table

    from models.data.report import write_report

    if report.genres:
        headings, *rows = report.cells
        table = Table(box=None, header_style="bold")
        for heading in headings:
            table.add_column(heading, no_wrap=True)
        for row in rows:
            table.add_row(*row)
        Console(highlight=False, width=max(_TABLE_WIDTH, Console().width)).print(table)
    for line in report.told(most=_MOST_LINES):
        typer.echo(line, err=True)
    if prepared.is_dir():
        try:
            write_report(report, prepared)
        except OSError as error:
            typer.echo(f"The report cannot be written to {prepared} ({error.strerror}).", err=True)
