"""The one word that says how the show stands, and what the app waits for while it does not dance."""

from dataclasses import dataclass
from typing import Final, Literal

from megadance_live.core.output_frame import AppState
from megadance_live.remote.client import View

Tone = Literal["plain", "good", "warning", "bad", "frozen", "black"]

_TONES: Final[dict[AppState, Tone]] = {
    AppState.LIVE: "good",
    AppState.FROZEN: "frozen",
    AppState.BLACKOUT: "black",
    AppState.PANIC: "warning",
    AppState.AUDIO_LOST: "bad",
}
_HELD: Final = ("FROZEN", "BLACKOUT", "PANIC")
"""What the performer has asked for stays true while the engine is away."""


@dataclass(frozen=True)
class Standing:
    """`waiting` is a sentence for the whole stage while nothing dances there, "" while something does; `detail`
    stands beside the word."""

    word: str = "STARTING"
    tone: Tone = "plain"
    detail: str = ""
    waiting: str = ""


class StandingModel:
    """`state` is how the show stands."""

    def __init__(self) -> None:
        self.state = Standing(waiting="Waiting for the show ...")
        self._was_connected = False

    def update(self, view: View) -> None:
        self._was_connected = self._was_connected or view.connected or view.frame is not None
        self.state = self._away(view) if not view.connected else _present(view)

    def _away(self, view: View) -> Standing:
        engine = view.snapshot.engine
        if engine.failure:
            return Standing("FAILED", "bad", "", engine.failure)
        if view.ended:
            return Standing("ENDED", "plain", "", "The show has ended. A new one is shown here as soon as it starts.")
        if self._was_connected:
            return Standing("SHOW GONE", "bad", "", "The show is gone. Waiting for it to come back ...")
        trouble = view.snapshot.trouble
        return Standing(waiting=f"Waiting for the show ...\n{trouble}".rstrip())


def _present(view: View) -> Standing:
    engine = view.snapshot.engine
    if engine.phase == "failed":
        return Standing("FAILED", "bad", "", engine.failure)
    if engine.phase == "stopping":
        return Standing("ENDING", "plain", "", "The show is ending: the take is finished, receivers are told.")
    if engine.phase == "ended":
        return Standing("ENDED", "plain", "", "The show has ended.")
    if engine.phase == "starting" or view.frame is None:
        return Standing(waiting="Opening the sound ..." if engine.dancer else "Loading the dancer ...")
    state = view.frame.state
    word = "TEST PATTERN" if state.name == "PATTERN" else state.name.replace("_", " ")
    if engine.phase == "restarting" and word not in _HELD:
        return Standing("RESTARTING", "warning", "avatars go on gently")
    detail = engine.source.removeprefix("device:") if state is AppState.AUDIO_LOST else ""
    return Standing(word, _TONES.get(state, "plain" if state is AppState.IDLE else "warning"), detail)
