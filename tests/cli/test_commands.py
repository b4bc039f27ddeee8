"""The commands, called as a user calls them, with a dancer that needs no weights."""

import json
import socket
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import soundfile

from megadance_live.commands import dancer
from megadance_live.core.music_frame import FEATURE_COUNT, KICK
from megadance_live.output.take.files import PARTIAL_SUFFIX
from megadance_live.output.take.spool import TakeInfo, TakeSpool
from tests.cli.conftest import Call
from tests.fakes import FAKE_EXPERTS, FakeDancer, still_pose

RATE_HZ = 16_000
BEAT_S = 0.5


@pytest.fixture
def run(call: Call, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Call:
    """With a dancer that is not real, in a folder of its own."""
    monkeypatch.setattr(dancer, "load_dancer", lambda folder=None: FakeDancer())
    monkeypatch.setattr(dancer, "known_experts", lambda folder=None: FAKE_EXPERTS)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    return call


@pytest.fixture(scope="module")
def clicks(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Eight seconds of clicks at 120 bpm, the first of every four louder."""
    samples = np.zeros(8 * RATE_HZ, np.float32)
    burst = np.random.default_rng(1).standard_normal(400).astype(np.float32) * np.exp(-np.arange(400) / 80)
    for beat in range(16):
        start = int(beat * BEAT_S * RATE_HZ)
        samples[start : start + 400] += burst * (0.5 if beat % 4 == 0 else 0.25)
    path = tmp_path_factory.mktemp("audio") / "clicks.wav"
    soundfile.write(path, np.clip(samples, -1, 1), RATE_HZ)
    return path


@pytest.fixture
def receiver() -> Iterator[socket.socket]:
    """A UDP socket on a free port."""
    listening = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    listening.bind(("127.0.0.1", 0))
    listening.settimeout(5)
    yield listening
    listening.close()


def test_help_tells_of_every_command(run: Call) -> None:
    code, out, _ = run("--help")
    assert code == 0
    for command in ["run", "render", "track", "devices", "experts", "doctor", "recover", "prepare", "train", "export"]:
        assert f"\n  {command} " in out
    code, out, _ = run("train", "--help")
    assert "tokenizer" in out
    assert "generator" in out


@pytest.mark.parametrize(
    "command", ["run", "render", "track", "devices", "experts", "doctor", "recover", "prepare", "export"]
)
def test_every_command_explains_itself(run: Call, command: str) -> None:
    code, out, _ = run(command, "--help")
    assert code == 0
    assert out.startswith("Usage:")


def test_run_takes_all_its_options(run: Call) -> None:
    _, out, _ = run("run", "--help")
    for option in ["audio", "headless", "seconds", "preset", "expert", "cue", "seed", "osc", "vmc", "record"]:
        assert f"--{option}" in out


def test_version(run: Call) -> None:
    assert run("--version")[:2] == (0, "megadance-live 0.1.0\n")


def test_experts_are_listed_in_order(run: Call) -> None:
    assert run("experts") == (0, "\n".join(FAKE_EXPERTS) + "\n", "")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["render", "absent.wav", "out"], "absent.wav"),
        (["track", "absent.wav"], "absent.wav"),
        (["render", "CLICKS", "out", "--expert", "polka"], "house, krump, popping"),
        (["render", "CLICKS", "out", "--cue", "absent.toml"], "absent.toml"),
        (["render", "CLICKS", "out", "--formats", "fbx"], "amass, aist, bvh"),
        (["render", "CLICKS", "out", "--video", "film.avi"], ".mp4"),
        (["run", "--preset", "disco"], "touchdesigner"),
        (["run", "--osc", "localhost"], "HOST:PORT"),
        (["run", "--osc", "127.0.0.1:7000,layout=cubist"], "native"),
        (["run", "--osc", "127.0.0.1:7000", "--osc", "127.0.0.1:7000,rate=60"], "twice"),
        (["run", "--vmc", "no-such-host.invalid:39539"], "no-such-host.invalid"),
        (["run", "--single-process", "--osc-in", "0", "--audio", "file:absent.wav"], "absent.wav"),
        (["run", "--single-process", "--osc-in", "0", "--audio", "cassette"], "device:NAME"),
        (["run", "--single-process", "--osc-in", "0", "--expert", "polka"], "house, krump, popping"),
        (["run", "--single-process", "--osc-in", "0", "--cue", "absent.toml"], "absent.toml"),
        (["run", "--single-process", "--osc-in", "0", "--record", "CLICKS"], "choose another folder"),
        (["recover", "nowhere"], "nowhere"),
        (["prepare", "nowhere", "prepared"], "nowhere"),
        (["train", "tokenizer", "nowhere", "run"], "prepare"),
        (["train", "generator", "nowhere", "nowhere", "run"], "train tokenizer"),
        (["export", "nowhere", "nowhere", "nowhere", "model"], "nowhere"),
    ],
)
def test_a_mistake_is_one_sentence_and_exit_status_1(run: Call, clicks: Path, arguments: list[str], says: str) -> None:
    code, _, err = run(*(str(clicks) if argument == "CLICKS" else argument for argument in arguments))
    assert code == 1
    sentence = err.strip().splitlines()[-1]
    assert sentence.startswith("megadance-live: ")
    assert says in sentence
    assert "Traceback" not in err


def test_a_usage_error_is_exit_status_2(run: Call) -> None:
    assert run("render")[0] == 2
    assert run("run", "--seed", "soon")[0] == 2
    assert run("dance")[0] == 2


def test_render_keeps_a_take(run: Call, clicks: Path, tmp_path: Path) -> None:
    (tmp_path / "cues.toml").write_text('[[cue]]\nbar = 2\nexpert = "krump"\nmarker = "second bar"\n')
    code, out, _ = run("render", clicks, "out", "--cue", "cues.toml", "--formats", "bvh,amass", "--seed", 7)
    assert code == 0
    take = tmp_path / "out" / "clicks"
    assert [Path(line) for line in out.splitlines()] == [
        Path("out/clicks") / name for name in ("clicks.bvh", "clicks.flac", "clicks.json", "clicks.npz")
    ]
    sidecar = json.loads((take / "clicks.json").read_text())
    assert sidecar["seed"] == 7
    assert [entry["expert"] for entry in sidecar["expert_switches"]] == ["house", "krump"]
    assert sidecar["expert_switches"][1]["bars"] == pytest.approx(1.0, abs=0.1)
    assert sidecar["markers"][0]["text"] == "second bar"
    assert sidecar["duration_s"] == pytest.approx(8.0)
    assert sidecar["beats"]


def test_render_twice_gives_the_same_files(run: Call, clicks: Path, tmp_path: Path) -> None:
    for folder in ("a", "b"):
        assert run("render", clicks, folder, "--seed", 3)[0] == 0
    files = sorted(path.name for path in (tmp_path / "a" / "clicks").iterdir())
    assert len(files) == 5
    for name in files:
        assert (tmp_path / "a/clicks" / name).read_bytes() == (tmp_path / "b/clicks" / name).read_bytes(), name


def test_render_draws_a_contact_sheet(run: Call, clicks: Path, tmp_path: Path) -> None:
    code, out, _ = run("render", f"file:{clicks}", "out", "--formats", "bvh", "--video", "sheet.png")
    assert code == 0
    assert out.splitlines()[-1] == "sheet.png"
    assert (tmp_path / "sheet.png").read_bytes().startswith(b"\x89PNG")


def test_track_prints_beats_that_were_known_before_they_sounded(run: Call, clicks: Path) -> None:
    code, out, _ = run("track", clicks)
    assert code == 0
    head, *rows = out.splitlines()
    assert head == "time_s\tbeat_in_bar\tannounced_s\tbpm\tmetre\tconfidence\tstate"
    assert {row.split("\t")[-1] for row in rows} <= {"searching", "locked", "holding", "lost"}
    beats = np.array([[float(cell) for cell in row.split("\t")[:-1]] for row in rows])
    assert len(beats) >= 4
    assert (beats[:, 2] <= beats[:, 0]).all()
    assert set(beats[:, 1]) <= {1, 2, 3, 4}


def test_track_writes_features_and_a_picture_and_says_how_the_clock_stands(
    run: Call, clicks: Path, tmp_path: Path
) -> None:
    options = ("--format", "jsonl", "--states")
    code, out, _ = run("track", clicks, *options, "--features", "heard.npz", "--plot", "heard.png")
    assert code == 0
    said = [json.loads(line) for line in out.splitlines()]
    assert {line["event"] for line in said} == {"beat", "state"}
    assert [line["time_s"] for line in said] == sorted(line["time_s"] for line in said)
    with np.load(tmp_path / "heard.npz") as data:
        assert data["features"].shape == (len(data["time_s"]), len(data["names"]))
        assert data["names"][KICK] == "kick"
    assert (tmp_path / "heard.png").read_bytes().startswith(b"\x89PNG")
    assert run("track", clicks, "--features", "heard.csv")[0] == 0
    head, first, *_ = (tmp_path / "heard.csv").read_text().splitlines()
    assert head.split(",")[KICK + 1] == "kick"
    assert len(first.split(",")) == FEATURE_COUNT + 1


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--features", "heard.txt"), ".csv or .npz"),
        (("--plot", "heard.jpg"), ".png"),
        (("--features", "nowhere/heard.csv"), "no folder"),
        (("--tracker", "psychic"), "psychic"),
    ],
)
def test_track_refuses_what_it_cannot_do_in_a_sentence(
    run: Call, clicks: Path, options: tuple[str, str], words: str
) -> None:
    code, _, err = run("track", clicks, *options)
    assert code != 0
    assert words in err
    assert "Traceback" not in err


def test_a_recording_that_breaks_off_is_used_up_to_there_and_said_so(run: Call, clicks: Path, tmp_path: Path) -> None:
    samples, rate_hz = soundfile.read(clicks)
    soundfile.write(tmp_path / "whole.flac", samples, rate_hz)
    data = (tmp_path / "whole.flac").read_bytes()
    (tmp_path / "broken.flac").write_bytes(data[: len(data) // 2])
    code, out, err = run("track", "broken.flac")
    assert code == 1
    assert out.startswith("time_s")
    assert "broken.flac cannot be read beyond" in err
    code, out, err = run("render", "broken.flac", "out", "--formats", "bvh")
    assert code == 1
    assert "out/broken/broken.bvh" in out
    assert "broken.flac cannot be read beyond" in err


def test_run_dances_in_one_process_and_names_its_take(
    run: Call, clicks: Path, tmp_path: Path, receiver: socket.socket
) -> None:
    destination = f"127.0.0.1:{receiver.getsockname()[1]}"
    code, out, _ = run(
        *("run", "--headless", "--single-process", "--seconds", 1, "--audio", f"file:{clicks}"),
        *("--osc", destination, "--osc-in", 0, "--record", "takes"),
    )
    assert code == 0
    assert f"Take: {tmp_path / 'takes' / 'take-001'}" in out
    assert receiver.recv(65536).startswith((b"#bundle", b"/"))


def test_recover_finishes_an_interrupted_take(run: Call, tmp_path: Path) -> None:
    partial = tmp_path / "takes" / f"show{PARTIAL_SUFFIX}"
    partial.mkdir(parents=True)
    spool = TakeSpool(partial, TakeInfo(("bvh",), 30))
    for frame in range(30):
        spool.pose(still_pose(frame / 30))
    spool.close()
    code, out, _ = run("recover", "takes")
    assert code == 0
    assert "show.bvh" in out
    assert (tmp_path / "takes" / "show" / "show.bvh").is_file()


def test_doctor_checks_and_advises(run: Call) -> None:
    code, out, err = run("doctor")
    assert "ok    Python" in out
    assert "dancer: fake: house, krump, popping" in out
    assert code == ("bad  " in out)
    assert (code == 1) == bool(err)
