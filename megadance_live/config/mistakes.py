"""What is wrong with a preset, in sentences for people who have never heard of validation."""

from difflib import get_close_matches
from typing import Any, get_args, get_origin

from pydantic import BaseModel
from pydantic_core import ErrorDetails

from megadance_live.config.preset import Preset

Place = tuple[int | str, ...]
"""Keys and indices that lead into the table of a preset."""

SHOWN = 60
"""Characters of a wrong value that are shown."""


def place_of(error: ErrorDetails) -> Place:
    """Where the mistake is: the location without what belongs to the validation and not to the file."""
    place: list[int | str] = []
    model: Any = Preset
    for part in error["loc"]:
        if isinstance(part, str) and _is_model(model):
            place.append(part)
            field = model.model_fields.get(part)
            model = field.annotation if field is not None else None
        elif isinstance(part, int) and get_origin(model) is tuple:
            place.append(part)
            model = get_args(model)[0]
        else:
            break
    return tuple(place)


def sentence(error: ErrorDetails) -> str:
    """A mistake in words: where, and what would be right."""
    place = place_of(error)
    if error["type"] == "extra_forbidden":
        known = _keys_at(place[:-1])
        near = get_close_matches(str(place[-1]), known, n=1)
        hint = f' (did you mean "{near[0]}"?)' if near else ""
        return f"{_named(place)} is not a setting{hint}; known here are: {', '.join(known)}."
    if error["type"] == "missing":
        return f"{_named(place)} is missing."
    message = error["msg"].removeprefix("Value error, ").rstrip(".")
    said = f"{_named(place)}: {message[:1].lower()}{message[1:]}"
    if error["type"] in ("value_error", "twin"):
        return f"{said}."
    shown = repr(error["input"])
    return f"{said}, not {shown if len(shown) <= SHOWN else shown[:SHOWN] + '...'}."


def optional_at(place: Place) -> bool:
    """Whether there is a setting at a place, and it has a default."""
    model = _model_at(place[:-1])
    field = model.model_fields.get(str(place[-1])) if place and _is_model(model) else None
    return field is not None and not field.is_required()


def _named(place: Place) -> str:
    """Entries are counted from 1, as people do."""
    words, keys = [], list[str]()
    for part in place:
        if isinstance(part, int):
            words.append(f'entry {part + 1} of "{".".join(keys)}"')
            keys = []
        else:
            keys.append(part)
    if keys or not words:
        words.append(f'"{".".join(keys)}"')
    return ", ".join(words)


def _keys_at(place: Place) -> tuple[str, ...]:
    model = _model_at(place)
    return tuple(model.model_fields) if _is_model(model) else ()


def _model_at(place: Place) -> Any:
    model: Any = Preset
    for part in place:
        model = get_args(model)[0] if isinstance(part, int) else model.model_fields[part].annotation
    return model


def _is_model(model: Any) -> bool:
    return isinstance(model, type) and issubclass(model, BaseModel)
