"""The first three steps: sound, where to send, look at the dance. Each can be passed over."""

from dataclasses import dataclass
from typing import Final

from gui.view_models.outputs import OutputsModel
from gui.view_models.receiver_presets import RECEIVER_PRESETS, ReceiverPreset
from gui.view_models.sound import SoundModel
from megadance_live.remote.client import View


@dataclass(frozen=True)
class Choice:
    """A button: `note` under its text; `chosen` already; `value` goes back to `choose`."""

    text: str
    note: str
    chosen: bool
    value: int


@dataclass(frozen=True)
class Step:
    """One step: what to do, what there is to choose, and how it stands."""

    number: int
    title: str
    says: str
    choices: tuple[Choice, ...] = ()
    standing: str = ""
    note: str = ""


COUNT: Final = 3
_DEMO: Final = -1


class FirstStepsModel:
    """`open` says whether they are on the screen, `again` whether they are to come again at the next start."""

    def __init__(self, sound: SoundModel, outputs: OutputsModel) -> None:
        self._sound = sound
        self._outputs = outputs
        self._place = 0
        self.open = False
        self.again = True
        self.step = Step(1, "Sound", "")

    def begin(self) -> None:
        """From the first step on."""
        self.open, self._place = True, 0
        self._sound.opened()

    def next(self) -> None:
        """The next step, whether this one was done or not; after the last one the show is on."""
        if self._place + 1 == COUNT:
            self.close(again=False)
        else:
            self._place += 1

    def back(self) -> None:
        self._place = max(self._place - 1, 0)

    def close(self, *, again: bool) -> None:
        """`again`: they are shown at the next start, too."""
        self.open, self.again = False, again

    def rescan(self) -> None:
        """Look for audio inputs again."""
        self._sound.rescan()

    def choose(self, value: int) -> None:
        """What the button of that `Choice.value` stands for."""
        if self._place == 0:
            inputs = self._sound.state.inputs
            if value == _DEMO:
                self._sound.choose_demo()
            elif value < len(inputs):
                self._sound.choose_input(inputs[value].name)
        elif self._place == 1:
            self._turn(RECEIVER_PRESETS[value])

    def update(self, view: View) -> None:
        if self.open:
            self.step = (self._sound_step, self._send_step, self._dance_step)[self._place](view)

    def _sound_step(self, view: View) -> Step:
        state = self._sound.state
        demo = Choice("Demo track", "to try everything", state.kind == "demo", _DEMO)
        inputs = (Choice(each.name, each.details, each.current, i) for i, each in enumerate(state.inputs))
        heard = self._sound.levels.state.peak_db
        standing = state.trouble or state.notice or (f"Waiting for {state.asked} ..." if state.asked else "")
        level = "silence" if state.silent else f"peak {heard:.0f} dB"
        return Step(
            1, "Sound", "Choose what the dancer hears. It can be changed at any time on the page SOUND.",
            (demo, *inputs), standing or (f"Now: {state.source}, {level}." if state.source else "No sound yet."),
            state.devices_line,
        )  # fmt: skip

    def _send_step(self, view: View) -> Step:
        choices = tuple(
            Choice(preset.title, preset.help, self._place_of(preset) is not None, i)
            for i, preset in enumerate(RECEIVER_PRESETS)
        )
        sent = [receiver for receiver in self._outputs.receivers if receiver.enabled]
        names = ", ".join(f"{each.name} ({each.destination.address})" for each in sent) or "nobody"
        return Step(
            2, "Where to send", "Choose the programs that are to get the dance; press again to send nothing there. "
            "Addresses of other computers are entered on the page OUT.", choices, f"Now sent to {names}.",
        )  # fmt: skip

    def _dance_step(self, view: View) -> Step:
        dancing = view.connected and view.snapshot.engine.phase == "dancing"
        return Step(
            3, "Look at the dance",
            "Press a pad: its genre is armed and speaks on the next bar line. Shift and a pad: at once. "
            "Esc disarms.\nTap Space on the beat if the tempo is wrong, Return on the first beat of a bar.\n"
            "F freezes, B is blackout, X is panic: F6, F7 and F8 also while you write.\nThe key ? shows all keys.",
            standing="It dances: look at the stage." if dancing else "The dancer is still being loaded.",
        )  # fmt: skip

    def _place_of(self, preset: ReceiverPreset) -> int | None:
        for place, receiver in enumerate(self._outputs.receivers):
            if receiver.enabled and receiver.to == preset.receiver.to:
                return place
        return None

    def _turn(self, preset: ReceiverPreset) -> None:
        """Send there, or not any more."""
        places = [place for place, receiver in enumerate(self._outputs.receivers) if receiver.to == preset.receiver.to]
        chosen = self._place_of(preset)
        if chosen is not None or places:
            self._outputs.switch(places[0] if chosen is None else chosen)
        else:
            self._outputs.add(preset)
