"""What is wrong with a catalogue file, as one line that says what to write instead."""

from __future__ import annotations

import difflib
from typing import Any, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

_REMEDIES = {
    "missing": "is missing; add it",
    "string_type": "must be text in quotes",
    "string_too_short": "is empty; write some text or leave the key out",
    "bool_type": "must be true or false, without quotes",
    "list_type": 'must be a list, like ["…"]',
    "too_short": "is empty; name at least one",
    "dict_type": "must be a table of entries, each with a key of its own",
    "model_type": "must be a table of keys and values",
    "date_type": "must be a date, like 2026-11-23",
}


def describe(error: ValidationError, model: type[BaseModel]) -> str:
    """The first complaint, its key in front, and how many more there are."""
    complaints = error.errors()
    more = f" (and {len(complaints) - 1} more)" if len(complaints) > 1 else ""
    return _line(complaints[0], model) + more


def nearest(word: str, known: list[str]) -> str:
    """A remedy for a word that is not known: the nearest known one, or all of them."""
    close = difflib.get_close_matches(word, known, n=1)
    return f"did you mean {close[0]!r}?" if close else f"write one of: {', '.join(known)}"


def _line(complaint: ErrorDetails, model: type[BaseModel]) -> str:
    place = [part for part in complaint["loc"] if part != "[key]"]
    kind = complaint["type"]
    if kind == "extra_forbidden":
        return f"{_path(place)}: unknown key; {nearest(str(place[-1]), _keys(model, place[:-1]))}"
    if kind == "literal_error":
        return f"{_path(place)}: {complaint['input']!r} is not known; {_choice(complaint)}"
    if kind == "value_error":
        return f"{_path(place)}: {complaint['ctx']['error']}"
    return f"{_path(place)} {_REMEDIES.get(kind, complaint['msg'])}"


def _choice(complaint: ErrorDetails) -> str:
    known = [word.strip("'") for word in complaint["ctx"]["expected"].replace(" or ", ", ").split(", ")]
    return nearest(str(complaint["input"]), known)


def _path(place: list[int | str]) -> str:
    """["documents", "terms", "urls", 0] → documents.terms.urls[0]"""
    text = ""
    for part in place:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else part
    return text


def _keys(model: type[BaseModel], place: list[int | str]) -> list[str]:
    """The keys that the table at this place may have."""
    for part in place:
        field = model.model_fields.get(str(part))
        model = _table_of(field.annotation) or model if field else model
    return list(model.model_fields)


def _table_of(annotation: Any) -> type[BaseModel] | None:
    """The table inside list[Table] or dict[…, Table]."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for part in get_args(annotation) if (found := _table_of(part))), None)
