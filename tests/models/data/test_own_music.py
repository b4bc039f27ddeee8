"""Recordings that lie with the data, from the file to what the dancer has heard."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from megadance_live.core.errors import AudioSourceError, DataError
from megadance_live.core.music_frame import FEATURE_COUNT
from models.data import prepare as preparing
from models.data.clips import Clip, Music
from models.data.prepare import MUSIC_RATE_HZ, Progress, Recordings, own_music, prepare, with_beats_of_its_music
from models.data.prepared import load_prepared
from models.data.sources.folders import list_clips
from models.data.sources.source import Wishes
from tests.models.data.test_aist import write
from tests.models.made_up import F32, compose, hear, quats_of, sway

NAME = "gKR_sBM_cAll_d28_mKR2_ch01"


def ramp(path: Path, rate_hz: int, speed: float) -> F32:
    """Ten seconds in which every sample is its time in the recording."""
    if path.stem == "broken":
        raise AudioSourceError("broken.wav is no audio file")
    return (np.arange(round(10 * rate_hz / speed), dtype=np.float32) / rate_hz * speed)[:, None]


def follow(samples: F32, rate_hz: int) -> tuple[np.ndarray, np.ndarray]:
    times = np.arange(0.25, 10, 0.5)
    return times, np.arange(len(times)) % 4 + 1


def clip(music: Music | None, beats: F32 | None = None) -> Clip:
    poses, trans = sway(150, 15.0)
    return Clip("a.npz", "krump", "train", trans, quats_of(poses), beats, True, music)


def test_beats_are_heard_where_none_are_known() -> None:
    found = with_beats_of_its_music(clip(Music(Path("a.wav"), 3.0)), Recordings(ramp, follow))
    assert found.beat_frames is not None
    # Downbeats lie at 0.25 + 2 k seconds of the recording, of which the clip begins at 3.
    assert found.beat_frames[0] == pytest.approx((2.25 - 3) * 30)
    assert found.beat_frames[-1] < 150


def test_known_beats_stay_and_music_that_cannot_be_read_is_told() -> None:
    beats = np.arange(0, 150, 18, dtype=np.float32)
    kept = with_beats_of_its_music(clip(Music(Path("a.wav")), beats), Recordings(ramp, follow))
    assert kept.beat_frames is beats
    without = with_beats_of_its_music(clip(Music(Path("broken.wav"))), Recordings(ramp, follow))
    assert without.music is None
    assert "broken.wav is no audio file" in without.warnings[0]
    deaf = Recordings(ramp, lambda *_: (np.zeros(0), np.zeros(0, np.int64)))
    assert with_beats_of_its_music(clip(Music(Path("a.wav"))), deaf).beat_frames is None
    assert with_beats_of_its_music(clip(Music(Path("a.wav"))), None).music is None


@pytest.mark.parametrize("tempo", [1.0, 1.25])
def test_a_recording_is_heard_in_step_with_the_dance(tempo: float) -> None:
    played = own_music(Music(Path("a.wav"), 2.0), tempo, Recordings(ramp, follow))
    part = played(1.0, 4.0)[:, 0]
    assert len(part) == 4 * MUSIC_RATE_HZ
    at = np.array([0.0, 1.0, 3.9])  # s; the dance begins at 1
    expected = 2.0 + (at - 1) * tempo
    np.testing.assert_allclose(part[np.round(at * MUSIC_RATE_HZ).astype(int)], expected, atol=1e-3)
    before = own_music(Music(Path("a.wav"), -1.0), tempo, Recordings(ramp, follow))(0.5, 20.0)[:, 0]
    assert before[: MUSIC_RATE_HZ // 2].max() == 0
    assert before[-1] == 0


def watched(steps: Iterator[Progress]) -> list[Progress]:
    return list(steps)


def test_a_recording_is_the_first_render_and_is_taken_when_it_comes_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path / "data" / "motions" / f"{NAME}.pkl")
    recordings = Recordings(ramp, follow)
    listing = list_clips(tmp_path / "data")
    out = tmp_path / "out"
    steps = watched(prepare(listing, out, compose, hear, recordings=recordings, tempos=0))
    assert steps[0].facts is not None
    assert (steps[0].facts.beats, steps[0].facts.music) == ("known", False)
    assert not load_prepared(out)[0].own_music
    (tmp_path / "songs").mkdir()
    (tmp_path / "songs" / "mKR2.wav").touch()
    listing = list_clips(tmp_path / "data", Wishes(music=tmp_path / "songs"))
    steps = watched(prepare(listing, out, compose, hear, recordings=recordings, tempos=0))
    assert steps[0].facts is not None
    assert steps[0].facts.music
    prepared = load_prepared(out)[0]
    assert prepared.own_music
    assert prepared.features.shape[2] == FEATURE_COUNT
    # The ramp rises; bursts of noise do not. Silence comes first, as the recording begins with the dance.
    loud = prepared.features[0, :, 5]
    assert loud[:30].max() == 0
    assert (np.diff(loud[-60:]) > 0).all()
    assert not (np.diff(prepared.features[1, -60:, 5]) > 0).all()

    def never(*_: object) -> None:
        raise AssertionError("prepared again")

    monkeypatch.setattr(preparing, "prepare_clip", never)
    again = watched(prepare(listing, out, compose, hear, recordings=recordings, tempos=0))
    assert again == steps


def test_a_clip_whose_label_has_changed_is_prepared_again(tmp_path: Path) -> None:
    path = write(tmp_path / "data" / "dance.pkl")
    for genre in ("krump", "house"):
        listing = list_clips(path.parent, Wishes(genre=genre))
        watched(prepare(listing, tmp_path / "out", compose, hear, tempos=0, renders=1))
        assert [one.genre for one in load_prepared(tmp_path / "out")] == [genre]


def test_a_clip_that_is_held_out_or_left_out_later_leaves_nothing_to_train_on(tmp_path: Path) -> None:
    motions = tmp_path / "data" / "motions"
    write(motions / f"{NAME}.pkl")
    write(motions / f"{NAME[:-1]}2.pkl")
    out = tmp_path / "out"

    def splits() -> set[str]:
        watched(prepare(list_clips(tmp_path / "data"), out, compose, hear, tempos=2, renders=1))
        return {one.split for one in load_prepared(out) if one.name == f"motions_{NAME}.pkl"}

    assert splits() == {"train"}
    (tmp_path / "data" / "splits").mkdir()
    for split, name in (("test", NAME), ("train", f"{NAME[:-1]}2")):
        (tmp_path / "data" / "splits" / f"crossmodal_{split}.txt").write_text(name, encoding="utf-8")
    assert splits() == {"test"}
    (tmp_path / "data" / "ignore_list.txt").write_text(NAME, encoding="utf-8")
    assert splits() == set()
    assert len(load_prepared(out)) == 3


def test_a_folder_of_nothing_but_bad_clips_is_an_error_after_all_are_reported(tmp_path: Path) -> None:
    write(tmp_path / "data" / f"{NAME}.pkl", 4)
    steps = prepare(list_clips(tmp_path / "data"), tmp_path / "out", compose, hear)
    assert next(steps).skipped is not None
    with pytest.raises(DataError, match="no clip that can be used"):
        next(steps)


def test_a_replaced_clip_keeps_its_warnings() -> None:
    odd = replace(clip(None), warnings=("jumps",)).warned("slopes")
    assert odd.warnings == ("jumps", "slopes")
