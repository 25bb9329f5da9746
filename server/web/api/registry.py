"""An API registry for Flask: typed queries and answers, and the OpenAPI 3.1 document made from them."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, TypeVar

from flask import Blueprint, Response, request
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from server.web.errors import MEDIA_TYPE, UNFIT, Problem, problem

FRESH = "public, max-age=60, s-maxage=300, stale-while-revalidate=3600, stale-if-error=86400"

LARGEST_BODY = 32 << 10
"""Bytes of what is sent to an endpoint."""

B = TypeVar("B", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Operation:
    """One endpoint as the OpenAPI document describes it."""

    method: str
    rule: str
    query: type[BaseModel] | None
    body: type[BaseModel] | None
    returns: type[BaseModel]
    errors: tuple[int, ...]
    name: str
    summary: str


@dataclass(slots=True)
class Api:
    """Collects the endpoints of a blueprint."""

    blueprint: Blueprint
    title: str
    version: str
    examples: Mapping[str, Any]
    """An answer for each endpoint, by its name."""
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
                    return problem(422, UNFIT, title="Unprocessable Content", errors=wrong)
                return encode(view(**path, query=query.model_validate(request.args.to_dict())), cache)

            summary = _summary(view)
            self.operations.append(
                Operation("get", rule, query, None, returns, (*errors, 422, 429, 503), view.__name__, summary)
            )
            self.blueprint.add_url_rule(rule, view.__name__, answer, methods=["GET"])
            return answer

        return register

    def post(
        self, rule: str, *, body: type[B], returns: type[BaseModel], errors: Sequence[int] = ()
    ) -> Callable[[Callable[[B], BaseModel]], Callable[[], Response]]:
        """Registers a POST endpoint that takes JSON. Its answer (202: taken, not done yet) is for the asker alone."""

        def register(view: Callable[[B], BaseModel]) -> Callable[[], Response]:
            @functools.wraps(view)
            def answer() -> Response:
                if request.mimetype != "application/json":
                    return problem(415, "Send JSON, with Content-Type: application/json.")
                if (request.content_length or 0) > LARGEST_BODY:
                    return problem(413, f"Send at most {LARGEST_BODY} bytes.")
                found = view(body.model_validate_json(request.get_data()))
                response = Response(found.model_dump_json(), 202, mimetype="application/json")
                response.headers["Cache-Control"] = "no-store"
                return response

            told = (*errors, 413, 415, 422, 429, 503)
            self.operations.append(Operation("post", rule, None, body, returns, told, view.__name__, _summary(view)))
            self.blueprint.add_url_rule(rule, view.__name__, answer, methods=["POST"])
            return answer

        return register

    def document(self, server_url: str) -> dict[str, Any]:
        """The OpenAPI 3.1 document."""
        models = {operation.returns for operation in self.operations} | {Problem}
        models |= {operation.body for operation in self.operations if operation.body}
        ordered = sorted(models, key=lambda model: model.__name__)
        keys, definitions = models_json_schema(
            [(model, "serialization") for model in ordered], ref_template="#/components/schemas/{model}"
        )
        refs = {model: keys[(model, "serialization")] for model in ordered}
        paths: dict[str, Any] = {}
        for operation in self.operations:
            paths.setdefault(_template(operation.rule), {})[operation.method] = _describe(
                operation, refs, self.examples
            )
        return {
            "openapi": "3.1.0",
            "info": {
                "title": self.title,
                "version": self.version,
                "description": "What platforms' terms let AI do with what creators upload. Rendered at /docs.",
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
    if platform := getattr(answer, "platform", ""):
        response.headers["Surrogate-Key"] = f"all {platform}"
    return response.make_conditional(request.environ)  # type: ignore[return-value]


def _summary(view: Callable[..., Any]) -> str:
    return (view.__doc__ or "").strip().splitlines()[0]


_PART = re.compile(r"<(?:(?P<kind>\w+):)?(?P<name>\w+)>")


def _template(rule: str) -> str:
    """Flask's rule as an OpenAPI path: /platforms/<id> → /platforms/{id}."""
    return _PART.sub(r"{\g<name>}", rule)


def _describe(operation: Operation, refs: dict[Any, Any], examples: Mapping[str, Any]) -> dict[str, Any]:
    query = operation.query.model_json_schema() if operation.query else {"properties": {}}
    required = query.get("required", [])
    parameters: list[dict[str, Any]] = [
        {"name": part["name"], "in": "path", "required": True, "schema": _path_schema(part["kind"])}
        for part in _PART.finditer(operation.rule)
    ]
    for name, schema in query["properties"].items():
        shown = _said_once(schema)
        entry = {"name": name, "in": "query", "required": name in required, "schema": shown}
        if "description" in schema:
            entry["description"] = schema["description"]
        parameters.append(entry)
    content = {"application/json": {"schema": refs[operation.returns], "example": examples[operation.name]}}
    answers: dict[str, dict[str, Any]] = {
        "get": {"200": {"description": "OK", "content": content}, "304": {"description": "Not modified"}},
        "post": {"202": {"description": "Taken", "content": content}},
    }
    responses = answers[operation.method]
    for status in operation.errors:
        responses[str(status)] = {"description": "Problem", "content": {MEDIA_TYPE: {"schema": refs[Problem]}}}
    described: dict[str, Any] = {
        "operationId": operation.name,
        "summary": operation.summary,
        "parameters": parameters,
        "responses": responses,
    }
    if operation.body:
        schema = {"schema": refs[operation.body]}
        described["requestBody"] = {"required": True, "content": {"application/json": schema}}
    return described


def _said_once(schema: dict[str, Any]) -> dict[str, Any]:
    """The schema of a parameter: what it may be when it is given, since leaving it out is no value."""
    choices = [each for each in schema.get("anyOf", ()) if each != {"type": "null"}]
    named = choices[0] if len(choices) == 1 else {}
    left_out = {"title", "description", *(("anyOf", "default") if named else ())}
    return named | {key: value for key, value in schema.items() if key not in left_out}


def _path_schema(kind: str | None) -> dict[str, Any]:
    if kind == "int":
        return {"type": "integer", "minimum": 1, "examples": [1]}
    return {"type": "string", "minLength": 1, "examples": ["soundcloud"]}
