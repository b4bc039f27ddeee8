import json
from pathlib import Path

import numpy as np
import pytest
import torch

from megadance_live.core.errors import WeightsError
from megadance_live.music.beat_net import REST_HOPS, BeatNet, load_beat_net
from megadance_live.music.beat_spectrum import BEAT_FRAME_RATE_HZ, FRAMES_PER_HOP, INPUTS
from models.beats.config import METRES, BeatNetConfig
from models.beats.export import export_beats
from models.beats.model import BeatNet as Trained
from tests.contract import verify_contract

SMALL = BeatNetConfig(inputs=INPUTS, channels=12, blocks=3, tempi=10)


def trained() -> Trained:
    torch.manual_seed(3)
    net = Trained(SMALL).eval()
    net.mean.copy_(torch.rand(INPUTS))
    net.std.copy_(0.5 + torch.rand(INPUTS))
    return net


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("beats")
    export_beats(trained(), folder, {"steps": 3, "held_out": {"beat": 1.5}})
    return folder


@pytest.fixture(scope="module")
def net(folder: Path) -> BeatNet:
    return load_beat_net(folder)


def heard(seed: int, hops: int = 60) -> list[np.ndarray]:
    rng = np.random.default_rng(seed)
    return list(np.abs(rng.standard_normal((hops, FRAMES_PER_HOP, INPUTS))).astype(np.float32))


def test_contract(net: BeatNet) -> None:
    verify_contract(net, heard, cuts=((1,), (2, 0, 7), (50,)))


def test_it_says_what_the_trained_network_says(net: BeatNet) -> None:
    inputs = heard(5)
    said, _ = net.step(inputs, net.initial_state())
    with torch.no_grad():
        wanted = trained()(torch.from_numpy(np.concatenate(inputs)[None]))
    np.testing.assert_allclose(np.concatenate([s.beat for s in said]), wanted.beat[0].sigmoid(), atol=2e-3)
    np.testing.assert_allclose(np.concatenate([s.downbeat for s in said]), wanted.downbeat[0].sigmoid(), atol=2e-3)
    np.testing.assert_allclose(np.stack([s.tempo for s in said]), wanted.tempo[0].softmax(-1), atol=2e-3)
    np.testing.assert_allclose(np.stack([s.metre for s in said]), wanted.metre[0].softmax(-1), atol=2e-3)


def test_a_model_card_tells_what_it_was_trained_on(folder: Path) -> None:
    card = (folder / "README.md").read_text()
    assert "beat 1.500" in card
    assert "3 steps" in card


def test_what_it_means_is_told_with_it(net: BeatNet) -> None:
    assert net.metres == METRES
    assert len(net.tempi_bpm) == SMALL.tempi
    assert SMALL.lowest_bpm < net.tempi_bpm[0] < net.tempi_bpm[-1] < SMALL.highest_bpm
    assert net.delay_s == pytest.approx(SMALL.delay_frames / BEAT_FRAME_RATE_HZ)


def test_after_long_silence_it_rests_and_begins_anew(net: BeatNet) -> None:
    silence = [np.zeros((FRAMES_PER_HOP, INPUTS), np.float32)] * REST_HOPS
    said, state = net.step(heard(1) + silence, net.initial_state())
    assert said[-1].beat.max() == 0
    assert said[-1].tempo[-1] == 1
    assert said[-1].metre[-1] == 1
    after, _ = net.step(heard(2), state)
    fresh, _ = net.step(heard(2), net.initial_state())
    np.testing.assert_array_equal(after[-1].tempo, fresh[-1].tempo)


def test_missing_weights_are_one_clear_sentence(tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match="holds no beat network"):
        load_beat_net(tmp_path)


@pytest.mark.parametrize("change", [{"format": 0}, {"inputs": 3}, {"blocks": 4}, {"channels": "many"}])
def test_a_network_of_another_version_is_refused(folder: Path, tmp_path: Path, change: dict[str, object]) -> None:
    (tmp_path / "beats.safetensors").write_bytes((folder / "beats.safetensors").read_bytes())
    config = json.loads((folder / "beats.json").read_text())
    (tmp_path / "beats.json").write_text(json.dumps({**config, **change}))
    with pytest.raises(WeightsError, match="broken or of another version"):
        load_beat_net(tmp_path)
