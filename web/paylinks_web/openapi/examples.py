"""Examples of answers and of bodies nobody wrote one for: made from the schema, so that they can't disagree with it."""

from collections.abc import Mapping
from typing import Any

from .schemas import Schemas
from .vocabulary import VALUES

__all__ = ["example_of"]

_KINDS: Mapping[str, type | tuple[type, ...]] = {
    "string": str,
    "integer": int,
    "number": (int, float),
    "boolean": bool,
    "array": list,
    "object": dict,
}


def example_of(schemas: Schemas, schema: Mapping[str, Any], name: str = "") -> Any:  # noqa: ANN401 - JSON
    """Make the example of a schema; `name` is the field that it describes."""
    schema = schemas.resolve(schema)
    if "const" in schema or "enum" in schema:
        return schema.get("const", schema.get("enum", [None])[0])
    if choices := schema.get("anyOf", schema.get("oneOf")):
        told = [one for one in choices if one.get("type") != "null"]
        return example_of(schemas, (told or choices)[0], name)
    kind = schema.get("type", "object")
    if name in VALUES and _fits(VALUES[name], kind):
        return VALUES[name]
    if kind == "array":
        return [example_of(schemas, schema.get("items", {}), name.removesuffix("s"))]
    if kind == "object":
        return {key: example_of(schemas, one, key) for key, one in schema.get("properties", {}).items()}
    return _plain(schema, kind, name)


def _fits(value: object, kind: str) -> bool:
    return isinstance(value, _KINDS[kind]) and (kind == "boolean" or not isinstance(value, bool))


def _plain(schema: Mapping[str, Any], kind: str, name: str) -> Any:  # noqa: ANN401 - JSON
    if kind == "string":
        return f"{name or 'text'}-1"
    return {"integer": schema.get("minimum", 0), "number": schema.get("minimum", 0), "boolean": True}.get(kind)
