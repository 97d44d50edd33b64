"""The whole document: every route with its words, types, examples, errors, headers and proof of who calls."""

from collections.abc import Iterable, Mapping
from http import HTTPStatus
from itertools import groupby
from typing import Any
from weakref import WeakKeyDictionary

import msgspec
from litestar import Litestar

from ..answers import ErrorAnswer
from .bodies import BODIES, filled
from .examples import example_of
from .operations import Operation, list_operations
from .parameters import ANSWER_HEADERS, COMPONENTS, HEADERS, parameters_of
from .problems import Problem, headers_of, problems_of
from .schemas import Schemas, read_schemas
from .security import ACCESS, schemes, security_of

__all__ = ["Document", "describe"]

Document = Mapping[str, Any]

_JSON = "application/json"
_TEXT = (
    "Checkouts, payments and pay links in front of many payment providers. Amounts are whole minor units; times are "
    "Unix milliseconds. Calls are limited to a number a minute, told in the `X-RateLimit-*` headers of every answer."
)
_ALSO: Mapping[tuple[str, str], int] = {("post", "/api/upsell/create-session"): 200}
"""Where the same call again finds what the first one made, its status."""

_known: WeakKeyDictionary[Litestar, Document] = WeakKeyDictionary()


def describe(app: Litestar) -> Document:
    """Describe the running application; the document is made once, when it is first asked for."""
    if app not in _known:
        _known[app] = _document(app)
    return _known[app]


def _document(app: Litestar) -> Document:
    titles = {name: one.provider.title for name, one in app.state.house.plugins.payment.items()}
    operations = list(list_operations(app, titles))
    types = [one for call in operations for one in (call.body, *call.answers) if one is not None]
    schemas = read_schemas([*types, ErrorAnswer])
    paths: dict[str, dict[str, Any]] = {}
    for one in operations:
        paths.setdefault(one.path, {})[one.method] = _operation(schemas, one)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Paylinks API", "version": "1.0.0", "description": _TEXT},
        "servers": [{"url": "/"}],
        "tags": [{"name": name} for name in dict.fromkeys(one.tag for one in operations)],
        "paths": paths,
        "components": {
            "schemas": schemas.components,
            "parameters": COMPONENTS,
            "headers": HEADERS,
            "examples": _examples(operations),
            "securitySchemes": schemes(app.state.guards.cookies.prefix),
        },
    }


def _operation(schemas: Schemas, one: Operation) -> dict[str, Any]:
    _, rule = ACCESS[one.access]
    permission = f" Needs the permission `{one.permission}`." if one.permission else ""
    token_in_body = one.body is not None and "token" in one.body.__struct_fields__ and one.access == "server"
    described = {
        "operationId": one.id,
        "tags": [one.tag],
        "summary": one.summary,
        "description": f"{one.text} {rule}{permission}",
        "security": security_of(one.access, token_in_body=token_in_body),
        "parameters": parameters_of(one),
        "responses": dict(_responses(schemas, one)),
    }
    if one.body is not None:
        schema = schemas.references[one.body]
        written = BODIES.get((one.method, one.path))
        example = filled(written) if written is not None else example_of(schemas, schema)
        described["requestBody"] = {"required": True, "content": {_JSON: {"schema": schema, "example": example}}}
    elif one.access == "signature" and one.method == "post":
        event = {"schema": {"description": "The provider's own event"}, "example": {"id": "evt_1Example"}}
        described["requestBody"] = {"required": False, "content": {_JSON: event}}
    return described


def _responses(schemas: Schemas, one: Operation) -> Iterable[tuple[str, dict[str, Any]]]:
    names = (*ANSWER_HEADERS, "Idempotent-Replayed") if one.takes_key else ANSWER_HEADERS
    if not one.answers:
        yield (
            str(one.status),
            {"description": "The browser is sent on", "headers": headers_of(one.status, (*names, "Location"))},
        )
    else:
        choices = [schemas.references[answer] for answer in one.answers]
        schema = choices[0] if len(choices) == 1 else {"anyOf": choices}
        content = {_JSON: {"schema": schema, "example": example_of(schemas, schema)}}
        text = " ".join(schemas.resolve(choice)["description"] for choice in choices)
        for status in sorted({one.status, _ALSO.get((one.method, one.path), one.status)}):
            yield str(status), {"description": text, "headers": headers_of(status, names), "content": content}
    for status, problems in groupby(problems_of(one), key=lambda problem: problem.status):
        yield str(status), _refusal(schemas, status, tuple(problems), names)


def _refusal(schemas: Schemas, status: int, problems: tuple[Problem, ...], names: Iterable[str]) -> dict[str, Any]:
    codes = [one.code for one in problems]
    narrowed = {"properties": {"status": {"const": status}, "code": {"enum": codes}}}
    content = {
        "schema": {"allOf": [schemas.references[ErrorAnswer], narrowed]},
        "examples": {one.code: {"$ref": f"#/components/examples/{one.code}"} for one in problems},
    }
    text = "; ".join(f"`{one.code}`: {one.text}" for one in problems)
    return {"description": text, "headers": headers_of(status, names), "content": {_JSON: content}}


def _examples(operations: Iterable[Operation]) -> dict[str, Any]:
    """Show every error once."""
    problems = {problem.code: problem for one in operations for problem in problems_of(one)}
    return {code: {"summary": one.text, "value": _error(one)} for code, one in sorted(problems.items())}


def _error(problem: Problem) -> Any:  # noqa: ANN401 - JSON
    declined = problem.status == HTTPStatus.PAYMENT_REQUIRED
    answer = ErrorAnswer(
        error=problem.text,
        details=None,
        status=problem.status,
        code=problem.code,
        request_id="req_01jexample",
        decline_code="insufficient_funds" if declined else None,
        retryable=True if declined else None,
    )
    return msgspec.to_builtins(answer)
