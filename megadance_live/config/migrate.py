"""Presets of earlier versions: each step turns the plain table of one version into that of the next."""

from collections.abc import Callable, Mapping
from typing import Any

from megadance_live.config.preset import SCHEMA_VERSION
from megadance_live.core.destination import LayoutName, parse_destination
from megadance_live.core.errors import DestinationError

Table = dict[str, Any]

OLDEST = 1
_NAMES: dict[LayoutName, str] = {"native": "OSC", "touchdesigner": "TouchDesigner", "vmc": "VMC"}


def version_of(table: Mapping[str, Any]) -> int:
    """The version that a file says it is of. One that says none, or nonsense, is as good as of the first: no step
    harms what is newer."""
    version = table.get("schema_version")
    return version if isinstance(version, int) and not isinstance(version, bool) and version >= OLDEST else OLDEST


def migrate(table: Table) -> Table:
    """The same show in the present version; the table itself is left alone. A later version, or a nonsensical one, is
    not changed."""
    version = version_of(table)
    said = table.get("schema_version", version)
    for step in range(version, SCHEMA_VERSION):
        table = _STEPS[step](table)
    return {**table, "schema_version": max(version, SCHEMA_VERSION) if said == version else said}


def _name_the_receivers(table: Table) -> Table:
    """Version 1 had a list of texts for OSC and one for VMC, each with a default of its own."""
    output = table.get("output")
    if not isinstance(output, dict) or "receivers" in output or not {"osc", "vmc"} & set(output):
        return table
    osc, vmc = output.get("osc", ["127.0.0.1:7000"]), output.get("vmc", ["127.0.0.1:39539"])
    if not isinstance(osc, list) or not isinstance(vmc, list):
        return table
    receivers: list[Table] = []
    layouts: tuple[tuple[LayoutName, list[Any]], ...] = (("native", osc), ("vmc", vmc))
    for layout, texts in layouts:
        for text in texts:
            receivers.append(_receiver(str(text), layout, [receiver["name"] for receiver in receivers]))
    rest = {key: value for key, value in output.items() if key not in ("osc", "vmc")}
    return {**table, "output": {**rest, "receivers": receivers}}


def _receiver(text: str, layout: LayoutName, taken: list[str]) -> Table:
    """A text that cannot be read stays as it is: whoever reads the table then says what is wrong with it."""
    name = _NAMES[layout]
    try:
        destination = parse_destination(text, layout)
        text, name = destination.text, _NAMES[destination.layout]
    except DestinationError:
        pass
    number = sum(other.split(" ")[0] == name for other in taken) + 1
    return {"name": name if number == 1 else f"{name} {number}", "to": text}


_STEPS: dict[int, Callable[[Table], Table]] = {1: _name_the_receivers}
"""By the version that a step begins with."""
