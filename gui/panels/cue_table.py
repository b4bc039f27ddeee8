"""The cue list as a table: bar, what happens, and how far away the next one is."""

from typing import Any, Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView

from gui import palette, theme
from gui.view_models.cues import CueRow

_HEADS: Final = ("", "Bar", "What happens", "")
Index = QModelIndex | QPersistentModelIndex
_ROOT: Final = QModelIndex()


class _Rows(QAbstractTableModel):
    def __init__(self) -> None:
        super().__init__()
        self.rows: tuple[CueRow, ...] = ()

    def show_rows(self, rows: tuple[CueRow, ...]) -> None:
        """Of a list that only moves on, the cells change; another list is told as such."""
        same = [(row.bar, row.says) for row in rows] == [(row.bar, row.says) for row in self.rows]
        if not same:
            self.beginResetModel()
        self.rows = rows
        if not same:
            self.endResetModel()
        elif rows:
            self.dataChanged.emit(self.index(0, 0), self.index(len(rows) - 1, len(_HEADS) - 1))

    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(_HEADS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return _HEADS[section]
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row = self.rows[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return (_mark(row), row.bar, row.says, row.until)[index.column()]
        if role == Qt.ItemDataRole.ToolTipRole:
            return f"Bar {row.bar}: {row.says}"
        if role == Qt.ItemDataRole.FontRole:
            return theme.font(theme.SHOW if index.column() == 1 else theme.BODY, bold=row.next)
        if role == Qt.ItemDataRole.ForegroundRole:
            return QColor(palette.ACCENT if row.next else palette.FAINT if row.passed else palette.TEXT)
        return None


def _mark(row: CueRow) -> str:
    return "▶" if row.next else "✓" if row.passed else ""


class CueTable(QTableView):
    """`place` is that of the cue that was touched, None for none."""

    def __init__(self) -> None:
        super().__init__()
        self._rows = _Rows()
        self._next = -1
        self.setObjectName("cues")
        self.setAccessibleName("cue list")
        self.setToolTip("Touch a cue to edit or delete it")
        self.setModel(self._rows)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.verticalHeader().hide()
        header = self.horizontalHeader()
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header.setSectionResizeMode(2, QHeaderView.ResizeMode.Stretch)

    @property
    def place(self) -> int | None:
        index = self.currentIndex()
        return index.row() if index.isValid() and self.selectionModel().hasSelection() else None

    def show_rows(self, rows: tuple[CueRow, ...]) -> None:
        """Draw them; the next one comes into sight when it becomes the next."""
        self._fit()
        if rows == self._rows.rows:
            return
        self._rows.show_rows(rows)
        following = next((row.place for row in rows if row.next), -1)
        if following != self._next:
            self._next = following
            if following >= 0:
                self.scrollTo(self._rows.index(following, 0))

    def _fit(self) -> None:
        high = theme.px(theme.TARGET)
        if self.verticalHeader().defaultSectionSize() != high:
            self.verticalHeader().setDefaultSectionSize(high)
        header = self.horizontalHeader()
        for column, wide in ((0, 30.0), (1, 74.0), (3, 92.0)):
            if header.sectionSize(column) != theme.px(wide):
                header.resizeSection(column, theme.px(wide))
