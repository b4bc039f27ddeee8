"""How a pad looks: what it is told by shape and word, and its colour besides."""

from gui.view_models.pads import PadsState, PadState
from gui.widgets.buttons import Look

_WISHES = {"arm": "asked", "now": "asked: now", "cancel": "asked: off"}


def pad_look(pad: PadState, state: PadsState, *, chosen: bool) -> Look:
    """`chosen`: it is the one that is being edited."""
    corner = " ".join(part for part in (pad.key, pad.midi) if part)
    mixing = state.mix < 1.0
    armed = pad.status == "armed"
    active = pad.status == "active"
    note = _WISHES.get(pad.wish, "")
    if not note and armed:
        note = "armed" if state.countdown_beats is None else countdown_words(state.countdown_beats)
    if not note and active:
        note = f"{state.mix * 100:.0f} %" if mixing else "dancing"
    if not note and pad.status == "missing":
        note = "missing"
    return Look(
        lit=active,
        pending=bool(pad.wish) or chosen,
        glow=float(state.lit) if armed else None,
        fill=state.mix if active and mixing else 0.0,
        colour=pad.colour,
        note="chosen" if chosen else note,
        corner=corner,
        mark="▶" if active else "",
    )


def countdown_words(beats: int) -> str:
    """Beats that are left, as they are counted."""
    return f"in {beats}" if beats > 0 else "now"
