"""`megadance-live track`: what the live ear makes of a recording."""

from typing import Annotated

import typer


def track(
    audio: Annotated[str, typer.Argument(metavar="AUDIO", help="A path, file:PATH or demo.")],
    tracker: Annotated[str, typer.Option("--tracker", help="The tracker behind the bar clock.")] = "aubio",
) -> None:
    """Print every beat as the live ear hears it: TSV of time_s, beat_in_bar, announced_s (when it knew) and bpm."""
    from megadance_live.commands.offline import check_whole, opened, samples_of
    from megadance_live.music.track import track as track_beats

    with opened(audio) as source:
        samples = samples_of(source)
    typer.echo("time_s\tbeat_in_bar\tannounced_s\tbpm")
    for beat in track_beats(samples, source.rate_hz, tracker):
        typer.echo(f"{beat.time_s:.3f}\t{beat.beat_in_bar}\t{beat.announced_s:.3f}\t{beat.bpm:.2f}")
    check_whole(source)
