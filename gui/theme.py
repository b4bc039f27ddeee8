"""How the app looks: sizes in units of the window's height, fonts, and the stylesheet of Qt's own widgets."""

from typing import Final

from PySide6.QtGui import QColor, QFont, QFontDatabase, QGuiApplication, QPalette

from gui import palette

SMALL: Final = 12.0
"""Legends that nobody needs from afar; like all sizes of type here in units, which are pixels at 720 lines."""
BODY: Final = 15.0
SHOW: Final = 19.0
"""The least for what is read during a show: 14 pt."""
LARGE: Final = 28.0
HUGE: Final = 52.0
TARGET: Final = 44.0
"""The least side of what is pressed."""
RADIUS: Final = 6.0
_HEIGHT: Final = 720.0
_STEP: Final = 1 / 16


class _Scale:
    """How many pixels a unit has: one per process, because fonts and stylesheets are."""

    unit: float = 1.0


def unit() -> float:
    """Pixels per unit, 1 to 3."""
    return _Scale.unit


def fit(width_px: int, height_px: int) -> bool:
    """Choose the unit for a window of that size; True when it has changed. A narrow window counts by its width."""
    wanted = min(height_px / _HEIGHT, width_px / (_HEIGHT * 16 / 9))
    wanted = min(max(round(wanted / _STEP) * _STEP, 1.0), 3.0)
    changed = wanted != _Scale.unit
    _Scale.unit = wanted
    return changed


def px(units: float) -> int:
    """Whole pixels."""
    return round(units * _Scale.unit)


def font(units: float, *, bold: bool = False, fixed: bool = False) -> QFont:
    """The interface's type in that size, with figures of one width; `fixed`: every letter of one width."""
    chosen = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont) if fixed else QFont(QGuiApplication.font())
    chosen.setPixelSize(max(px(units), 1))
    chosen.setBold(bold)
    chosen.setFeature(QFont.Tag("tnum"), 1)
    return chosen


def mixed(colour: str, other: str, share: float) -> QColor:
    """`colour` with that share of `other`, 0..1."""
    one, two = QColor(colour), QColor(other)
    return QColor.fromRgbF(
        one.redF() + (two.redF() - one.redF()) * share,
        one.greenF() + (two.greenF() - one.greenF()) * share,
        one.blueF() + (two.blueF() - one.blueF()) * share,
    )


def ink_on(colour: str) -> str:
    """The colour of text on that one: dark on bright, bright on dark."""
    ground = QColor(colour)
    bright = 0.299 * ground.redF() + 0.587 * ground.greenF() + 0.114 * ground.blueF()
    return palette.INK if bright > 0.45 else palette.TEXT


def qt_palette() -> QPalette:
    """For what the stylesheet does not reach."""
    chosen = QPalette()
    role = QPalette.ColorRole
    for which, colour in (
        (role.Window, palette.BACKGROUND),
        (role.WindowText, palette.TEXT),
        (role.Base, palette.SURFACE),
        (role.AlternateBase, palette.RAISED),
        (role.Text, palette.TEXT),
        (role.Button, palette.RAISED),
        (role.ButtonText, palette.TEXT),
        (role.BrightText, palette.TEXT),
        (role.ToolTipBase, palette.RAISED),
        (role.ToolTipText, palette.TEXT),
        (role.PlaceholderText, palette.DIM),
        (role.Highlight, palette.ACCENT),
        (role.HighlightedText, palette.INK),
        (role.Link, palette.ACCENT),
    ):
        chosen.setColor(which, QColor(colour))
    return chosen


def stylesheet() -> str:
    """For Qt's own widgets, at the present unit. Labels take their size from the property `role`: small, body, show,
    large or huge, and their colour from the property `tone`: dim, good, warning or bad."""
    p = palette
    return f"""
    * {{ font-size: {px(BODY)}px; color: {p.TEXT}; outline: none; }}
    QMainWindow, #page, #window {{ background: {p.BACKGROUND}; }}
    QLabel {{ background: transparent; }}
    QLabel[role="small"] {{ font-size: {px(SMALL)}px; }}
    QLabel[role="show"] {{ font-size: {px(SHOW)}px; }}
    QLabel[role="large"] {{ font-size: {px(LARGE)}px; font-weight: bold; }}
    QLabel[role="huge"] {{ font-size: {px(HUGE)}px; font-weight: bold; }}
    QLabel[tone="dim"] {{ color: {p.DIM}; }}
    QLabel[tone="good"] {{ color: {p.GOOD}; }}
    QLabel[tone="warning"] {{ color: {p.WARNING}; }}
    QLabel[tone="bad"] {{ color: {p.BAD}; }}
    QFrame#panel {{ background: {p.SURFACE}; border: 1px solid {p.RAISED}; border-radius: {px(RADIUS)}px; }}
    QToolTip {{ background: {p.RAISED}; border: 1px solid {p.LINE}; padding: {px(4)}px; }}
    QPushButton, QToolButton {{ background: {p.RAISED}; border: 1px solid {p.LINE}; border-radius: {px(RADIUS)}px;
        min-height: {px(TARGET - 2)}px; min-width: {px(TARGET - 2)}px; padding: 0 {px(10)}px; }}
    QPushButton:hover, QToolButton:hover {{ border-color: {p.DIM}; }}
    QPushButton:pressed, QToolButton:pressed {{ background: {p.PRESSED}; }}
    QPushButton:focus, QToolButton:focus, QLineEdit:focus, QComboBox:focus, QAbstractSpinBox:focus
        {{ border: {max(px(2), 2)}px solid {p.ACCENT}; }}
    QPushButton:checked, QToolButton:checked {{ background: {p.ACCENT}; color: {p.INK}; font-weight: bold; }}
    QPushButton:disabled, QToolButton:disabled, QComboBox:disabled, QLineEdit:disabled {{ color: {p.FAINT}; }}
    QLineEdit, QComboBox, QAbstractSpinBox {{ background: {p.BACKGROUND}; border: 1px solid {p.LINE};
        border-radius: {px(RADIUS)}px; min-height: {px(TARGET - 2)}px; padding: 0 {px(8)}px;
        selection-background-color: {p.ACCENT}; selection-color: {p.INK}; }}
    QLineEdit[invalid="true"] {{ border: {max(px(2), 2)}px dashed {p.BAD}; }}
    QComboBox::drop-down {{ border: none; width: {px(28)}px; }}
    QComboBox::down-arrow {{ width: 0; height: 0; border-left: {px(5)}px solid {p.BACKGROUND};
        border-right: {px(5)}px solid {p.BACKGROUND}; border-top: {px(7)}px solid {p.DIM}; margin-right: {px(8)}px; }}
    QComboBox QAbstractItemView {{ background: {p.RAISED}; border: 1px solid {p.LINE}; }}
    QComboBox QAbstractItemView::item {{ min-height: {px(TARGET)}px; }}
    QAbstractSpinBox::up-button, QAbstractSpinBox::down-button {{ width: {px(28)}px; }}
    QCheckBox, QRadioButton {{ min-height: {px(TARGET)}px; spacing: {px(10)}px; background: transparent; }}
    QCheckBox::indicator, QRadioButton::indicator {{ width: {px(22)}px; height: {px(22)}px;
        border: 2px solid {p.DIM}; background: {p.BACKGROUND}; }}
    QRadioButton::indicator {{ border-radius: {px(13)}px; }}
    QCheckBox::indicator:checked, QRadioButton::indicator:checked {{ background: {p.ACCENT};
        border: {max(px(5), 4)}px solid {p.BACKGROUND}; }}
    QTabWidget::pane {{ border: none; }}
    QTabBar {{ background: transparent; qproperty-drawBase: 0; }}
    QTabBar::tab {{ background: {p.SURFACE}; color: {p.DIM}; min-height: {px(TARGET)}px; min-width: {px(TARGET)}px;
        padding: 0 {px(14)}px; border: none; border-bottom: {px(3)}px solid {p.SURFACE}; }}
    QTabBar::tab:selected {{ background: {p.RAISED}; color: {p.TEXT}; font-weight: bold;
        border-bottom: {px(3)}px solid {p.ACCENT}; }}
    QTabBar::tab:hover {{ color: {p.TEXT}; }}
    QAbstractItemView {{ background: {p.SURFACE}; alternate-background-color: {p.RAISED}; border: 1px solid {p.RAISED};
        gridline-color: {p.LINE}; selection-background-color: {p.PRESSED}; selection-color: {p.TEXT}; }}
    QTableView::item {{ padding: {px(3)}px {px(4)}px; }}
    QHeaderView::section {{ background: {p.RAISED}; color: {p.DIM}; border: none; padding: {px(6)}px; }}
    QPlainTextEdit, QTextEdit, QTextBrowser {{ background: {p.SURFACE}; border: 1px solid {p.RAISED};
        selection-background-color: {p.ACCENT}; selection-color: {p.INK}; }}
    QScrollArea, QScrollArea > QWidget > QWidget {{ background: transparent; border: none; }}
    QScrollBar:vertical {{ background: {p.BACKGROUND}; width: {px(14)}px; }}
    QScrollBar:horizontal {{ background: {p.BACKGROUND}; height: {px(14)}px; }}
    QScrollBar::handle {{ background: {p.LINE}; border-radius: {px(5)}px; min-height: {px(TARGET)}px;
        min-width: {px(TARGET)}px; margin: {px(2)}px; }}
    QScrollBar::add-line, QScrollBar::sub-line, QScrollBar::add-page, QScrollBar::sub-page
        {{ background: none; border: none; width: 0; height: 0; }}
    QProgressBar {{ background: {p.BACKGROUND}; border: 1px solid {p.LINE}; border-radius: {px(3)}px;
        text-align: center; min-height: {px(20)}px; }}
    QProgressBar::chunk {{ background: {p.ACCENT}; }}
    QSplitter::handle {{ background: {p.RAISED}; }}
    """
