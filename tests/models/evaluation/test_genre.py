"""The classifier, its training and its folder."""

from pathlib import Path

import numpy as np
import pytest
import torch

from megadance_live.core.errors import DataError, WeightsError
from models.description import experts_of
from models.evaluation import genre_training
from models.evaluation.genre_folder import SHIPPED, load_genre_net, save_genre_net
from models.evaluation.genre_net import STYLE_SIZE, GenreConfig, GenreNet, see
from models.evaluation.genre_training import measure_classifier, train_classifier
from models.evaluation.motion import Motion
from models.training.config import LoopConfig
from tests.models.evaluation.motions import swaying
from tests.models.made_up import write_data


def net_of(*genres: str) -> GenreNet:
    torch.manual_seed(0)
    return GenreNet(GenreConfig(genres=genres, widths=(8, 8, 8))).eval()


def test_it_sees_stretches_of_any_length_and_neither_place_nor_heading() -> None:
    net = net_of("house", "krump")
    dance = swaying(150, "house")
    seen = see(net, [dance])
    assert seen.style.shape == (1, STYLE_SIZE)
    assert seen.probability.sum() == pytest.approx(1.0)
    turned = dance.joints_m * np.array([-1.0, 1.0, -1.0]) + np.array([2.0, 0.0, 1.0])
    elsewhere = Motion("", "house", turned, dance.heading_rad + np.pi, dance.beat_frames)
    np.testing.assert_allclose(see(net, [elsewhere]).style, seen.style, atol=1e-5)
    assert see(net, [dance.cut(0, 60)]).style.shape == (1, STYLE_SIZE)
    assert see(net, []).probability.shape == (0, 2)


def test_a_classifier_comes_back_from_its_folder(tmp_path: Path) -> None:
    net = net_of("house", "krump")
    save_genre_net(net, tmp_path, {"steps": 1, "held_out": {"accuracy": 0.5}})
    back = load_genre_net(tmp_path)
    assert back.config == net.config
    dance = swaying(150, "house")
    np.testing.assert_allclose(see(back, [dance]).probability, see(net, [dance]).probability, atol=2e-2)
    assert "mocap.cs.cmu.edu" in (tmp_path / "README.md").read_text(encoding="utf-8")


def test_a_folder_without_a_classifier_is_refused_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match="train classifier"):
        load_genre_net(tmp_path)
    (tmp_path / "genre.json").write_text('{"format": 99}', encoding="utf-8")
    with pytest.raises(WeightsError, match="another version"):
        load_genre_net(tmp_path)


def test_the_classifier_that_ships_knows_every_genre_of_the_dancer_that_ships() -> None:
    assert set(load_genre_net().config.genres) >= set(experts_of())
    assert (SHIPPED / "genre.safetensors").stat().st_size < 2_000_000


def test_training_learns_to_tell_two_made_up_genres_apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(genre_training, "BATCH", 8)
    data = write_data(tmp_path / "data", clips=9)
    for number in range(1, 9, 2):  # those of krump dance with their arms up
        path = data / f"clip{number}.npz"
        with np.load(path) as clip:
            arrays = dict(clip)
        arrays["poses"][:, (16, 17), 2] += np.array([1.2, -1.2], np.float32)
        np.savez(path, **arrays)
    loop = LoopConfig(steps=30, learning_rate=3e-3, ema_decay=0.5, warmup_steps=2, precision="32-true")
    (tmp_path / "run").mkdir()
    reports = list(train_classifier(data, tmp_path / "run", loop))
    assert reports[-1].held_out is not None
    assert load_genre_net(tmp_path / "run").config.genres == ("house", "krump")
    assert reports[-1].parts["correct"] > 0.9
    assert reports[-1].held_out["accuracy"] == 1.0


def test_data_of_one_genre_is_refused(tmp_path: Path) -> None:
    data = write_data(tmp_path / "data", clips=1)
    with pytest.raises(DataError, match="fewer than two"):
        list(train_classifier(data, tmp_path / "run", LoopConfig(steps=1)))


def test_accuracy_leaves_out_genres_that_the_classifier_does_not_know() -> None:
    found = measure_classifier(net_of("house", "krump"), [swaying(300, "house"), swaying(300, "waltz")])
    alone = measure_classifier(net_of("house", "krump"), [swaying(300, "house")])
    assert found == alone
    assert np.isnan(measure_classifier(net_of("house", "krump"), [])["accuracy"])
