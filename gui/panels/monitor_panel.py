"""What a receiver is sent, as a table that can be searched."""

from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QLineEdit, QTableView

from gui import palette, theme
from gui.tips import tip
from gui.view_models.monitor import Line, MonitorModel
from gui.widgets.elided_label import ElidedLabel
from gui.widgets.layouts import row
from gui.widgets.panel import PanelFrame

_HEADINGS = ("Address", "Types", "Values")
_SHARES = (0.5, 0.12)
"""Of the width; the values have the rest."""
_ROW_HEIGHT = 24.0
_NOWHERE = QModelIndex()
Index = QModelIndex | QPersistentModelIndex


class LinesTable(QAbstractTableModel):
    """The lines of a MonitorModel as Qt reads them."""

    def __init__(self) -> None:
        super().__init__()
        self._lines: tuple[Line, ...] = ()

    def show_lines(self, lines: tuple[Line, ...]) -> None:
        """Where the addresses stay, only values change, and nothing jumps."""
        if lines is self._lines:
            return
        same = [line.address for line in lines] == [line.address for line in self._lines]
        if not same:
            self.beginResetModel()
        self._lines = lines
        if not same:
            self.endResetModel()
        elif lines:
            self.dataChanged.emit(self.index(0, 1), self.index(len(lines) - 1, len(_HEADINGS) - 1))

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._lines)

    def columnCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(_HEADINGS)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return None
        line = self._lines[index.row()]
        return (line.address, line.types, line.values)[index.column()]

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        across = orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole
        return _HEADINGS[section] if across else None


class MonitorPanel(PanelFrame):
    """Draws a MonitorModel."""

    def __init__(self, model: MonitorModel) -> None:
        super().__init__(name="monitor")
        self._model = model
        self._summary = ElidedLabel(name="monitor_summary", size=theme.SMALL)
        self._search = QLineEdit()
        self._search.setPlaceholderText("Search an address")
        self._search.setObjectName("monitor_search")
        self._search.setAccessibleName("Search an address")
        self._search.setToolTip(tip("list only messages with this in their address"))
        self._search.setClearButtonEnabled(True)
        self._search.textChanged.connect(model.search)
        self._lines = LinesTable()
        self._table = self._made_table()
        head = row()
        head.addWidget(self._summary, 2)
        head.addWidget(self._search, 1)
        self.body.addLayout(head)
        self.body.addWidget(self._table, 1)

    def refresh(self) -> None:
        """Draw the model."""
        state = self._model.state
        self._summary.show_text(f"MONITOR  {state.summary}", palette.DIM)
        watching = state.place is not None
        self._search.setVisible(watching)
        self._table.setVisible(watching)
        self._lines.show_lines(state.lines)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        for section, share in enumerate(_SHARES):
            self._table.setColumnWidth(section, round(self.width() * share))
        self._table.verticalHeader().setDefaultSectionSize(theme.px(_ROW_HEIGHT))

    def _made_table(self) -> QTableView:
        table = QTableView()
        table.setObjectName("monitor_table")
        table.setAccessibleName("What the receiver is sent")
        table.setModel(self._lines)
        table.verticalHeader().hide()
        table.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        table.horizontalHeader().setStretchLastSection(True)
        table.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft)
        table.setShowGrid(False)
        table.setAlternatingRowColors(True)
        table.setWordWrap(False)
        table.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        table.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        return table
