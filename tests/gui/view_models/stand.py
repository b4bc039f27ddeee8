"""A fake show whose Control, clock, document and time tests change step by step, and a model that follows it."""

from dataclasses import replace
from typing import Any, Protocol

from megadance_live.config.preset import Preset
from megadance_live.core.control import Control
from megadance_live.remote.client import View
from megadance_live.remote.requests import Revise
from tests.gui.fake_port import FakePort, dancing_view


class Model(Protocol):
    def update(self, view: View) -> None: ...


class Stand:
    """At 100 s of host time, in bar 9 (position 8.0) at 124 bpm; `follow` lets a model see it."""

    def __init__(self) -> None:
        self.port = FakePort(dancing_view())
        self.models: list[Model] = []

    def follow(self, model: Any) -> Any:
        self.models.append(model)
        self.tick(0.0)
        return model

    def tick(self, seconds: float = 0.05) -> None:
        """Time goes on, and the models are updated."""
        self.port.shown = replace(self.port.shown, now_s=self.port.shown.now_s + seconds)
        for model in self.models:
            model.update(self.port.shown)

    @property
    def control(self) -> Control:
        control = self.port.shown.snapshot.engine.control
        assert control is not None
        return control

    def turn(self, **changes: Any) -> None:
        """The show's Control becomes another."""
        self.engine(control=replace(self.control, **changes))

    def engine(self, **changes: Any) -> None:
        self.snapshot(engine=replace(self.port.shown.snapshot.engine, **changes))

    def snapshot(self, **changes: Any) -> None:
        self.port.shown = replace(self.port.shown, snapshot=replace(self.port.shown.snapshot, **changes))
        self.tick(0.0)

    def clock(self, **changes: Any) -> None:
        status = self.port.shown.status
        assert status.clock is not None
        self.port.shown = replace(self.port.shown, status=replace(status, clock=replace(status.clock, **changes)))
        self.tick(0.0)

    def music(self, **changes: Any) -> None:
        frame = self.port.shown.frame
        assert frame is not None
        self.port.shown = replace(self.port.shown, frame=replace(frame, music=replace(frame.music, **changes)))
        self.tick(0.0)

    def document(self, **changes: Any) -> None:
        preset = self.port.shown.snapshot.preset
        self.snapshot(preset=replace(preset, preset=Preset(**(dict(preset.preset) | changes))))

    def answer(self) -> None:
        """The show takes over what was revised last."""
        revised = next(asked for asked in reversed(self.port.asked) if isinstance(asked, Revise))
        self.document(**{revised.field: revised.value})

    @property
    def said(self) -> list[tuple[str, object]]:
        return [(command.name, command.value) for command in self.port.said]

    @property
    def revised(self) -> list[Revise]:
        return [asked for asked in self.port.asked if isinstance(asked, Revise)]
