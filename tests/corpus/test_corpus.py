from pathlib import Path

import mido
import numpy as np
import pytest

from megadance_live.audio.drums import LANE_GAIN
from megadance_live.audio.harmony import Note
from megadance_live.audio.patterns import BASS, CHORD_RHYTHMS, steps, steps_per_beat
from megadance_live.audio.sequencer import BeatGrid
from megadance_live.core.errors import DataError
from megadance_live.corpus import piece, sampler
from megadance_live.corpus.band import TICKS_PER_S, band_player, can_render, soundfonts
from megadance_live.corpus.families import FAMILIES
from megadance_live.corpus.grooves import accompany, can_accompany, grooves, notes_of
from megadance_live.corpus.kinds import available
from megadance_live.corpus.song import draw_song, drawn_kit, perform
from megadance_live.corpus.speech import can_speak, speech, spoken
from megadance_live.corpus.still import still
from megadance_live.corpus.tempo import FASTEST_BPM, SLOWEST_BPM, draw_beats

RATE_HZ = 15_360


@pytest.mark.parametrize("name", FAMILIES)
def test_every_family_can_be_played(name: str) -> None:
    family = FAMILIES[name]
    low, high = family.bpm
    assert SLOWEST_BPM <= low < high <= FASTEST_BPM
    assert all(habit in BASS for habit in family.bass)
    assert all(habit in CHORD_RHYTHMS for habit in family.chords)
    for pattern in family.drums:
        for lane, text in pattern.items():
            assert lane in LANE_GAIN
            assert set(text) <= set("xo-.|")
            beats = [len(beat) for beat in text.split("|")]
            assert set(beats) == {steps_per_beat(text)}
            assert len(steps(text, family.beats_per_bar)) % (family.beats_per_bar * steps_per_beat(text)) == 0


@pytest.mark.parametrize("seed", range(40))
def test_grids_rise_within_the_tempi_of_music_from_a_downbeat_on(seed: int) -> None:
    times_s = draw_beats(np.random.default_rng(seed), 80, 160, 30, 4)
    bpm = 60 / np.diff(times_s)
    assert bpm.min() >= SLOWEST_BPM - 0.01
    assert bpm.max() <= FASTEST_BPM + 0.01
    assert times_s[0] <= 0
    assert times_s[0] > -4 * 60 / bpm[0] - 1e-6
    assert times_s[-1] > 30


def test_some_music_is_steady_and_some_is_not() -> None:
    spreads = [np.ptp(np.diff(draw_beats(np.random.default_rng(k), 100, 140, 60, 4))) for k in range(60)]
    steady = np.mean(np.array(spreads) < 1e-9)
    assert 0.5 < steady < 0.8


def test_a_piece_is_the_same_for_the_same_seed_and_sounds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(piece, "SECONDS", 8.0)
    one, again, other = (piece.synthesised(np.random.default_rng(seed), RATE_HZ) for seed in (2, 2, 3))
    np.testing.assert_array_equal(one.samples, again.samples)
    assert one.samples.shape == (8 * RATE_HZ,)
    assert not np.array_equal(one.samples, other.samples)
    assert 0.05 < np.abs(one.samples).max() <= 1
    assert one.beats_s.min() >= 0
    assert one.beats_s.max() < 8
    assert one.numbers.min() >= 1


def test_kits_differ() -> None:
    rng = np.random.default_rng(0)
    assert len({drawn_kit(rng) for _ in range(8)}) == 8


def test_a_band_plays_the_kick_on_the_grid(tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    song = draw_song(rng)
    while song.name != "techno" or "kick" not in song.patterns[0]:
        song = draw_song(rng)
    grid = BeatGrid(np.arange(0.2, 20, 0.5), song.family.beats_per_bar)
    player = band_player(song, grid, rng)
    player.drums(2, song.patterns[0], dict.fromkeys(song.patterns[0], 1.0), 4.0)
    player.save(tmp_path / "a.mid")
    kicks, now = [], 0
    for message in mido.MidiFile(tmp_path / "a.mid").tracks[0]:
        now += message.time
        if message.type == "note_on" and message.note == 36:
            kicks.append(now / TICKS_PER_S)
    assert kicks
    sixteenths = (np.array(kicks) - 0.2) / 0.125
    assert np.abs(sixteenths - np.round(sixteenths)).max() < 0.1
    assert min(kicks) >= 0.2 + 8 * 0.5 - 0.02


def test_a_whole_song_of_a_band_is_one_midi_file(tmp_path: Path) -> None:
    rng = np.random.default_rng(5)
    song = draw_song(rng)
    player = band_player(song, BeatGrid(np.arange(0, 40, 0.5), song.family.beats_per_bar), rng)
    perform(song, player, rng, 12)
    player.save(tmp_path / "a.mid")
    sounding: set[tuple[int, int]] = set()
    for message in mido.MidiFile(tmp_path / "a.mid").tracks[0]:
        if message.type == "note_on":
            sounding.add((message.channel, message.note))
        elif message.type == "note_off":
            sounding.discard((message.channel, message.note))
    assert not sounding


def test_what_this_machine_cannot_render_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("megadance_live.corpus.kinds.can_render", lambda: False)
    assert set(available()) == {"synth", "still"}


@pytest.mark.parametrize("seed", range(16))
def test_sound_without_a_beat_is_finite_and_heard(seed: int) -> None:
    samples, _ = still(np.random.default_rng(seed), 5.0, RATE_HZ)
    assert samples.shape == (5 * RATE_HZ,)
    assert np.isfinite(samples).all()
    assert 0.05 < np.abs(samples).max() <= 1


def test_speech_is_made_up_also_without_a_program_that_speaks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.which", lambda _: None)
    assert not can_speak()
    for seed in range(4):
        said = speech(np.random.default_rng(seed), 3 * RATE_HZ, RATE_HZ)
        assert said.shape == (3 * RATE_HZ,)
        assert np.abs(said).max() == pytest.approx(1)


@pytest.mark.skipif(not can_speak(), reason="espeak-ng is not installed")
def test_a_voice_speaks_faster_when_asked_and_an_unknown_one_is_refused() -> None:
    slow, fast = (spoken("one two three four five", "en-gb+f2", speed, 50, RATE_HZ) for speed in (100, 200))
    assert len(fast) < 0.8 * len(slow)
    assert 0.01 < np.abs(slow).max() <= 1.1
    with pytest.raises(DataError, match="espeak-ng"):
        spoken("one", "no such voice", 150, 50, RATE_HZ)


@pytest.mark.skipif(not can_render(), reason="fluidsynth or its soundfonts are not installed")
def test_a_band_is_heard_where_its_beats_are(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(piece, "SECONDS", 6.0)
    made = piece.played(np.random.default_rng(1), RATE_HZ)
    assert made.samples.shape == (6 * RATE_HZ,)
    assert made.samples.std() > 1e-4
    assert len(made.beats_s) == len(made.numbers) > 3


@pytest.mark.skipif(not can_render(), reason="fluidsynth or its soundfonts are not installed")
def test_a_sampler_plays_a_recording_faster_for_higher_notes() -> None:
    font = soundfonts()[0]
    low, high = (sampler.pitched(font, 80, key, RATE_HZ) for key in (60, 72))
    strongest = [
        float(np.argmax(np.abs(np.fft.rfft(note[:8_192] * np.hanning(8_192))))) * RATE_HZ / 8_192
        for note in (low, high)
    ]
    assert strongest[1] / strongest[0] == pytest.approx(2.0, rel=0.05)


@pytest.mark.skipif(not sampler.drum_kits(), reason="no sampled drum kits are installed")
def test_the_strokes_of_a_sampled_kit_begin_at_once() -> None:
    for stroke in sampler.strokes(sampler.drum_kits()[0], RATE_HZ).values():
        assert np.abs(stroke).max() == pytest.approx(1.0)
        assert np.flatnonzero(np.abs(stroke) > 0.05)[0] < 0.005 * RATE_HZ


def test_the_notes_of_a_file_are_read_back(tmp_path: Path) -> None:
    rng = np.random.default_rng(5)
    song = draw_song(rng)
    player = band_player(song, BeatGrid(np.arange(0, 40, 0.5), song.family.beats_per_bar), rng)
    player.melody(0, (Note(0, 2, 7), Note(4, 2, 9)), 60, "major", 1.0)
    player.save(tmp_path / "a.mid")
    notes, cast = notes_of(tmp_path / "a.mid")
    assert [note.key for note in notes] == [note.key for note in player.notes]
    np.testing.assert_allclose([n.start_s for n in notes], [n.start_s for n in player.notes], atol=1e-3)
    assert cast.programs == player.cast.programs


@pytest.mark.skipif(not can_accompany(), reason="mma is not installed")
def test_a_groove_follows_its_tempo_map(tmp_path: Path) -> None:
    rock = next(groove for groove in grooves() if groove.name == "BasicRock")
    grid = accompany(rock, np.random.default_rng(3), 10.0, tmp_path / "a.mid")
    assert grid.beats_per_bar == 4
    assert grid.beats_s[0] == 0
    assert grid.beats_s[-1] > 10
    assert mido.MidiFile(tmp_path / "a.mid").length == pytest.approx(grid.beats_s[-1], abs=2.0)


def test_a_song_can_be_played_on_given_beats() -> None:
    times_s = np.arange(17) * 0.5
    first = piece.synthesised_on(times_s, 4, np.random.default_rng(1), RATE_HZ, 8.0)
    assert first.shape == (8 * RATE_HZ,)
    assert np.isfinite(first).all()
    assert np.abs(first).max() > 0.1
    np.testing.assert_array_equal(first, piece.synthesised_on(times_s, 4, np.random.default_rng(1), RATE_HZ, 8.0))
