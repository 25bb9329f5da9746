"""The OpenAPI document against the application: what fits it is answered as it says, what does not is refused."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.specs.openapi.checks import positive_data_acceptance

from server.sources import addresses
from server.store import session
from server.web.api import v1
from server.web.api.registry import Operation
from server.web.app import create_app
from tests import databases
from tests.web.conftest import a_story

EXAMPLES = 30
"""Requests for each operation: bounded, and the same in every run."""

BY_MEANING = {"all_changes", "platform_changes", "suggest"}
"""What takes a cursor or a site's name: not every text of the right form is one, and 422 says so."""


@pytest.fixture(scope="module")
def documented(tmp_path_factory: pytest.TempPathFactory) -> Iterator[schemathesis.BaseSchema]:
    """The document and the application with the story, where any name leads to the public internet."""
    engine = session.open_engine(databases.sqlite(tmp_path_factory.mktemp("openapi") / "test.db"))
    story = a_story(engine)
    free = replace(story.settings, reads_a_minute=0, writes_a_minute=0)
    here = replace(story, settings=free, reach=lambda host: addresses.reach(host, look_up=lambda *_: ["93.184.216.34"]))
    yield schemathesis.openapi.from_wsgi("/v1/openapi.json", create_app(here))
    engine.dispose()


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=["fitting", "unfitting"])
@pytest.mark.parametrize("operation", v1.api().operations, ids=lambda each: f"{each.method} {each.rule}")
def test_requests_are_answered_as_the_document_says(
    documented: schemathesis.BaseSchema, operation: Operation, mode: GenerationMode
) -> None:
    found = documented.find_operation_by_id(operation.name)

    @settings(max_examples=EXAMPLES, deadline=None, derandomize=True, database=None, suppress_health_check=HealthCheck)
    @given(found.as_strategy(generation_mode=mode))
    def ask(case: schemathesis.Case) -> None:
        case.call_and_validate(excluded_checks=[positive_data_acceptance] if operation.name in BY_MEANING else [])

    try:
        ask()
    except Unsatisfiable:
        pytest.skip("nothing that does not fit can be made: it takes nothing")


@pytest.mark.parametrize("operation", v1.api().operations, ids=lambda each: f"{each.method} {each.rule}")
def test_each_example_is_an_answer_as_it_is_given(operation: Operation) -> None:
    example = v1.api().examples[operation.name]
    assert json.loads(operation.returns.model_validate(example).model_dump_json()) == example
