import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QComboBox, QLabel, QLineEdit, QPlainTextEdit, QSpinBox
from pytestqt.qtbot import QtBot

from gui.key_names import is_typing, name_of

NONE, SHIFT, CTRL, ALT = (
    Qt.KeyboardModifier.NoModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.AltModifier,
)


def key(code: Qt.Key, held: Qt.KeyboardModifier = NONE, text: str = "", scan: int = 0, virtual: int = 0) -> QKeyEvent:
    return QKeyEvent(QEvent.Type.KeyPress, code, held, scan, virtual, 0, text)


@pytest.mark.parametrize(
    ("event", "name"),
    [
        (key(Qt.Key.Key_F, text="f"), "F"),
        (key(Qt.Key.Key_F, SHIFT, "F"), "Shift+F"),
        (key(Qt.Key.Key_R, CTRL | SHIFT, "\x12"), "Ctrl+Shift+R"),
        (key(Qt.Key.Key_F6), "F6"),
        (key(Qt.Key.Key_Space, text=" "), "Space"),
        (key(Qt.Key.Key_Space, CTRL, " "), "Ctrl+Space"),
        (key(Qt.Key.Key_Return, text="\r"), "Return"),
        (key(Qt.Key.Key_Escape, text="\x1b"), "Esc"),
        (key(Qt.Key.Key_BracketLeft, text="["), "["),
        (key(Qt.Key.Key_Question, SHIFT, "?"), "?"),
        (key(Qt.Key.Key_Comma, text=","), ","),
        (key(Qt.Key.Key_1, text="1"), "1"),
        (key(Qt.Key.Key_Exclam, SHIFT, "!"), "Shift+1"),
        (key(Qt.Key.Key_F4, ALT), ""),
        (key(Qt.Key.Key_Shift, SHIFT), ""),
        (key(Qt.Key.Key_Udiaeresis, text="ü"), ""),
    ],
)
def test_keys_have_the_names_of_the_table(event: QKeyEvent, name: str) -> None:
    assert name_of(event, "linux") == name


@pytest.mark.parametrize(("platform", "scan", "virtual"), [("linux", 12, 0), ("win32", 0x04, 0), ("darwin", 0, 0x14)])
@pytest.mark.parametrize("held", [NONE, SHIFT])
def test_the_third_digit_is_found_by_where_it_lies(
    platform: str, scan: int, virtual: int, held: Qt.KeyboardModifier
) -> None:
    """Shift and 3 is # in America, § in Germany; in France 3 itself is a quotation mark."""
    for code, text in ((Qt.Key.Key_NumberSign, "#"), (Qt.Key.Key_section, "§"), (Qt.Key.Key_QuoteDbl, '"')):
        event = key(code, held, text, scan, virtual)
        assert name_of(event, platform) == ("Shift+3" if held is SHIFT else "3")


def test_a_bracket_on_a_digit_stays_a_bracket() -> None:
    assert name_of(key(Qt.Key.Key_BracketLeft, Qt.KeyboardModifier.NoModifier, "[", 17), "linux") == "["
    assert name_of(key(Qt.Key.Key_BracketLeft, CTRL | ALT, "[", 0x09), "win32") == "["


def test_only_what_can_be_written_into_is_typed_into(qtbot: QtBot) -> None:
    field, spin, text, combo, words = QLineEdit(), QSpinBox(), QPlainTextEdit(), QComboBox(), QLabel()
    for widget in (field, spin, text, combo, words):
        qtbot.addWidget(widget)
    assert [is_typing(widget) for widget in (field, spin, text)] == [True] * 3
    combo.setEditable(True)
    assert is_typing(combo)
    text.setReadOnly(True)
    field.setReadOnly(True)
    combo.setEditable(False)
    assert [is_typing(widget) for widget in (field, text, combo, words, None)] == [False] * 5
