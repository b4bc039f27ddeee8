"""Layouts whose gaps grow with the window."""

from typing import TypeVar

from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLayout, QVBoxLayout, QWidget

from gui import theme

GAP = 6.0
_GAP, _MARGIN = "gap_units", "margin_units"
L = TypeVar("L", bound=QLayout)


def row(*, gap: float = GAP, margin: float = 0.0) -> QHBoxLayout:
    """Side by side; `gap` between and `margin` around in units."""
    return _sized(QHBoxLayout(), gap, margin)


def column(*, gap: float = GAP, margin: float = 0.0) -> QVBoxLayout:
    """One under the other."""
    return _sized(QVBoxLayout(), gap, margin)


def grid(*, gap: float = GAP, margin: float = 0.0) -> QGridLayout:
    """In rows and columns."""
    return _sized(QGridLayout(), gap, margin)


def rescale(root: QWidget) -> None:
    """Give every layout under `root` its gaps at the present unit."""
    for layout in root.findChildren(QLayout):
        _apply(layout)


def _sized(layout: L, gap: float, margin: float) -> L:
    layout.setProperty(_GAP, gap)
    layout.setProperty(_MARGIN, margin)
    _apply(layout)
    return layout


def _apply(layout: QLayout) -> None:
    gap, margin = layout.property(_GAP), layout.property(_MARGIN)
    if gap is None:
        return
    layout.setSpacing(theme.px(float(gap)))
    layout.setContentsMargins(*(theme.px(float(margin)),) * 4)
