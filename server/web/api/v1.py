"""Version 1 of the API: registers the resources, serves the OpenAPI document, answers preflights."""

from __future__ import annotations

import json
from pathlib import Path

from flask import Blueprint, Response, jsonify, request

from server.web.api import changes, hosts, lookup, platforms, sources, suggestions
from server.web.api.registry import FRESH, Api
from server.web.context import context

VERSION = "1.0.0"


def api() -> Api:
    """A registry with every resource of v1 on it."""
    examples = json.loads((Path(__file__).parent / "examples.json").read_text(encoding="utf-8"))
    made = Api(Blueprint("v1", __name__), "Clausewatch", VERSION, examples)
    for resource in (lookup, hosts, platforms, changes, sources, suggestions):
        resource.register(made)
    return made


def blueprint() -> Blueprint:
    """The routes below /v1."""
    made = api()
    blueprint = made.blueprint

    @blueprint.get("/openapi.json")
    def openapi() -> Response:
        document = made.document(f"{context().public_url}/v1")
        response = jsonify(document)
        response.headers["Cache-Control"] = FRESH
        response.add_etag()
        return response.make_conditional(request)  # type: ignore[return-value]

    return blueprint
