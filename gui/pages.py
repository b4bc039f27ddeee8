"""The pages of the window, in order. A page is imported when it is first built."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from PySide6.QtWidgets import QWidget

from gui.view_models.hub import Hub


class Refreshing(Protocol):
    """What every panel does: draw the newest state of its model."""

    def refresh(self) -> None: ...


@dataclass(frozen=True)
class Page:
    """`make` builds it."""

    title: str
    says: str
    make: Callable[[Hub], QWidget]


def _play(hub: Hub) -> QWidget:
    from gui.panels.play_page import PlayPage

    return PlayPage(hub.pads, hub.quantize, hub.macros, hub.scenes)


def _sound(hub: Hub) -> QWidget:
    from gui.panels.sound_page import SoundPage

    return SoundPage(hub.sound)


def _out(hub: Hub) -> QWidget:
    from gui.panels.out_page import OutPage

    return OutPage(hub.outputs)


def _takes(hub: Hub) -> QWidget:
    from gui.panels.takes_page import TakesPage

    return TakesPage(hub.takes)


def _show(hub: Hub) -> QWidget:
    from gui.panels.show_page import ShowPage

    return ShowPage(hub.presets, hub.cues, hub.stage_settings)


def _midi(hub: Hub) -> QWidget:
    from gui.panels.midi_page import MidiPage

    return MidiPage(hub.midi, hub.learn)


def _help(hub: Hub) -> QWidget:
    from gui.panels.help_page import HelpPage

    return HelpPage(hub)


PAGES = (
    Page("PLAY", "pads, macros and scenes", _play),
    Page("SOUND", "where the music comes from, and how loud", _sound),
    Page("OUT", "who is sent the dance, and test patterns", _out),
    Page("TAKES", "record, and what was recorded", _takes),
    Page("SHOW", "whole shows, the cue list, and the body on the stage", _show),
    Page("MIDI", "controllers, and what their keys do", _midi),
    Page("HELP", "keys, OSC addresses, the log, first steps", _help),
)
