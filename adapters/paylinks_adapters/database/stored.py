"""Reading what is stored: strictly where it fits today's types, and without their limits where it does not.

The door refuses what is too long; a row that came in all the same, or under other limits, must still be read.
"""

from collections.abc import Mapping
from typing import Any, Literal, TypeVar

import msgspec
from msgspec import Struct, inspect

__all__ = ["Unreadable", "read_stored"]

T = TypeVar("T", bound=Struct)


class Unreadable(Exception):
    """A row can't be read at all; its words are not told, for they may be a customer's."""


def read_stored(values: Mapping[str, Any], record: type[T]) -> T:
    """Make a record of a row's values; a text that is too long is cut, and other limits are overlooked.

    Raises:
        Unreadable: a value is missing, or of another kind.

    """
    try:
        return msgspec.convert(values, record, strict=False)
    except msgspec.ValidationError:
        pass
    try:
        read: T = _read(values, inspect.type_info(record))
    except (msgspec.ValidationError, TypeError) as error:
        raise Unreadable(f"A row can't be read as {record.__name__}") from error
    return read


def _read(value: Any, kind: inspect.Type) -> Any:  # noqa: ANN401, PLR0911 - whatever JSON holds, one for each kind
    match kind:
        case inspect.Metadata():
            return _read(value, kind.type)
        case inspect.StructType() if isinstance(value, Mapping):
            known = {
                one.name: _read(value[one.encode_name], one.type) for one in kind.fields if one.encode_name in value
            }
            return kind.cls(**known)
        case inspect.VarTupleType() if isinstance(value, list):
            return tuple(_read(one, kind.item_type) for one in value)
        case inspect.DictType() if isinstance(value, Mapping):
            return {key: _read(one, kind.value_type) for key, one in value.items()}
        case inspect.UnionType():
            return _read(value, _meant(value, kind.types))
        case inspect.StrType() if isinstance(value, str):
            return value[: kind.max_length]
        case inspect.LiteralType():
            return msgspec.convert(value, Literal[kind.values], strict=False)  # a word that is unknown means nothing
        case _ if (plain := _PLAIN.get(type(kind))) is not None:
            return msgspec.convert(value, plain, strict=False)
        case _:
            raise TypeError(f"{type(kind).__name__} is not what is stored here")


_PLAIN: Mapping[type[inspect.Type], Any] = {
    inspect.StrType: str,
    inspect.IntType: int,
    inspect.FloatType: float,
    inspect.BoolType: bool,
    inspect.NoneType: type(None),
    inspect.AnyType: Any,
}


def _meant(value: Any, kinds: tuple[inspect.Type, ...]) -> inspect.Type:  # noqa: ANN401 - whatever JSON holds
    """Choose among the kinds of a union: None, the Struct whose tag the value has, or the only other one."""
    others = [one for one in kinds if not isinstance(one, inspect.NoneType)]
    if value is None and len(others) < len(kinds):
        return inspect.NoneType()
    return next((one for one in others if isinstance(one, inspect.StructType) and _has_tag(value, one)), others[0])


def _has_tag(value: Any, kind: inspect.StructType) -> bool:  # noqa: ANN401 - whatever JSON holds
    return isinstance(value, Mapping) and kind.tag_field is not None and value.get(kind.tag_field) == kind.tag
