"""The performer's own order, names and colours of pads: every change goes into the show's document at once."""

from dataclasses import dataclass

from gui.port import ShowPort
from gui.view_models.pad_banks import (
    Page,
    banks_of,
    moved,
    new_bank,
    pages_of,
    with_bank,
    with_new_pad,
    with_pad,
    without,
    written,
)
from gui.view_models.revision import Revision
from megadance_live.config.preset import Bank, Pad, PadsSection
from megadance_live.remote.client import View


@dataclass(frozen=True)
class EditState:
    """`chosen` is the place of a pad on the page, None for none. `absent` are experts that no pad of the bank has."""

    editing: bool = False
    chosen: int | None = None
    absent: tuple[str, ...] = ()
    can_undo: bool = False
    can_remove_bank: bool = False


class PadEditor:
    """Knows the layout as the performer has left it, also before the show has said it back."""

    def __init__(self, port: ShowPort) -> None:
        self._experts: tuple[str, ...] = ()
        self._section = Revision(port, "pads", lambda preset: preset.pads)
        self._chosen: int | None = None
        self._editing = False
        self.banks: tuple[Bank, ...] = ()
        self.pages: tuple[Page, ...] = pages_of(banks_of(PadsSection(), ()))
        self.page = 0
        self.state = EditState()

    def update(self, view: View) -> None:
        """Take over the document's layout."""
        self._experts = view.snapshot.engine.experts
        self._section.update(view)
        self._lay_out()

    def edit(self, on: bool) -> None:
        """While editing, pads are chosen instead of armed."""
        self._editing = on
        self._chosen = None
        self._lay_out()

    def choose(self, place: int | None) -> None:
        """The pad that is renamed, coloured or removed."""
        self._chosen = place
        self._lay_out()

    def turn_to(self, page: int) -> None:
        """Another page; beyond the last or the first, that one."""
        self.page = page
        self._chosen = None
        self._lay_out()

    def move(self, place: int, to: int) -> None:
        """The pad at `place` of the page is dropped on place `to`."""
        page = self.pages[self.page]
        count = len(page.pads)
        if place != to and 0 <= place < count and 0 <= to < count:
            self._chosen = to
            self._revise_bank(moved(self.banks[page.bank], page.first + place, page.first + to))

    def rename(self, name: str) -> None:
        """ "": the expert's own name."""
        self._change_pad({"name": written(name)})

    def recolour(self, colour: str) -> None:
        """#rrggbb; "": the colour that the app gives the expert."""
        self._change_pad({"colour": colour})

    def remove(self) -> None:
        """The chosen pad goes; its expert does not."""
        place = self._place_in_bank()
        if place is not None:
            self._chosen = None
            self._revise_bank(without(self.banks[self.pages[self.page].bank], place))

    def add(self, expert: str) -> None:
        """A pad more at the end of the bank."""
        self._revise_bank(with_new_pad(self.banks[self.pages[self.page].bank], expert))

    def add_bank(self) -> None:
        """An empty bank, which is turned to."""
        self._revise((*self.banks, new_bank(self.banks)))
        self.turn_to(len(self.pages) - 1)

    def rename_bank(self, name: str) -> None:
        """ "": Bank and its number."""
        bank = self.banks[self.pages[self.page].bank]
        self._revise_bank(bank.model_copy(update={"name": written(name)}))

    def remove_bank(self) -> None:
        """The bank that is shown; the last one stays."""
        number = self.pages[self.page].bank
        if len(self.banks) > 1:
            self._chosen = None
            self._revise((*self.banks[:number], *self.banks[number + 1 :]))

    def undo(self) -> None:
        """Take back the last change."""
        self._chosen = None
        self._section.undo()
        self._lay_out()

    def _place_in_bank(self) -> int | None:
        page = self.pages[self.page]
        if self._chosen is None or self._chosen >= len(page.pads):
            return None
        return page.first + self._chosen

    def _change_pad(self, update: dict[str, str]) -> None:
        place = self._place_in_bank()
        if place is None:
            return
        bank = self.banks[self.pages[self.page].bank]
        pad: Pad = bank.pads[place].model_copy(update=update)
        self._revise_bank(with_pad(bank, place, pad))

    def _revise_bank(self, bank: Bank) -> None:
        self._revise(with_bank(self.banks, self.pages[self.page].bank, bank))

    def _revise(self, banks: tuple[Bank, ...]) -> None:
        if banks != self.banks:
            self._section.revise(PadsSection(banks=banks))
            self._lay_out()

    def _lay_out(self) -> None:
        self.banks = banks_of(self._section.value, self._experts)
        self.pages = pages_of(self.banks)
        self.page = min(max(self.page, 0), len(self.pages) - 1)
        page = self.pages[self.page]
        if self._chosen is not None and self._chosen >= len(page.pads):
            self._chosen = None
        here = {pad.expert for pad in self.banks[page.bank].pads}
        self.state = EditState(
            editing=self._editing,
            chosen=self._chosen if self._editing else None,
            absent=tuple(expert for expert in self._experts if expert not in here),
            can_undo=self._section.can_undo,
            can_remove_bank=len(self.banks) > 1,
        )
