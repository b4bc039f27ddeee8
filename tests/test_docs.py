"""What the documents say is what the program does."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from types import NoneType
from typing import Literal, get_args, get_origin

import pytest
import typer.main
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from gui.keys import KEYS, PAD_KEYS
from megadance_live.cli import app
from megadance_live.config.folders import shipped_names
from megadance_live.config.load import parse_preset
from megadance_live.config.preset import SCHEMA_VERSION, Preset
from megadance_live.control.osc_defaults import DEFAULT_PORT
from megadance_live.control.osc_in import EXPERT_BUTTON, QUERY, replies_of
from megadance_live.control.vocabulary import VOCABULARY
from megadance_live.core.bar_clock import SOURCES
from megadance_live.core.control import Control
from megadance_live.core.destination import CHOICES, RATES_HZ, Destination
from megadance_live.core.output_frame import AppState
from megadance_live.core.skeleton import JOINT_NAMES
from megadance_live.output.osc.receiver import layout_of
from megadance_live.output.take import ALL_FORMATS
from megadance_live.show.autosave import CRASHED, FILE, UNSAVED

REPOSITORY = Path(__file__).resolve().parents[1]
DOCUMENTS = sorted([*REPOSITORY.glob("*.md"), *(REPOSITORY / "docs").rglob("*.md")])
EXPERTS = ("house", "krump", "locking")


def text_of(path: str) -> str:
    return (REPOSITORY / path).read_text(encoding="utf-8")


def section(text: str, title: str) -> str:
    """What stands under a heading of the second level."""
    return text.split(f"\n## {title}\n", 1)[1].split("\n## ", 1)[0]


def rows(text: str) -> list[list[str]]:
    """The cells of every table row, without headings."""
    lines = [line for line in text.splitlines() if line.startswith("|") and not line.startswith("|---")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[1:]]


def addresses(cell: str) -> Iterator[str]:
    """The addresses of a cell; one that is cut short shares the beginning of the one before it."""
    before = ""
    for code in re.findall(r"`(/[^`]*)`", cell):
        whole = code if code.count("/") > 1 or not before else f"{before.rpartition('/')[0]}{code}"
        before = before or whole
        yield whole


def told(title: str) -> set[str]:
    """The addresses of an out section of docs/osc.md, every joint and expert by its own."""
    found = {
        address
        for name in (title, "Out: the musical block")
        for row in rows(section(text_of("docs/osc.md"), name))
        for address in addresses(row[0])
    }
    for pattern, values in (("JOINT", JOINT_NAMES), ("/N", [f"/{i}" for i in range(len(EXPERTS))])):
        for address in [address for address in found if pattern in address]:
            found.remove(address)
            found |= {address.replace(pattern, value) for value in values}
    return found


def sent(destination: Destination) -> set[str]:
    layout = layout_of(destination, len(EXPERTS))
    names = {layout.expert_name_address} if layout.expert_name_address else set()
    return {message.address for message in layout.messages} | names


def test_the_addresses_of_the_native_layout() -> None:
    assert told("Out: native") == sent(Destination("127.0.0.1", 7000))


def test_the_addresses_of_the_touchdesigner_layout() -> None:
    euler = sent(Destination("127.0.0.1", 7000, layout="touchdesigner"))
    quat = sent(Destination("127.0.0.1", 7000, layout="touchdesigner", rotation="quat"))
    assert told("Out: touchdesigner") == euler | quat


def test_the_addresses_of_the_vmc_layout() -> None:
    found = set(re.findall(r"`(/VMC[^`]*)`", section(text_of("docs/osc.md"), "Out: VMC")))
    assert found == sent(Destination("127.0.0.1", 39539, layout="vmc"))


def test_the_numbers_of_sources_and_states() -> None:
    text = text_of("docs/osc.md")
    assert ", ".join(f"{number} {name}" for number, name in enumerate(SOURCES)) in text
    assert ", ".join(f"{state.value} {state.name.lower().replace('_', ' ')}" for state in AppState) in text


def test_the_options_of_a_destination() -> None:
    options = {row[0].strip("`"): row[1] for row in rows(section(text_of("docs/osc.md"), "Destinations"))}
    for option in ("layout", "datagram", "axes"):
        assert tuple(re.findall(r"`(\w+)`", options[option])) == CHOICES[option]
    assert options["rate"].startswith(", ".join(map(str, RATES_HZ)))
    assert set(options) <= set(Destination.__dataclass_fields__) | {"rate"}


def test_the_addresses_that_are_heard() -> None:
    heard = {row[0].strip("`"): row[1:] for row in rows(section(text_of("docs/osc.md"), "In"))}
    assert set(heard) == {word.address for word in VOCABULARY.values()} | {f"{EXPERT_BUTTON}N", QUERY}
    for word in VOCABULARY.values():
        value, meaning = heard[word.address]
        assert meaning == word.help
        assert word.kind in ("none", "expert") or value == word.takes
    assert f"UDP port {DEFAULT_PORT}" in text_of("docs/osc.md")


def test_the_addresses_that_are_answered() -> None:
    answers = text_of("docs/osc.md").split("is answered at the port that it sent from:", 1)[1]
    kinds = {"i": int, "f": float}
    found = {name: kinds[kind] for name, kind in re.findall(r"`(?:/ctl/state)?(/\w+)` ([if])", answers)}
    replies = replies_of(Control("krump"), EXPERTS)
    assert found == {address.removeprefix("/ctl/state"): type(value) for address, value in replies}


def test_the_commands_of_a_cue_file() -> None:
    words = {row[0].strip("`"): row[1:] for row in rows(section(text_of("docs/cues.md"), "Commands"))}
    assert list(words) == list(VOCABULARY)
    for name, (value, meaning) in words.items():
        assert meaning == VOCABULARY[name].help
        assert VOCABULARY[name].kind in ("none", "expert") or value == VOCABULARY[name].takes


def settings(model: type[BaseModel], path: str = "") -> Iterator[list[str]]:
    """The rows of docs/presets.md: what may be written, as what, with which default, and what it means."""
    for name, field in model.model_fields.items():
        inner = [kind for kind in get_args(field.annotation) if isinstance(kind, type) and issubclass(kind, BaseModel)]
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            yield from settings(field.annotation, f"{path}{name}.")
        elif inner:
            yield from settings(inner[0], f"{path}{name}[].")
        else:
            meaning = (field.description or "").replace("|", "/")
            yield [f"`{path}{name}`", f"{takes(field)}", default_of(field), meaning]


def takes(field: FieldInfo) -> str:
    """What a setting may be, in words."""
    kinds: dict[object, str] = {bool: "true or false", int: "a whole number", float: "a number", str: "a text"}
    kind, arguments = field.annotation, get_args(field.annotation)
    if get_origin(kind) is Literal:
        return " ".join(f"`{choice}`" for choice in arguments)
    if get_origin(kind) is tuple:
        return "a list of " + (" ".join(f"`{c}`" for c in get_args(arguments[0])) or "texts")
    if get_origin(kind) is dict:
        return "a table of commands"
    words = " or ".join(dict.fromkeys(kinds[part] for part in arguments or (kind,) if part is not NoneType))
    limits = {name: limit.__getattribute__(name) for limit in field.metadata for name in limit.__slots__}
    if "max_length" in limits:
        words += f" of at most {limits['max_length']} characters"
    if "ge" in limits:
        words += f" from {limits['ge']:.10g}" + (f" to {limits['le']:.10g}" if "le" in limits else "")
    return words


def default_of(field: FieldInfo) -> str:
    if field.is_required():
        return "must be given"
    default = field.get_default(call_default_factory=True)
    if default in (None, "", (), {}):
        return "none"
    return f"`{json.dumps(default)}`"


def test_the_settings_of_a_preset() -> None:
    told = rows(section(text_of("docs/presets.md"), "Settings"))
    assert told == list(settings(Preset))
    assert f"schema_version = {SCHEMA_VERSION}" in text_of("docs/presets.md")


def test_the_presets_that_ship() -> None:
    told = rows(section(text_of("docs/presets.md"), "Presets that ship"))
    assert [row[0].strip("`") for row in told] == list(shipped_names())


def test_the_preset_of_the_documentation_can_be_used() -> None:
    example = text_of("docs/presets.md").split("```toml\n", 1)[1].split("```", 1)[0]
    preset = parse_preset(example, "docs/presets.md")
    assert preset.scenes
    assert preset.cues.entries
    assert preset.midi.bindings


def test_the_files_of_an_autosave() -> None:
    text = text_of("docs/presets.md")
    assert all(f"`{name}`" in text for name in (FILE, f"autosave.{CRASHED}.toml", f"autosave.{UNSAVED}.toml"))


def test_the_files_of_a_take() -> None:
    text = text_of("docs/recordings.md")
    assert all(f"`{name}`" in text for name in ALL_FORMATS)


def commands() -> dict[str, set[str]]:
    """Every command of the program with its options."""
    found: dict[str, set[str]] = {}

    def visit(command: object, name: str) -> None:
        options = {option for parameter in getattr(command, "params", ()) for option in parameter.opts}
        found[name] = {option for option in options if option.startswith("--")}
        for child_name, child in getattr(command, "commands", {}).items():
            visit(child, f"{name} {child_name}".strip())

    visit(typer.main.get_command(app), "")
    return found


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_commands_and_options_exist(path: Path) -> None:
    known = commands()
    options = set().union(*known.values()) | {"--help", "--constraint", "--editable", "--logdir"}
    for benchmark in (REPOSITORY / "benchmarks").glob("*.py"):
        options |= set(re.findall(r'"(--[a-z-]+)"', benchmark.read_text(encoding="utf-8")))
    text = path.read_text(encoding="utf-8")
    assert set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", text)) <= options
    used = set(re.findall(r"(?<![\w/])megadance-live ([a-z]+)", text))
    assert used - {"stands"} <= {name.split()[0] for name in known if name}


def test_the_readme_lists_every_command() -> None:
    text = text_of("README.md")
    assert all(name in text for name in commands())


def anchor(heading: str) -> str:
    return re.sub(r"[^\w -]", "", heading.strip().lower()).replace(" ", "-")


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_links_lead_somewhere(path: Path) -> None:
    for link in re.findall(r"(?<!!)\[[^\]]*\]\(([^)]+)\)", path.read_text(encoding="utf-8")):
        if "://" in link:
            continue
        file, _, place = link.partition("#")
        target = (path.parent / file) if file else path
        assert target.exists(), link
        if place:
            headings = re.findall(r"^#+ (.+)$", target.read_text(encoding="utf-8"), re.MULTILINE)
            assert place in {anchor(heading) for heading in headings}, link


def test_the_keys_of_the_app() -> None:
    told = {row[0]: row[1] for row in rows(section(text_of("docs/app.md"), "Keys"))}
    kept = {
        ", ".join(f"`{name}`" for name in key.keys): key.says for key in KEYS if key.action not in ("pad", "pad_now")
    }
    assert told == kept
    assert PAD_KEYS[:10] == tuple("1234567890")
    assert PAD_KEYS[10:] == tuple("QWERTYUIOP")
