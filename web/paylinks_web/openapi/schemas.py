"""The schemas of the document, which are msgspec's own: what is checked on the way in is what is written."""

import inspect
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import msgspec
from msgspec import Struct

__all__ = ["Schemas", "read_schemas"]

_PREFIX = "#/components/schemas/"
_SAYS_NOTHING = frozenset({"paylinks", "web", "routes", "operations", "shapes", "views", "auth"})
_ARGUMENT = re.compile(r"^    (\w+): (.+?)(?=^    \w+: |\Z)", re.MULTILINE | re.DOTALL)

Schema = dict[str, Any]


class Schemas(Struct, frozen=True, kw_only=True):
    """All types with a name, and how each Struct is referred to."""

    components: Mapping[str, Schema]
    references: Mapping[type[Struct], Schema]

    def resolve(self, schema: Mapping[str, Any]) -> Mapping[str, Any]:
        """Follow a reference."""
        name = schema.get("$ref", "").removeprefix(_PREFIX)
        return self.components[name] if name else schema


def read_schemas(types: Iterable[type[Struct]]) -> Schemas:
    """Describe Structs and all that they are made of."""
    wanted = list(dict.fromkeys(types))
    references, components = msgspec.json.schema_components(wanted, ref_template=_PREFIX + "{name}")
    plain = msgspec.json.decode(msgspec.json.encode([references, components]))
    names = _names(plain[1])
    docs = {_described(one): _arguments(one) for one in _structs(wanted)}
    written: dict[str, Schema] = {}
    for old, schema in plain[1].items():
        written[names[old]] = _tidy(_rename(schema, names), docs)
        if written[names[old]].get("title"):
            written[names[old]]["title"] = names[old]
    ordered = dict(sorted(written.items()))
    return Schemas(
        components=ordered,
        references={one: _rename(ref, names) for one, ref in zip(wanted, plain[0], strict=True)},
    )


def _names(components: Iterable[str]) -> dict[str, str]:
    """Name types of one name after the part of the product they belong to: `KonnektiveProcessPaymentBody`."""
    found: dict[str, str] = {}
    for name in components:
        *path, own = re.split(r"[._]", name)
        owner = [word for word in path if word not in _SAYS_NOTHING]
        if path and not owner:
            owner = [path[-1]]
        made = "".join(word.capitalize() for word in owner[:1]) + own
        found[name] = made if made not in found.values() else "".join(map(str.capitalize, path)) + own
    return found


def _rename(schema: Any, names: Mapping[str, str]) -> Any:  # noqa: ANN401 - JSON
    if isinstance(schema, dict):
        return {
            key: _PREFIX + names[value.removeprefix(_PREFIX)] if key == "$ref" else _rename(value, names)
            for key, value in schema.items()
        }
    return [_rename(one, names) for one in schema] if isinstance(schema, list) else schema


def _tidy(schema: Schema, docs: Mapping[tuple[str, str], Mapping[str, str]]) -> Schema:
    """Keep the first line of a docstring, tell each field's own words, and leave out defaults that say nothing."""
    whole = schema.get("description", "")
    if whole:
        schema["description"] = whole.partition("\n")[0]
    told = docs.get((schema.get("title", ""), whole), {})
    for name, one in schema.get("properties", {}).items():
        if name in told:
            one["description"] = told[name]
        default = one.get("default")
        if default is None or (isinstance(default, int) and default < one.get("minimum", default)):
            one.pop("default", None)
    return schema


def _structs(types: Iterable[type[Struct]]) -> Iterator[type[Struct]]:
    """Walk through Structs and the Structs in them."""
    seen: set[type[Struct]] = set()
    waiting: list[Any] = [msgspec.inspect.type_info(one) for one in types]
    while waiting:
        info = waiting.pop()
        if isinstance(info, msgspec.inspect.StructType):
            if info.cls in seen:
                continue
            seen.add(info.cls)
            yield info.cls
            waiting += [field.type for field in info.fields]
        elif isinstance(info, msgspec.inspect.UnionType):
            waiting += info.types
        elif isinstance(info, msgspec.inspect.Metadata):
            waiting.append(info.type)
        else:
            waiting += [getattr(info, name) for name in ("item_type", "value_type") if hasattr(info, name)]


def _described(struct: type[Struct]) -> tuple[str, str]:
    return struct.__name__, inspect.cleandoc(struct.__doc__ or "")


def _arguments(struct: type[Struct]) -> dict[str, str]:
    """Read the words of single fields from `Args:`, under the names they have on the wire."""
    _, _, text = inspect.cleandoc(struct.__doc__ or "").partition("\nArgs:\n")
    told = {name: " ".join(words.split()) for name, words in _ARGUMENT.findall(text)}
    return {
        field.encode_name: told[field.name][:1].upper() + told[field.name][1:]
        for field in msgspec.structs.fields(struct)
        if field.name in told
    }
