"""An API registry for Flask: typed queries and answers, and the OpenAPI 3.1 document made from them."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from flask import Blueprint, Response, request
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from server.web.errors import MEDIA_TYPE, Problem, problem

FRESH = "public, max-age=60, s-maxage=300, stale-while-revalidate=3600, stale-if-error=86400"


@dataclass(frozen=True, slots=True)
class Operation:
    """One endpoint as the OpenAPI document describes it."""

    rule: str
    query: type[BaseModel] | None
    returns: type[BaseModel]
    errors: tuple[int, ...]
    name: str
    summary: str
    cache: str


@dataclass(slots=True)
class Api:
    """Collects the read endpoints of a blueprint."""

    blueprint: Blueprint
    title: str
    version: str
    operations: list[Operation] = field(default_factory=list)

    def get(
        self,
        rule: str,
        *,
        returns: type[BaseModel],
        query: type[BaseModel] | None = None,
        errors: Sequence[int] = (),
        cache: str = FRESH,
    ) -> Callable[[Callable[..., BaseModel | Response]], Callable[..., Response]]:
        """Registers a GET endpoint: checks its query, encodes its answer, answers a fitting ETag with 304."""

        def register(view: Callable[..., BaseModel | Response]) -> Callable[..., Response]:
            @functools.wraps(view)
            def answer(**path: Any) -> Response:
                if query is None:
                    if request.args:
                        return problem(422, "This address takes no parameters.", title="Unprocessable Content")
                    return encode(view(**path), cache)
                if repeated := [key for key, values in request.args.lists() if len(values) > 1]:
                    wrong = [{"loc": [key], "msg": "given more than once"} for key in repeated]
                    return problem(422, title="Unprocessable Content", errors=wrong)
                return encode(view(**path, query=query.model_validate(request.args.to_dict())), cache)

            summary = (view.__doc__ or "").strip().splitlines()[0]
            all_errors = (*errors, 422)
            self.operations.append(Operation(rule, query, returns, all_errors, view.__name__, summary, cache))
            self.blueprint.add_url_rule(rule, view.__name__, answer, methods=["GET"])
            return answer

        return register

    def document(self, server_url: str) -> dict[str, Any]:
        """The OpenAPI 3.1 document."""
        models = {operation.returns for operation in self.operations} | {Problem}
        ordered = sorted(models, key=lambda model: model.__name__)
        keys, definitions = models_json_schema(
            [(model, "serialization") for model in ordered], ref_template="#/components/schemas/{model}"
        )
        refs = {model: keys[(model, "serialization")] for model in ordered}
        paths: dict[str, Any] = {}
        for operation in self.operations:
            paths[_template(operation.rule)] = {"get": _describe(operation, refs)}
        return {
            "openapi": "3.1.0",
            "info": {
                "title": self.title,
                "version": self.version,
                "description": "What platforms' terms let AI do with what creators upload. See docs/api.md.",
                "license": {"name": "MIT", "identifier": "MIT"},
            },
            "servers": [{"url": server_url or "/"}],
            "paths": paths,
            "components": {"schemas": definitions["$defs"]},
        }


def encode(answer: BaseModel | Response, cache: str) -> Response:
    """The answer as JSON with a strong ETag; 304 when the reader has it."""
    if isinstance(answer, Response):
        return answer
    body = answer.model_dump_json().encode()
    response = Response(body, mimetype="application/json")
    response.set_etag(sha256(body).hexdigest()[:32])
    response.headers["Cache-Control"] = cache
    response.headers["Surrogate-Key"] = f"all {getattr(answer, 'platform', '')}".rstrip()
    return response.make_conditional(request.environ)  # type: ignore[return-value]


_PART = re.compile(r"<(?:(?P<kind>\w+):)?(?P<name>\w+)>")


def _template(rule: str) -> str:
    """Flask's rule as an OpenAPI path: /platforms/<id> → /platforms/{id}."""
    return _PART.sub(r"{\g<name>}", rule)


def _describe(operation: Operation, refs: dict[Any, Any]) -> dict[str, Any]:
    query = operation.query.model_json_schema() if operation.query else {"properties": {}}
    required = query.get("required", [])
    parameters: list[dict[str, Any]] = [
        {"name": part["name"], "in": "path", "required": True, "schema": _path_schema(part["kind"])}
        for part in _PART.finditer(operation.rule)
    ]
    for name, schema in query["properties"].items():
        shown = {key: value for key, value in schema.items() if key not in {"title", "description"}}
        entry = {"name": name, "in": "query", "required": name in required, "schema": shown}
        if "description" in schema:
            entry["description"] = schema["description"]
        parameters.append(entry)
    responses: dict[str, Any] = {
        "200": {"description": "OK", "content": {"application/json": {"schema": refs[operation.returns]}}},
        "304": {"description": "Not modified"},
    }
    for status in operation.errors:
        responses[str(status)] = {"description": "Problem", "content": {MEDIA_TYPE: {"schema": refs[Problem]}}}
    return {
        "operationId": operation.name,
        "summary": operation.summary,
        "parameters": parameters,
        "responses": responses,
    }


def _path_schema(kind: str | None) -> dict[str, Any]:
    return {"type": "integer", "minimum": 1} if kind == "int" else {"type": "string", "minLength": 1}
