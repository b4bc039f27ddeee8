"""`megadance-live track`: what the live ear makes of a recording."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from megadance_live.core.errors import ConfigError
from megadance_live.core.trackers import DEFAULT_TRACKER

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from megadance_live.core.bar_clock import BarClock
    from megadance_live.music.ear import Heard
    from megadance_live.music.track import TrackedBeat

_COLUMNS = ("time_s", "beat_in_bar", "announced_s", "bpm", "metre", "confidence", "state")


def track(
    audio: Annotated[str, typer.Argument(metavar="AUDIO", help="A path, file:PATH or demo.")],
    tracker: Annotated[str, typer.Option("--tracker", help="The tracker behind the bar clock.")] = DEFAULT_TRACKER,
    output: Annotated[
        Literal["tsv", "jsonl"], typer.Option("--format", help="Columns between tabs, or a JSON object a line.")
    ] = "tsv",
    states: Annotated[
        bool, typer.Option("--states", help="Print the changes of the clock's state too, in order with the beats.")
    ] = False,
    features: Annotated[
        Path | None,
        typer.Option("--features", metavar="FILE", help="Write every feature, thirty times a second (.csv or .npz)."),
    ] = None,
    plot: Annotated[
        Path | None, typer.Option("--plot", metavar="FILE.png", help="Draw features, strokes and form.")
    ] = None,
) -> None:
    """Print every beat as the live ear hears it: when, its place in the bar, when it was announced for good, tempo,
    metre, confidence and state of the clock."""
    import numpy as np

    from megadance_live.commands.offline import check_whole, opened, samples_of
    from megadance_live.core.music_frame import FEATURE_COUNT
    from megadance_live.music.track import track as track_beats

    _check_names(features, plot)
    with opened(audio) as source:
        samples = samples_of(source)
    rows: list[npt.NDArray[np.float32]] = []
    clocks: list[BarClock] = []

    def noted(heard: "Heard") -> None:
        rows.append(heard.music.features)
        if states and heard.clock.state != (clocks[-1].state if clocks else "searching"):
            _say_state(heard.clock, output)
        clocks.append(heard.clock)

    if output == "tsv":
        typer.echo("\t".join(_COLUMNS))
    beats = []
    for beat in track_beats(samples, source.rate_hz, tracker, on_hop=noted):
        _say_beat(beat, output)
        beats.append(beat)
    table = np.array(rows, np.float32).reshape(-1, FEATURE_COUNT)
    if features is not None:
        _write(features, lambda path: _write_features(path, table))
    if plot is not None:
        from megadance_live.commands.feature_plot import drawn

        _write(plot, lambda path: drawn(table, beats).save(path))
    check_whole(source)


def _check_names(features: Path | None, plot: Path | None) -> None:
    """Before anything is heard. Raises ConfigError."""
    if features is not None and features.suffix.lower() not in (".csv", ".npz"):
        raise ConfigError(f"{features} must end in .csv or .npz: features are written as one or the other.")
    if plot is not None and plot.suffix.lower() != ".png":
        raise ConfigError(f"{plot} must end in .png: the picture is written as one.")
    for path in (features, plot):
        if path is not None and not path.parent.is_dir():
            raise ConfigError(f"{path} cannot be written: there is no folder {path.parent}; make it first.")


def _write(path: Path, writing: Callable[[Path], None]) -> None:
    try:
        writing(path)
    except OSError as error:
        raise ConfigError(f"{path} cannot be written ({error.strerror or error}); name another file.") from error


def _write_features(path: Path, table: "npt.NDArray[np.float32]") -> None:
    """A row for each 30th of a second, beginning with the time up to which it has heard."""
    import numpy as np

    from megadance_live.core.music_frame import FEATURE_NAMES, FRAME_RATE_HZ

    time_s = (np.arange(len(table)) + 1) / FRAME_RATE_HZ
    if path.suffix.lower() == ".npz":
        np.savez_compressed(path, time_s=time_s, features=table, names=np.array(FEATURE_NAMES))
        return
    rows = np.concatenate([time_s[:, None], table], axis=1)
    np.savetxt(path, rows, fmt="%.5g", delimiter=",", header=",".join(("time_s", *FEATURE_NAMES)), comments="")


def _say_beat(beat: "TrackedBeat", output: str) -> None:
    values = {
        "time_s": round(beat.time_s, 3),
        "beat_in_bar": beat.beat_in_bar,
        "announced_s": round(beat.announced_s, 3),
        "bpm": round(beat.bpm, 2),
        "metre": beat.metre,
        "confidence": round(beat.confidence, 2),
        "state": beat.state,
    }
    if output == "jsonl":
        typer.echo(json.dumps({"event": "beat", **values}))
        return
    numbers = f"{beat.time_s:.3f}\t{beat.beat_in_bar}\t{beat.announced_s:.3f}\t{beat.bpm:.2f}"
    typer.echo(f"{numbers}\t{beat.metre}\t{beat.confidence:.2f}\t{beat.state}")


def _say_state(clock: "BarClock", output: str) -> None:
    """In the columns of a beat, those that only a beat has empty."""
    if output == "jsonl":
        values = {"time_s": round(clock.time_s, 3), "bpm": round(clock.tempo_bpm, 2), "metre": clock.beats_per_bar}
        sure = round(clock.confidence, 2)
        typer.echo(json.dumps({"event": "state", **values, "confidence": sure, "state": clock.state}))
        return
    numbers = f"{clock.time_s:.3f}\t\t\t{clock.tempo_bpm:.2f}"
    typer.echo(f"{numbers}\t{clock.beats_per_bar}\t{clock.confidence:.2f}\t{clock.state}")
