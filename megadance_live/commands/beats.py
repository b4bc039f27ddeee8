"""`megadance-live prepare-beats`, `train beats` and `export-beats`: from music with known beats to the beat network."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from megadance_live.commands.training import follow, train
from megadance_live.commands.training_options import How, RateOption, SeedOption, StepsOption, trains

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from models.beats.batches import Ears

DataArgument = Annotated[Path, typer.Argument(metavar="DATA", help="Folder that `prepare-beats` has written.")]
RunArgument = Annotated[
    Path, typer.Argument(metavar="RUN", help="Folder of this training; one that was interrupted goes on.")
]


def prepare_beats(
    data: Annotated[Path, typer.Argument(metavar="DATA", help="Folder for the result.")],
    hours: Annotated[
        float, typer.Option("--hours", metavar="H", min=0.0, help="How much music to make up, of each kind.")
    ] = 20.0,
    recordings: Annotated[
        Path | None,
        typer.Option("--recordings", metavar="DIR", help="Recordings with a .beats file beside each, to add."),
    ] = None,
    without: Annotated[
        list[str] | None,
        typer.Option("--without", metavar="WORD", help="Leave out recordings whose row in index.tsv has this word."),
    ] = None,
    seed: SeedOption = 0,
) -> None:
    """Make up music whose beats are known, and hear it as on stage. One that was interrupted goes on."""
    import numpy as np

    from megadance_live.commands.progress import progress
    from megadance_live.core.music_frame import FEATURE_RATE_HZ
    from megadance_live.corpus.kinds import available
    from megadance_live.corpus.piece import SECONDS
    from models.beats.pieces import Piece, prepare_recordings

    if recordings is not None:
        with progress("Hearing", 0.0) as bar:
            for _, total in prepare_recordings(recordings, data / recordings.name, hear_file, tuple(without or ())):
                bar(1.0, total=total)
    for kind, how in available().items():
        (data / kind).mkdir(parents=True, exist_ok=True)
        count = round(how.share * hours * 3600 / SECONDS)
        with progress(f"Composing ({kind})", float(count)) as bar:
            for index in range(count):
                path = data / kind / f"{seed:02}_{index:05}.npz"
                if not path.exists():
                    made = how.render(np.random.default_rng([seed, how.number, index]), FEATURE_RATE_HZ)
                    bands_db = hear(made.samples).astype(np.float16)
                    Piece(bands_db, made.beats_s, made.numbers, f"{kind}: {made.title}").save(path)
                bar(1.0)
    typer.echo(f"Prepared: {data}")


@train.command("beats")
@trains
def train_beats(
    data: DataArgument,
    run: RunArgument,
    how: How,
    steps: StepsOption = 10_000,
    learning_rate: RateOption = 2e-3,
    start: Annotated[
        Path | None,
        typer.Option("--from", metavar="RUN", help="Begin with what that training has learnt, not with nothing."),
    ] = None,
    favour: Annotated[
        str, typer.Option("--favour", metavar="NAME", help="A folder in DATA that is heard more often than its size.")
    ] = "",
    share: Annotated[
        float, typer.Option("--share", min=0.0, max=1.0, help="How much of all music comes from the favoured folder.")
    ] = 0.3,
) -> None:
    """Train the beat network, which hears where beats and bars begin."""
    from megadance_live.corpus.kinds import STILL
    from megadance_live.music.beat_spectrum import BEAT_FRAME_RATE_HZ, INPUTS
    from models.beats.config import BeatNetConfig
    from models.beats.training import Diet
    from models.beats.training import train_beats as train_it

    config = BeatNetConfig(inputs=INPUTS, frame_rate_hz=BEAT_FRAME_RATE_HZ)
    loop = how.loop(steps, learning_rate, ema_decay=0.995, checkpoint_every=100)
    follow("Beats", train_it(data, run, config, ears(), loop, Diet(STILL, favour, share), start), steps)


def export_beats(
    data: DataArgument,
    run: RunArgument,
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The folder to write.")],
) -> None:
    """Measure what the last checkpoint of a training has learnt, and write it as the beat network that plays live."""
    from megadance_live.core.errors import WeightsError
    from models.beats.export import export_beats as export_it
    from models.beats.pieces import credited, split
    from models.beats.training import load_beats, measured

    network, steps = load_beats(run)
    facts = {"steps": steps, "held_out": measured(network, split(data)[1], ears())}
    try:
        export_it(network, folder, facts, credited(data))
    except OSError as error:
        raise WeightsError(f"{folder} cannot be written ({error.strerror}); name another folder.") from error
    typer.echo(f"Beat network: {folder}")


def ears() -> "Ears":
    """How the live front end hears."""
    from megadance_live.music.beat_spectrum import LONG_BANDS, LONG_BANDS_PER_OCTAVE
    from models.beats.batches import Ears

    return Ears(normalise, LONG_BANDS, LONG_BANDS_PER_OCTAVE)


def normalise(bands_db: "npt.NDArray[np.float32]") -> "npt.NDArray[np.float32]":
    """Network inputs [..., T, inputs] from band levels [..., T, bands], by the running level of the front end."""
    from megadance_live.music.beat_spectrum import relative, silent_level

    return relative(bands_db, silent_level(bands_db.shape[:-2]))[0]


def hear(samples: "npt.NDArray[np.float32]") -> "npt.NDArray[np.float32]":
    """Band levels [frames, bands] of samples [n] at 15,360 Hz."""
    from megadance_live.core.music_frame import FEATURE_HOP
    from megadance_live.music.beat_spectrum import heard_bands_db

    whole = len(samples) // FEATURE_HOP * FEATURE_HOP
    return heard_bands_db(samples[:whole].reshape(-1, FEATURE_HOP))


def hear_file(path: Path) -> "npt.NDArray[np.float32]":
    """Band levels of a file, by the very steps of a stream, moved back by the resampler's delay."""
    import soundfile

    from megadance_live.core.errors import DataError
    from megadance_live.music.beat_spectrum import heard_bands_db
    from megadance_live.music.resample import Resampler

    try:
        samples, rate_hz = soundfile.read(path, dtype="float32", always_2d=True)
    except soundfile.LibsndfileError as error:
        raise DataError(f"{path} cannot be read as audio; take it away, or its .beats file.") from error
    resampler = Resampler(rate_hz)
    return heard_bands_db(resampler.step(samples, resampler.initial_state())[0])
