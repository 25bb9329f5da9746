"""/docs: the OpenAPI document as a page, rendered here."""

from __future__ import annotations

from functools import cache
from typing import Any

from flask import Blueprint, Response

from server.web.api import v1
from server.web.context import context
from server.web.pages.site import page


def register(blueprint: Blueprint) -> None:
    """Adds the page."""
    blueprint.add_url_rule("/docs", "docs", docs)


def docs() -> Response:
    """The page that documents the API."""
    document = _document(f"{context().public_url}/v1")
    models = {name: _fields(schema) for name, schema in document["components"]["schemas"].items()}
    return page("docs.html", document=document, models=models, type_of=type_of)


@cache
def _document(server: str) -> dict[str, Any]:
    return v1.api().document(server)


def _fields(schema: dict[str, Any]) -> list[tuple[str, str, str]]:
    """(name, type, description) of each field of a model."""
    properties: dict[str, Any] = schema.get("properties", {})
    return [(name, type_of(each), each.get("description", "")) for name, each in properties.items()]


def type_of(schema: dict[str, Any]) -> str:
    """A schema in a few words: "text", "list of ChangeAnswer", "one of worse, better, neutral"."""
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    if "anyOf" in schema:
        return " or ".join(dict.fromkeys(type_of(each) for each in schema["anyOf"]))
    if "enum" in schema:
        return "one of " + ", ".join(str(value) or "(empty)" for value in schema["enum"])
    if "const" in schema:
        return f"always {schema['const']}"
    if schema.get("type") == "array":
        return f"list of {type_of(schema['items'])}"
    if schema.get("type") == "object" and isinstance(schema.get("additionalProperties"), dict):
        return f"map to {type_of(schema['additionalProperties'])}"
    plain = {"string": schema.get("format", "text"), "integer": "number", "null": "null"}
    return str(plain.get(schema.get("type", ""), schema.get("type", "anything")))
