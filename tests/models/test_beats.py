from pathlib import Path

import numpy as np
import pytest
import torch

from megadance_live.commands.beats import ears
from megadance_live.core.errors import DataError
from megadance_live.music.beat_spectrum import BANDS, INPUTS, LONG_BANDS
from models.beats import training
from models.beats.batches import Music, varied
from models.beats.config import METRES, BeatNetConfig
from models.beats.damage import FLOOR_DB, equalised, noisy, stretched, together, transposed
from models.beats.model import BeatNet
from models.beats.pieces import HELD_OUT_EVERY, Piece, load_piece, prepare_recordings, read_beats, split
from models.beats.targets import UNKNOWN, targets, tempo_class
from models.beats.training import Diet, load_beats, train_beats
from models.training.config import LoopConfig
from models.training.report import Report

CONFIG = BeatNetConfig(inputs=INPUTS, channels=8, blocks=3, tempi=12)
RATE = CONFIG.frame_rate_hz
LOOP = LoopConfig(
    steps=30, checkpoint_every=15, report_every=5, warmup_steps=2, precision="32-true", learning_rate=1e-2
)


def clicks(bpm: float, seconds: float = 12.0, seed: int = 0) -> Piece:
    """Noise that swells at every beat."""
    rng = np.random.default_rng(seed)
    beats_s = np.arange(0.3, seconds, 60 / bpm)
    bands_db = rng.normal(-70, 2, (round(seconds * RATE), BANDS))
    for frame in np.ceil(beats_s * RATE).astype(int):
        bands_db[frame : frame + 3] += 40
    numbers = (np.arange(len(beats_s)) % 4 + 1).astype(np.int8)
    return Piece(bands_db.astype(np.float16), beats_s, numbers, f"clicks at {bpm}")


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pieces")
    (folder / "clicks").mkdir()
    for k in range(6):
        clicks(90 + 15 * k, seed=k).save(folder / "clicks" / f"{k}.npz")
    return folder


@pytest.fixture(autouse=True)
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(training, "BATCH", 4)
    monkeypatch.setattr(training, "STRETCH_S", 6)
    monkeypatch.setattr(training, "_STATISTICS_BATCHES", 1)


def test_pieces_are_kept_whole_and_split(data: Path) -> None:
    piece, made = load_piece(data / "clicks" / "1.npz"), clicks(105, seed=1)
    np.testing.assert_array_equal(piece.bands_db, made.bands_db)
    np.testing.assert_array_equal(piece.beats_s, made.beats_s)
    assert piece.source == made.source
    known, held_out = split(data)
    assert not set(known) & set(held_out)
    assert len(held_out) == 1 + 5 // HELD_OUT_EVERY


def test_a_folder_without_pieces_and_a_broken_piece_are_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="too few"):
        split(tmp_path)
    (tmp_path / "broken.npz").write_bytes(b"no")
    with pytest.raises(DataError, match="no piece of music"):
        load_piece(tmp_path / "broken.npz")


def test_beats_are_read_from_lines_and_nonsense_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.beats"
    path.write_text("0.5\t1\n1.0\t2\n")
    times_s, numbers = read_beats(path)
    np.testing.assert_array_equal(times_s, [0.5, 1.0])
    np.testing.assert_array_equal(numbers, [1, 2])
    for text in ("one two", "1.0\t1\n0.5\t2\n", "0.5\n"):
        path.write_text(text)
        with pytest.raises(DataError):
            read_beats(path)


def test_recordings_with_beats_beside_them_become_pieces(tmp_path: Path) -> None:
    for name in ("a.wav", "b.wav"):
        (tmp_path / name).write_bytes(b"")
    (tmp_path / "a.beats").write_text("0.5\t1\n1.0\t2\n")
    done = list(prepare_recordings(tmp_path, tmp_path / "out", lambda _: np.zeros((60, BANDS), np.float32)))
    assert done == [("a", 1)]
    assert len(load_piece(tmp_path / "out" / "a.npz").bands_db) == 60


def test_targets_peak_where_an_activation_says_the_beat() -> None:
    beats_s, numbers = np.array([0.5, 1.0, 1.5, 2.0, 2.5]), np.array([4, 1, 2, 3, 1])
    wanted = targets(beats_s, numbers, 3 * RATE, CONFIG)
    peaks = np.flatnonzero(wanted.beat == 1)
    np.testing.assert_allclose((peaks + 1 - CONFIG.delay_frames) / RATE, beats_s)
    np.testing.assert_allclose((np.flatnonzero(wanted.downbeat == 1) + 1 - CONFIG.delay_frames) / RATE, [1.0, 2.5])
    inside = slice(round(0.6 * RATE), round(2.4 * RATE))
    assert set(wanted.tempo[inside]) == {int(tempo_class(120, CONFIG))}
    assert wanted.tempo[0] == CONFIG.tempi
    assert wanted.tempo[-1] == CONFIG.tempi
    assert wanted.metre[round(1.2 * RATE)] == METRES.index(3)
    assert wanted.metre[0] == len(METRES)


def test_unknown_bars_are_left_out_and_no_beats_are_none() -> None:
    unknown = targets(np.array([0.5, 1.0, 1.5]), np.zeros(3, np.int8), 2 * RATE, CONFIG)
    assert np.isnan(unknown.downbeat).all()
    assert unknown.metre[RATE] == UNKNOWN
    nothing = targets(np.zeros(0), np.zeros(0, np.int8), RATE, CONFIG)
    assert not nothing.beat.any()
    assert not nothing.downbeat.any()
    assert (nothing.tempo == CONFIG.tempi).all()


def test_damage_keeps_the_shape_and_does_what_it_says() -> None:
    rng = np.random.default_rng(1)
    bands_db = rng.normal(-50, 10, (200, BANDS)).astype(np.float32)
    twice = stretched(bands_db, 2.0, 90)
    np.testing.assert_allclose(twice[40], bands_db[80], atol=1e-4)
    up = transposed(bands_db, 1, 9, LONG_BANDS)
    np.testing.assert_array_equal(up[:, 3:LONG_BANDS], bands_db[:, : LONG_BANDS - 3])
    np.testing.assert_array_equal(up[:, LONG_BANDS + 1 :], bands_db[:, LONG_BANDS:-1])
    louder = noisy(bands_db, rng, LONG_BANDS)
    assert (louder >= bands_db - 1e-2).all()
    mixed = together(bands_db, bands_db, 0.0, LONG_BANDS)
    np.testing.assert_allclose(mixed - bands_db, 10 * np.log10(2), atol=1e-2)
    curve = equalised(bands_db, rng, LONG_BANDS) - bands_db
    np.testing.assert_allclose(curve, np.broadcast_to(curve[0], curve.shape), atol=1e-3)


def test_a_stretch_keeps_sound_and_beats_together(data: Path) -> None:
    known, _ = split(data)
    rng = np.random.default_rng(4)
    errors = []
    for _ in range(12):
        bands_db, wanted = varied(Music(tuple(known)), rng, 4 * RATE, CONFIG, ears())
        assert bands_db.shape == (4 * RATE, BANDS)
        assert np.isfinite(bands_db).all()
        assert bands_db.min() >= FLOOR_DB
        rises = np.flatnonzero(np.diff(bands_db[:, :LONG_BANDS].mean(axis=1)) > 12) + 1
        for beat in np.flatnonzero(wanted.beat > 0.75) - CONFIG.delay_frames:
            if len(rises) and np.abs(rises - beat).min() < 8:
                errors.append(np.abs(rises - beat).min())
    assert len(errors) > 20
    assert np.mean(errors) < 2.0


def test_sound_without_beats_can_be_cut_and_laid_over(tmp_path: Path) -> None:
    still = Piece(np.full((8 * RATE, BANDS), -60, np.float16), np.zeros(0), np.zeros(0, np.int8), "still")
    still.save(tmp_path / "still.npz")
    music = Music((tmp_path / "still.npz",), (tmp_path / "still.npz",))
    rng = np.random.default_rng(0)
    for _ in range(60):
        bands_db, wanted = varied(music, rng, 2 * RATE, CONFIG, ears())
        assert len(bands_db) == 2 * RATE
        assert not wanted.beat.any()


def test_the_network_does_not_see_the_future() -> None:
    net = BeatNet(CONFIG).eval()
    inputs = torch.rand(1, 60, INPUTS)
    other = inputs.clone()
    other[:, 40:] = torch.rand(1, 20, INPUTS)
    with torch.no_grad():
        one, two = net(inputs), net(other)
    torch.testing.assert_close(one.beat[:, :40], two.beat[:, :40])
    assert not torch.allclose(one.beat[:, 40:], two.beat[:, 40:])


def test_training_learns_and_leaves_a_network(data: Path, tmp_path: Path) -> None:
    reports: list[Report] = list(train_beats(data, tmp_path, CONFIG, ears(), LOOP))
    assert reports[-1].parts["beat"] < 0.9 * reports[0].parts["beat"]
    assert reports[-1].held_out is not None
    assert set(reports[-1].held_out) == {"beat", "downbeat", "tempo", "metre"}
    net, step = load_beats(tmp_path)
    assert net.config == CONFIG
    assert step == LOOP.steps


def test_an_interrupted_training_goes_on_to_the_same_end(data: Path, tmp_path: Path) -> None:
    straight = list(train_beats(data, tmp_path / "straight", CONFIG, ears(), LOOP))
    for report in train_beats(data, tmp_path / "cut", CONFIG, ears(), LOOP):
        if report.step == 15:
            break
    resumed = list(train_beats(data, tmp_path / "cut", CONFIG, ears(), LOOP))
    assert resumed[-1].parts["beat"] == pytest.approx(straight[-1].parts["beat"], rel=1e-4)


def test_a_training_can_begin_with_what_another_has_learnt(data: Path, tmp_path: Path) -> None:
    first = list(train_beats(data, tmp_path / "first", CONFIG, ears(), LOOP))
    second = list(train_beats(data, tmp_path / "second", CONFIG, ears(), LOOP, start=tmp_path / "first"))
    assert second[0].parts["beat"] < first[0].parts["beat"]
    with pytest.raises(DataError, match="train beats"):
        list(train_beats(data, tmp_path / "third", CONFIG, ears(), LOOP, start=tmp_path / "nothing"))


def test_favoured_pieces_are_drawn_as_often_as_asked(data: Path) -> None:
    paths, _ = split(data)
    music = Music(tuple(paths[1:]), favoured=(paths[0],), share=0.5)
    rng = np.random.default_rng(2)
    favoured = load_piece(paths[0]).source
    drawn = [music.drawn(rng).source for _ in range(200)]
    assert 70 < drawn.count(favoured) < 130


def test_a_favoured_folder_that_is_not_there_is_refused(data: Path, tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no folder rock"):
        list(train_beats(data, tmp_path, CONFIG, ears(), LOOP, Diet(favoured="rock")))


def test_asking_for_a_network_that_was_not_trained_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="train beats"):
        load_beats(tmp_path)
