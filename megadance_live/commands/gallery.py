"""`megadance-live gallery`: what a dancer looks like, genre by genre, beside real dancers."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated

import typer

from megadance_live.core.bar_clock import BarClock
from megadance_live.core.errors import DataError

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from megadance_live.motion.strip import Row
    from models.data.clips import Clip
    from models.evaluation.programme import Danced, Request

FILM_SIZE = (960, 540)
_BEATS_PER_BAR = 4


def gallery(
    model: Annotated[
        Path | None, typer.Argument(metavar="[MODEL]", help="Model folder [default: the one that ships].")
    ] = None,
    data: Annotated[
        Path | None, typer.Option("--data", metavar="DIR", help="Real clips to show beside, with a manifest.csv.")
    ] = None,
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="Where the pictures go.")] = Path("gallery"),
    seconds: Annotated[
        float, typer.Option("--seconds", metavar="S", min=4.0, max=60.0, help="Of dance in every genre.")
    ] = 10.0,
    films: Annotated[bool, typer.Option("--films/--no-films", help="Also make a short film of each genre.")] = True,
    seed: Annotated[int, typer.Option("--seed", metavar="N", min=0, help="Seed of music and dance.")] = 0,
) -> None:
    """Draw every genre: poses on the beats with their speed, real and made side by side, and a short film."""
    from megadance_live.commands.dancer import load_dancer
    from megadance_live.commands.evaluation_stage import perform
    from megadance_live.commands.progress import progress
    from megadance_live.motion.strip import draw_strip

    dancer = load_dancer(model)
    shown = _clips(data, dancer.experts)
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise DataError(f"{out} cannot be written ({error.strerror}); name another folder with --out.") from error
    with progress("Dancing", float(len(dancer.experts))) as advance:
        for genre in dancer.experts:
            clip = shown.get(genre)
            request = _request(genre, clip, seconds, seed)
            danced = perform(dancer, request.piece)
            rows = [_made(genre, request, danced)]
            if clip is not None:
                rows.insert(0, _real(clip, request))
            draw_strip(out / f"{genre}.png", rows, dancer.experts)
            typer.echo(str(out / f"{genre}.png"))
            if films:
                _film(out / f"{genre}.mp4", request, danced, dancer.experts)
                typer.echo(str(out / f"{genre}.mp4"))
            advance(1.0)


def _clips(data: Path | None, experts: Sequence[str]) -> "dict[str, Clip]":
    """One for each genre: held out where there is one, with beats where they are known, and long."""
    from models.data.sources.folders import load_clips

    if data is None:
        return {}
    found: dict[str, Clip] = {}
    for clip in sorted(load_clips(data)[0], key=lambda c: (c.split == "test", c.beat_frames is not None, len(c))):
        if clip.genre in experts:
            found[clip.genre] = clip
    return found


def _request(genre: str, clip: "Clip | None", seconds: float, seed: int) -> "Request":
    """Music on the beats of the clip, or at a usual tempo."""
    from megadance_live.core.motion import FRAME_RATE_HZ
    from models.evaluation.programme import request_for, request_like

    if clip is None:
        return request_for(genre, seconds, seed)
    whole = request_like(clip, seed)
    frames = min(whole.frames, int(seconds * FRAME_RATE_HZ))
    cut_s = (whole.frames - frames) / FRAME_RATE_HZ
    return replace(whole, frames=frames, piece=replace(whole.piece, duration_s=whole.piece.duration_s - cut_s))


def _no_contacts() -> "npt.NDArray[np.float32]":
    import numpy as np

    return np.zeros(4, np.float32)


def _real(clip: "Clip", request: "Request") -> "Row":
    """The row of a real clip."""
    from megadance_live.core.motion import FRAME_RATE_HZ, PoseFrame
    from megadance_live.motion.strip import Row
    from models.data.travel import least_sliding

    root_m = clip.root_m if clip.travel_trusted else least_sliding(clip.root_m, clip.quats)
    count = min(request.frames, len(clip))
    poses = tuple(
        PoseFrame(i / FRAME_RATE_HZ, 0.0, root_m[i], clip.quats[i], _no_contacts(), clip.genre) for i in range(count)
    )
    return Row("real", poses, _beats(request))


def _made(genre: str, request: "Request", danced: "Danced") -> "Row":
    """The row of the dancer, at the frames of the clip."""
    import numpy as np

    from megadance_live.core.motion import FRAME_RATE_HZ, PoseFrame
    from megadance_live.motion.strip import Row
    from models.data.grid import sample_motion

    times = request.start_s + np.arange(request.frames) / FRAME_RATE_HZ
    index = np.interp(times, danced.times_s, np.arange(len(danced.times_s)))
    root_m, quats = sample_motion(danced.root_m, danced.quats, index.astype(np.float32))
    poses = tuple(
        PoseFrame(i / FRAME_RATE_HZ, 0.0, root_m[i], quats[i], _no_contacts(), genre) for i in range(request.frames)
    )
    return Row("made", poses, _beats(request))


def _beats(request: "Request") -> "npt.NDArray[np.float64]":
    import numpy as np

    from megadance_live.core.motion import FRAME_RATE_HZ

    return np.asarray((request.piece.beats_s - request.start_s) * FRAME_RATE_HZ, np.float64)


def _film(path: Path, request: "Request", danced: "Danced", experts: Sequence[str]) -> None:
    """The measured stretch, with its music."""
    import soundfile

    from megadance_live.commands.evaluation_stage import RATE_HZ, music_of
    from megadance_live.core.motion import FRAME_RATE_HZ, PoseFrame
    from megadance_live.motion.film import Film

    start_s, end_s = request.start_s, request.start_s + request.frames / FRAME_RATE_HZ
    samples = music_of(request.piece)[round(start_s * RATE_HZ) : round(end_s * RATE_HZ)]
    with TemporaryDirectory() as folder:
        sound = Path(folder) / "music.wav"
        soundfile.write(sound, samples, RATE_HZ)
        film = Film(path, experts=experts, audio=sound, size=FILM_SIZE)
        for time_s, root_m, quats in zip(danced.times_s, danced.root_m, danced.quats, strict=True):
            if start_s <= time_s < end_s:
                clock = _clock(request, float(time_s))
                pose = PoseFrame(time_s - start_s, clock.bars, root_m, quats, _no_contacts(), request.genre)
                film.pose(pose, clock)
        film.close()


def _clock(request: "Request", time_s: float) -> BarClock:
    """In the time of the film."""
    from megadance_live.music.known_beats import clock_at

    return replace(clock_at(time_s, request.piece.beats_s, _BEATS_PER_BAR), time_s=time_s - request.start_s)
