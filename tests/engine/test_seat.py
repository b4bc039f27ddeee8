"""How an engine is put together, with the real Session and a dancer that needs no weights."""

import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import soundfile

from megadance_live.audio.switchable import Refused
from megadance_live.core.audio_block import AudioBlock
from megadance_live.core.command import Command
from megadance_live.core.control import Control
from megadance_live.core.cue import Cue
from megadance_live.core.errors import AudioSourceError, CueError
from megadance_live.engine.messages import Notice, Report, Saved
from megadance_live.engine.seat import commands_of, take_seat
from megadance_live.engine.session import Session
from megadance_live.engine.setup import EngineSetup, Resume
from megadance_live.engine.take_setup import TakeSetup
from tests.audio.fake_audio import CABLE, MIC, FakeBackend, FakeTime
from tests.fakes import FakeDancer, make_fake_dancer


@pytest.fixture
def setup(tmp_path: Path) -> EngineSetup:
    path = tmp_path / "quiet.wav"
    soundfile.write(path, np.zeros((16_000, 1), np.float32), 16_000)
    return EngineSetup(f"file:{path}", make_fake_dancer, TakeSetup(tmp_path / "takes"))


def _ignore(report: Report) -> None:
    pass


def _resumed(asked: Control, before: Session) -> Resume:
    return Resume(asked, Saved(before.save(), 0.0, 16_000, 1))


def _hear(session: Session, seconds: float) -> None:
    session.push(AudioBlock(np.zeros((round(seconds * 16_000), 1), np.float32), 16_000, 0, 0.0))


def test_a_seat_has_a_source_a_session_and_the_cues(setup: EngineSetup, tmp_path: Path) -> None:
    path = tmp_path / "cues.toml"
    path.write_text('[[cue]]\nbar = 3\nexpert = "krump"')
    with take_seat(replace(setup, cues=path, expert="popping", seed=5), _ignore) as seat:
        assert (seat.source.name, seat.source.rate_hz) == ("quiet.wav", 16_000)
        assert (seat.session.control.expert, seat.session.control.seed) == ("popping", 5)
        assert [cue.bars for cue in seat.cues] == [2.0]
        assert seat.session.time_s == 0.0


def test_mistakes_are_found_before_the_dance(setup: EngineSetup, tmp_path: Path) -> None:
    with pytest.raises(CueError, match="polka"), take_seat(replace(setup, expert="polka"), _ignore):
        pass
    with pytest.raises(AudioSourceError), take_seat(replace(setup, audio=f"file:{tmp_path}/none.wav"), _ignore):
        pass


def test_a_restarted_session_goes_on_with_the_saved_state(setup: EngineSetup) -> None:
    before = Session(FakeDancer(), 16_000, 1, expert="house", seed=3)
    before.command(Command("energy", 1.5))
    _hear(before, 2.0)
    asked = replace(before.control, mirror=True, revision=before.control.revision + 1)
    with take_seat(replace(setup, resume=_resumed(asked, before)), _ignore) as seat:
        assert seat.session.time_s == pytest.approx(2.0)
        assert seat.session.clock == before.clock
        _hear(seat.session, 0.5)
        assert (seat.session.control.energy, seat.session.control.mirror) == (1.5, True)


def test_an_expert_that_took_over_after_the_state_was_saved_speaks_again(setup: EngineSetup) -> None:
    before = Session(FakeDancer(), 16_000, 1, expert="house")
    _hear(before, 2.0)
    asked = replace(before.control, expert="krump", armed="popping", armed_at_bars=9.0)
    with take_seat(replace(setup, resume=_resumed(asked, before)), _ignore) as seat:
        _hear(seat.session, 1.0)
        assert (seat.session.control.expert, seat.session.control.armed) == ("krump", "popping")


def test_without_a_saved_state_what_was_asked_for_holds_all_the_same(setup: EngineSetup) -> None:
    with take_seat(replace(setup, resume=Resume(Control("krump", energy=0.5))), _ignore) as seat:
        _hear(seat.session, 1.0)
        assert (seat.session.control.expert, seat.session.control.energy) == ("krump", 0.5)


def test_what_is_said_after_a_restart_covers_every_setting() -> None:
    now = Control("house")
    wanted = Control("krump", armed="house", freeze=True, looseness=0.5, recording=False)
    said = {command.name: command.value for command in commands_of(wanted, now, 4.0)}
    assert said["expert_now"] == "krump"
    assert said["expert"] == "house"
    assert said["freeze"] is True
    assert said["looseness"] == 0.5
    # A state that was saved while a take ran must not say so for ever.
    assert said["record"] is False


def test_a_patient_engine_begins_with_what_there_is_and_says_what_there_is_not(
    setup: EngineSetup, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("megadance_live.audio.demo_cache._cache_folder", lambda: tmp_path)
    monkeypatch.setattr("megadance_live.audio.demo_cache.render_demo", lambda rate_hz: np.zeros((480, 2), np.float32))
    cues = (Cue(1.0, Command("expert", "polka")), Cue(2.0, Command("expert", "krump")))
    said: list[Report] = []
    patient = replace(setup, audio=f"file:{tmp_path}/none.wav", expert="polka", cues=cues, patient=True)
    with take_seat(patient, said.append) as seat:
        assert (seat.source.name, seat.session.control.expert) == ("demo", "house")
        assert seat.cues == (cues[1],)
    notices = [report.text for report in said if isinstance(report, Notice)]
    assert len(notices) == 3
    assert "none.wav" in notices[0]
    assert "The cue at bar 2 is left out" in notices[1]
    assert notices[2].endswith("house begins.")


def test_a_cue_file_that_is_not_understood_does_not_stop_a_patient_engine(setup: EngineSetup, tmp_path: Path) -> None:
    path = tmp_path / "cues.toml"
    path.write_text("what is this")
    said: list[Report] = []
    with take_seat(replace(setup, cues=path, patient=True), said.append) as seat:
        assert seat.cues == ()
    assert len(said) == 1


@pytest.mark.parametrize("fails", ["to be found", "to open"])
def test_an_input_that_is_missing_is_waited_for(
    fails: str, setup: EngineSetup, monkeypatch: pytest.MonkeyPatch
) -> None:
    backend = FakeBackend(FakeTime(), present=[MIC] if fails == "to be found" else [MIC, CABLE], broken=True)
    monkeypatch.setattr("megadance_live.audio.portaudio.PortAudioBackend", lambda: backend)
    with pytest.raises(AudioSourceError), take_seat(replace(setup, audio="device:cable"), _ignore) as seat:
        seat.source.start()
    said: list[Report] = []
    with take_seat(replace(setup, audio="device:cable", patient=True), said.append) as seat:
        seat.source.start()
        block = seat.source.read(1.0)
        assert block is not None
        assert block.lost
        assert seat.source.status() == 'LOST: "cable" is not there, trying again'
        sentences = [report.text for report in said if isinstance(report, Notice)]
        sentences += [news.sentence for news in seat.source.news() if isinstance(news, Refused)]
        assert len(sentences) == 1


def test_a_restarted_engine_goes_on_at_the_rate_and_in_the_file_where_it_was(
    setup: EngineSetup, tmp_path: Path
) -> None:
    path = tmp_path / "ramp.wav"
    soundfile.write(path, np.linspace(0.0, 1.0, 8_000 * 10, dtype=np.float32), 8_000, subtype="FLOAT")
    before = Session(FakeDancer(), 16_000, 1, expert="house")
    _hear(before, 2.0)
    resume = replace(_resumed(before.control, before), source_began_s=time.monotonic() - 5.0)
    with take_seat(replace(setup, audio=f"file:{path}", resume=resume), _ignore) as seat:
        assert (seat.source.rate_hz, seat.source.channels) == (16_000, 1)
        seat.source.start()
        block = None
        while block is None:
            block = seat.source.read(1.0)
        assert 0.5 <= float(block.samples.max()) < 1.0
        assert block.index < 16_000


def test_cues_that_were_changed_after_the_state_was_saved_hold(setup: EngineSetup) -> None:
    before = Session(FakeDancer(), 16_000, 1, cues=[Cue(2.0, Command("mirror", True))], tracker="manual")
    _hear(before, 2.2)
    cues = (Cue(0.5, Command("energy", 0.5)), Cue(2.0, Command("expert", "krump")))
    with take_seat(
        replace(setup, cues=cues, tracker="manual", resume=_resumed(before.control, before)), _ignore
    ) as seat:
        session = seat.session
        session.push(AudioBlock(np.zeros((16_000 * 3, 1), np.float32), 16_000, round(2.2 * 16_000), 0.0))
        assert (session.control.expert, session.control.mirror, session.control.energy) == ("krump", False, 1.0)
