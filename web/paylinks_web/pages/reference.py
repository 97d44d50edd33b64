"""/docs: the API reference, written here from the OpenAPI document, so that it loads nothing from elsewhere."""

import json
from collections.abc import Mapping
from typing import Any
from weakref import WeakKeyDictionary

from litestar import Litestar, Request, Response, get
from msgspec import Struct

from ..openapi import describe
from .rendering import page

__all__ = ["Reference", "read_reference", "reference"]

_SCHEMAS = "#/components/schemas/"
_UNTITLED = "Other"
_BOUNDS = {
    "minimum": "at least {}",
    "maximum": "at most {}",
    "maxLength": "up to {} characters",
    "maxItems": "up to {} items",
    "pattern": "like {}",
    "default": "else {}",
}
_EXAMPLES = {"orderId": "order-1001", "amount": 4999, "currency": "USD", "productName": "Blue shirt"}


class Word(Struct, frozen=True):
    """A part of a type's description; with an anchor it leads to that type."""

    text: str
    anchor: str | None = None


class Field(Struct, frozen=True, kw_only=True):
    """One row of a table of fields."""

    name: str
    type: tuple[Word, ...]
    required: bool


class Answer(Struct, frozen=True, kw_only=True):
    """What a call answers under one status."""

    status: str
    fields: tuple[Field, ...]


class Call(Struct, frozen=True, kw_only=True):
    """One call of the API."""

    anchor: str
    method: str
    path: str
    text: str
    body: tuple[Field, ...]
    example: str
    answers: tuple[Answer, ...]


class Group(Struct, frozen=True, kw_only=True):
    """The calls of one tag."""

    name: str
    calls: tuple[Call, ...]


class Type(Struct, frozen=True, kw_only=True):
    """A type with a name of its own."""

    anchor: str
    name: str
    text: str
    fields: tuple[Field, ...]


class Reference(Struct, frozen=True, kw_only=True):
    """All that the page tells."""

    title: str
    openapi: str
    description: str
    groups: tuple[Group, ...]
    types: tuple[Type, ...]


_known: WeakKeyDictionary[Litestar, Reference] = WeakKeyDictionary()


@get("/docs")
async def reference(request: Request[Any, Any, Any]) -> Response[bytes]:
    """Show the API reference."""
    if request.app not in _known:
        _known[request.app] = read_reference(describe(request.app))
    return page("reference.html", reference=_known[request.app])


def read_reference(document: Mapping[str, Any]) -> Reference:
    """Read an OpenAPI 3.1 document into what the page tells."""
    schemas: Mapping[str, Any] = document.get("components", {}).get("schemas", {})
    groups: dict[str, list[Call]] = {}
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            call = _call(schemas, path, method, operation)
            groups.setdefault(next(iter(operation.get("tags", ())), _UNTITLED), []).append(call)
    return Reference(
        title=document["info"]["title"],
        openapi=document["openapi"],
        description=document["info"].get("description", ""),
        groups=tuple(Group(name=name, calls=tuple(calls)) for name, calls in groups.items()),
        types=tuple(
            Type(anchor=_anchor(name), name=name, text=schema.get("description", ""), fields=_fields(schema))
            for name, schema in sorted(schemas.items())
            if schema.get("properties") and not _is_envelope(schema)
        ),
    )


def _call(schemas: Mapping[str, Any], path: str, method: str, operation: Mapping[str, Any]) -> Call:
    body = _resolve(schemas, _content(operation.get("requestBody", {})))
    answers = {status: _content(answer) for status, answer in operation["responses"].items() if status < "300"}
    return Call(
        anchor=operation["operationId"],
        method=method,
        path=path,
        text=operation.get("description") or operation.get("summary", ""),
        body=_fields(body),
        example=_example(path, body),
        answers=tuple(
            Answer(status=status, fields=_fields(_data(schemas, schema))) for status, schema in answers.items()
        ),
    )


def _content(message: Mapping[str, Any]) -> Mapping[str, Any]:
    schema: Mapping[str, Any] = message.get("content", {}).get("application/json", {}).get("schema", {})
    return schema


def _resolve(schemas: Mapping[str, Any], schema: Mapping[str, Any]) -> Mapping[str, Any]:
    name = schema.get("$ref", "").removeprefix(_SCHEMAS)
    found: Mapping[str, Any] = schemas.get(name, {}) if name else schema
    return found


def _is_envelope(schema: Mapping[str, Any]) -> bool:
    return set(schema["properties"]) == {"success", "data"}


def _data(schemas: Mapping[str, Any], schema: Mapping[str, Any]) -> Mapping[str, Any]:
    """Open the envelope, which is the same everywhere and told once."""
    whole = _resolve(schemas, schema)
    if whole.get("properties") and _is_envelope(whole):
        return _resolve(schemas, whole["properties"]["data"])
    return whole


def _fields(schema: Mapping[str, Any]) -> tuple[Field, ...]:
    required = schema.get("required", ())
    rows = [
        Field(name=name, type=_words(one), required=name in required)
        for name, one in schema.get("properties", {}).items()
    ]
    return tuple(sorted(rows, key=lambda row: not row.required))


def _words(schema: Mapping[str, Any]) -> tuple[Word, ...]:
    """Describe a type in words."""
    words = _kind(schema)
    bounds = [_bound(template, schema[key]) for key, template in _BOUNDS.items() if schema.get(key) not in (None, [])]
    return (*words, *(Word(f", {bound}") for bound in bounds))


def _bound(template: str, value: object) -> str:
    whole = int(value) if isinstance(value, float) and value.is_integer() else value
    return template.format(json.dumps(whole) if isinstance(whole, bool) else whole)


def _kind(schema: Mapping[str, Any]) -> tuple[Word, ...]:
    if "$ref" in schema:
        name = schema["$ref"].removeprefix(_SCHEMAS)
        return (Word(name, _anchor(name)),)
    choices = [one for one in schema.get("oneOf", schema.get("anyOf", ())) if one]
    if choices:
        parts = [_words(one) for one in choices]
        return tuple(word for place, part in enumerate(parts) for word in ([Word(" or ")] if place else []) + [*part])
    if values := schema.get("enum", [schema["const"]] if "const" in schema else []):
        return (Word(" or ".join(json.dumps(one) for one in values)),)
    if schema.get("type") == "array":
        return (Word("list of "), *_words(schema.get("items", {})))
    if isinstance(schema.get("additionalProperties"), Mapping):
        return (Word("object of "), *_words(schema["additionalProperties"]))
    kind = schema.get("type", "any")
    return (Word(kind if isinstance(kind, str) else " or ".join(kind)),)


def _example(path: str, body: Mapping[str, Any]) -> str:
    """Write a call for a shell, with the fields that make sense anywhere."""
    known = body.get("properties", {})
    given: dict[str, object] = {"token": "…"} if "token" in known else {}
    if not given:
        given = {name: value for name, value in _EXAMPLES.items() if name in known}
    given |= {"provider": "stripe"} if "provider" in known and "token" in given else {}
    text = json.dumps(given, ensure_ascii=False)
    return f"curl -s $PAYLINKS{path} \\\n  -H 'Content-Type: application/json' \\\n  -d '{text}'"


def _anchor(name: str) -> str:
    return f"type-{name}"
