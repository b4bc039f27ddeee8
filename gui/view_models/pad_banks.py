"""Banks of pads as the performer lays them out: what is on which page, and every way to change it, as values."""

from dataclasses import dataclass
from itertools import count

from megadance_live.config.preset import Bank, Pad, PadsSection

PADS_PER_PAGE = 20
"""As many as there are keys for."""
NAME_MAX = 24


@dataclass(frozen=True)
class Page:
    """What is on screen at a time: `pads` of bank number `bank`, from number `first` of its pads on."""

    bank: int
    first: int
    name: str
    pads: tuple[Pad, ...]


def banks_of(section: PadsSection, experts: tuple[str, ...]) -> tuple[Bank, ...]:
    """The performer's banks; without any, all experts in the model's order."""
    if section.banks:
        return section.banks
    return (Bank(pads=tuple(Pad(expert=expert) for expert in experts)),)


def pages_of(banks: tuple[Bank, ...]) -> tuple[Page, ...]:
    """A bank of more pads than a page takes goes on overleaf."""
    pages = []
    for number, bank in enumerate(banks):
        name = bank.name or f"Bank {number + 1}"
        starts = range(0, max(len(bank.pads), 1), PADS_PER_PAGE)
        for leaf, first in enumerate(starts):
            numbered = name if len(starts) == 1 else f"{name} · {leaf + 1}"
            pages.append(Page(number, first, numbered, bank.pads[first : first + PADS_PER_PAGE]))
    return tuple(pages)


def with_bank(banks: tuple[Bank, ...], number: int, bank: Bank) -> tuple[Bank, ...]:
    """Another bank in place of that one."""
    return (*banks[:number], bank, *banks[number + 1 :])


def with_pad(bank: Bank, place: int, pad: Pad) -> Bank:
    """Another pad in place of that one."""
    return bank.model_copy(update={"pads": (*bank.pads[:place], pad, *bank.pads[place + 1 :])})


def moved(bank: Bank, place: int, to: int) -> Bank:
    """The pad at `place` comes to stand at `to`; the others make room."""
    pads = list(bank.pads)
    pads.insert(to, pads.pop(place))
    return bank.model_copy(update={"pads": tuple(pads)})


def without(bank: Bank, place: int) -> Bank:
    """One pad less."""
    return bank.model_copy(update={"pads": (*bank.pads[:place], *bank.pads[place + 1 :])})


def with_new_pad(bank: Bank, expert: str) -> Bank:
    """One pad more, at the end."""
    return bank.model_copy(update={"pads": (*bank.pads, Pad(expert=expert))})


def new_bank(banks: tuple[Bank, ...]) -> Bank:
    """An empty one, under a name that none has."""
    taken = {page.name for page in pages_of(banks)}
    return Bank(name=next(name for name in (f"Bank {n}" for n in count(len(banks) + 1)) if name not in taken))


def written(name: str) -> str:
    """A name as it fits on a pad or a tab: one line, not too long."""
    return " ".join(name.split())[:NAME_MAX]
