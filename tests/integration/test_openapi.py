"""The OpenAPI document: complete, valid, true to its own examples, and true to what the application answers."""

from collections.abc import Iterator
from typing import Any

import jsonschema_rs
import pytest

from paylinks_web.errors import TABLE
from paylinks_web.openapi import describe

from .conftest import Client

pytestmark = pytest.mark.anyio

Operations = list[tuple[str, str, dict[str, Any]]]
ALWAYS = {"429", "500", "503"}
BY_ACCESS = {
    "apiKey": {"401", "403"},
    "session": {"401", "403"},
    "salesperson": {"401"},
    "checkoutToken": {"400", "401", "403", "409"},
    "webhookSignature": {"401"},
}


@pytest.fixture
async def document(client: Client) -> dict[str, Any]:
    """Fetch the document as an integrator would."""
    answer = await client.http.get("/api/openapi.json")
    assert answer.headers["content-type"] == "application/json"
    fetched: dict[str, Any] = answer.json()
    return fetched


def operations(document: dict[str, Any]) -> Operations:
    """List every call."""
    return [(path, method, one) for path, methods in document["paths"].items() for method, one in methods.items()]


def schema_of(document: dict[str, Any], schema: dict[str, Any]) -> Any:  # noqa: ANN401 - a validator
    """Make a validator that knows the document's own types."""
    return jsonschema_rs.validator_for(schema | {"components": document["components"]})


def contents(call: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """List what a call takes and answers."""
    yield from ((f"request {kind}", one) for kind, one in call.get("requestBody", {}).get("content", {}).items())
    for status, answer in call["responses"].items():
        yield from ((f"{status} {kind}", one) for kind, one in answer.get("content", {}).items())


async def test_every_call_is_told_whole(document: dict[str, Any]) -> None:
    """Each has words, a tag, a success with a type, an id of its own, and names what it depends on."""
    calls = operations(document)
    assert len(calls) > 80
    assert len({call["operationId"] for _, _, call in calls}) == len(calls)
    for path, method, call in calls:
        where = f"{method} {path}"
        assert call["summary"], where
        assert call["summary"][0].isupper(), where
        assert len(call["description"]) > len(call["summary"]), where
        assert len(call["tags"]) == 1, where
        assert call["tags"][0] in {one["name"] for one in document["tags"]}, where
        good = [status for status in call["responses"] if status < "400"]
        assert good, where
        for status in good:
            answer = call["responses"][status]
            assert ("content" in answer) != ("Location" in answer["headers"]), where
        assert {one["name"] for one in call["parameters"] if one.get("in") == "path"} == {
            part[1:-1] for part in path.split("/") if part.startswith("{")
        }, where


async def test_every_error_is_told(document: dict[str, Any]) -> None:
    """By who may call and what is taken; each code of the one table stands somewhere, and no other status with it."""
    for path, method, call in operations(document):
        wanted = set(ALWAYS)
        for scheme in call["security"]:
            wanted |= BY_ACCESS[next(iter(scheme))]
        if "requestBody" in call and "webhooks" not in path.removeprefix("/api/admin/webhooks"):
            wanted |= {"400", "413", "415"}
        if "{" in path:
            wanted.add("404")
        assert wanted <= set(call["responses"]), f"{method} {path}"
    told = {(one["value"]["status"], one["value"]["code"]) for one in document["components"]["examples"].values()}
    # Said in a redirect instead, or of what nobody can cause from outside.
    assert set(TABLE.values()) - told <= {(401, "sign_in_refused")}


async def test_examples_hold_by_their_schemas(document: dict[str, Any]) -> None:
    """Every body taken or answered has an example, which is valid."""
    for path, method, call in operations(document):
        for name, content in contents(call):
            examples = [content["example"]] if "example" in content else []
            for one in content.get("examples", {}).values():
                code = one["$ref"].rpartition("/")[2]
                examples.append(document["components"]["examples"][code]["value"])
            assert examples, f"{method} {path} {name}"
            for example in examples:
                errors = [error.message for error in schema_of(document, content["schema"]).iter_errors(example)]
                assert errors == [], f"{method} {path} {name}"


async def test_examples_of_parameters_and_headers_hold(document: dict[str, Any]) -> None:
    """Shared ones and those of single calls."""
    shared = document["components"]
    own = [one for _, _, call in operations(document) for one in call["parameters"] if "$ref" not in one]
    for one in [*shared["parameters"].values(), *shared["headers"].values(), *own]:
        assert one["description"]
        assert schema_of(document, one["schema"]).is_valid(one["example"]), one


async def test_names_are_words(document: dict[str, Any]) -> None:
    """No type is called after a module, and each says what it is."""
    for name, schema in document["components"]["schemas"].items():
        assert name.isalnum(), name
        assert name[0].isupper(), name
        assert schema["title"] == name
        assert schema["description"], name
        assert not schema["description"].startswith(name), name


async def test_lists_tell_their_parameters(document: dict[str, Any]) -> None:
    """The published parameters of lists stand with each list, and its filters."""
    lists = [path for path, _, call in operations(document) if "#/components/parameters/page" in str(call)]
    assert {"/api/admin/orders", "/api/admin/users", "/api/admin/brands", "/api/admin/webhooks"} <= set(lists)
    orders = document["paths"]["/api/admin/orders"]["get"]["parameters"]
    named = {one.get("name") or one["$ref"].rpartition("/")[2] for one in orders}
    assert named >= {"page", "limit", "pageSize", "search", "startDate", "endDate", "status", "provider"}


async def test_the_document_is_made_once(client: Client) -> None:
    """It costs the first who asks for it, and nobody else."""
    assert describe(client.app) is describe(client.app)
