import pytest

from gui.view_models.receiver_form import AUTOMATIC, HELP, TITLES, ReceiverForm, choices, form_of
from gui.view_models.receiver_presets import RECEIVER_PRESETS, on_free_port
from megadance_live.config.preset import Receiver
from megadance_live.core.destination import CHOICES, OPTIONS


@pytest.fixture
def form() -> ReceiverForm:
    return form_of(0, Receiver(name="TD", to="127.0.0.1:7000,layout=touchdesigner"))


@pytest.mark.parametrize(
    "to",
    [
        "127.0.0.1:7000",
        "[::1]:7000,axes=godot",
        "td.local:7000,layout=touchdesigner,rate=120,datagram=plain,rotation=quat,performer=3,prefix=/left",
        "10.0.0.2:39539,layout=vmc,positions=none,locomotion=root",
    ],
)
def test_a_form_that_is_not_touched_changes_nothing(to: str) -> None:
    receiver = Receiver(name="it", to=to, enabled=False)
    assert form_of(0, receiver).receiver(enabled=False) == receiver


@pytest.mark.parametrize("preset", RECEIVER_PRESETS, ids=lambda preset: preset.title)
def test_every_preset_can_be_edited_as_it_is(preset: object) -> None:
    receiver = next(known for known in RECEIVER_PRESETS if known is preset).receiver
    form = form_of(0, receiver)
    assert form.problems == {}
    assert form.receiver(enabled=True) == receiver


def test_a_layout_shows_the_fields_that_it_has(form: ReceiverForm) -> None:
    assert "rotation" in form.fields
    vmc = form.put("layout", "vmc")
    assert "locomotion" in vmc.fields
    assert not {"axes", "performer", "prefix", "rotation"} & set(vmc.fields)


def test_every_field_of_every_layout_has_a_title_and_help() -> None:
    fields = {"name", "host", "port"}.union(*OPTIONS.values())
    assert fields == set(TITLES) == set(HELP)


def test_what_is_chosen_comes_from_the_destination() -> None:
    assert choices("axes") == CHOICES["axes"]
    assert choices("datagram") == (AUTOMATIC, *CHOICES["datagram"])
    assert choices("host") == ()


def test_going_back_to_a_layout_brings_its_values_back(form: ReceiverForm) -> None:
    there = form.put("axes", "blender").put("layout", "vmc").put("layout", "touchdesigner")
    assert there.values["axes"] == "blender"
    assert "axes=blender" in there.text


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("port", "", "port 1 to 65535"),
        ("port", "0", "port 1 to 65535"),
        ("port", "70000", "port 1 to 65535"),
        ("port", "seven", "port 1 to 65535"),
        ("port", "7000,rate=30", "without a comma"),
        ("host", "", "HOST:PORT"),
        ("host", "a,b", "without a comma"),
        ("performer", "0", "from 1 to 99"),
        ("performer", "", "from 1 to 99"),
        ("prefix", "left", "must look like /name"),
        ("prefix", "/a b", "must look like /name"),
        ("prefix", "/a,b", "without a comma"),
        ("name", "x" * 41, "40 letters"),
    ],
)
def test_what_is_wrong_is_said_under_its_field(form: ReceiverForm, field: str, value: str, words: str) -> None:
    wrong = form.put(field, value)
    assert list(wrong.problems) == [field]
    assert words in wrong.problems[field]
    assert wrong.receiver(enabled=True) is None


def test_a_field_that_the_layout_lacks_cannot_be_wrong(form: ReceiverForm) -> None:
    assert form.put("prefix", "bad").put("layout", "vmc").problems == {}


def test_white_space_and_bare_ipv6_addresses_are_understood(form: ReceiverForm) -> None:
    receiver = form.put("host", " ::1 ").put("port", " 7001 ").put("name", " TD ").receiver(enabled=True)
    assert receiver is not None
    assert receiver.to == "[::1]:7001,layout=touchdesigner"
    assert receiver.name == "TD"


def test_a_receiver_keeps_its_port_while_it_is_free() -> None:
    receiver = Receiver(name="a", to="127.0.0.1:7000,axes=godot")
    assert on_free_port(receiver, [Receiver(to="10.0.0.1:7000"), Receiver(to="127.0.0.1:7001")]) == receiver


def test_a_taken_port_becomes_the_next_free_one() -> None:
    taken = [Receiver(to="127.0.0.1:7000"), Receiver(to="127.0.0.1:7001,layout=vmc")]
    receiver = on_free_port(Receiver(name="a", to="127.0.0.1:7000,axes=godot", enabled=False), taken)
    assert receiver == Receiver(name="a", to="127.0.0.1:7002,axes=godot", enabled=False)


def test_beyond_the_last_port_a_lower_one_is_taken() -> None:
    at_the_end = Receiver(to="[::1]:65535")
    assert on_free_port(at_the_end, [at_the_end]).to == "[::1]:65534"
