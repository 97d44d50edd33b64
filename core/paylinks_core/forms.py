"""What a brand enters for a plugin, held against the plugin's own types: forms to show, checks that name the field."""

from collections.abc import Iterable, Mapping
from typing import Any, TypeAlias

import msgspec
from msgspec import Struct
from msgspec.structs import fields

from paylinks_ports.credentials import is_complete, mask, secret_fields

from .claims import field_message
from .errors import InvalidInput

__all__ = ["Form", "check_credentials", "check_options", "form_of", "masked"]

Form: TypeAlias = dict[str, Any]
"""A JSON Schema."""


def form_of(kind: type[Struct]) -> Form:
    """Give the form of credentials or options; a field that may be missing says no more than what it is when given."""
    schema = msgspec.json.schema(kind)
    others = schema.pop("$defs", {})
    form: Form = others.pop(kind.__name__)
    form["properties"] = {name: _given(field) for name, field in form["properties"].items()}
    return form | ({"$defs": others} if others else {})


def _given(field: Form) -> Form:
    choices = [choice for choice in field.get("anyOf", ()) if choice != {"type": "null"}]
    return {**choices[0], "default": field.get("default")} if len(choices) == 1 else field


def masked(kind: type[Struct], values: Mapping[str, str]) -> dict[str, str | None]:
    """Show credentials by their names on the wire: secret ones masked, missing ones as None."""
    secret = secret_fields(kind)
    shown: dict[str, str | None] = {}
    for field in fields(kind):
        value = values.get(field.encode_name)
        shown[field.encode_name] = mask(value) if value is not None and field.name in secret else value
    return shown


def check_credentials(
    plugin: str, kind: type[Struct], given: Mapping[str, str | None], all_of: Mapping[str, str]
) -> None:
    """Check credentials that are entered, each for itself, and with the others once nothing needed is missing.

    Args:
        plugin: its name, for the message.
        kind: the plugin's type for them.
        given: what is entered now, by its names on the wire; None: it is taken away.
        all_of: with what had been entered before.

    Raises:
        InvalidInput: naming the field, never its value.

    """
    known = {field.encode_name: field for field in fields(kind)}
    if unknown := sorted(given.keys() - known):
        raise InvalidInput(f"credentials.{unknown[0][:64]}: is unknown; {plugin} has {', '.join(sorted(known))}")
    for name, value in given.items():
        if value is None:
            continue
        try:
            msgspec.convert(value, known[name].type)
        except msgspec.ValidationError as error:
            raise InvalidInput(f"credentials.{name}: {_without(str(error), (value,))}") from None
    if is_complete(kind, all_of):
        try:
            msgspec.convert(all_of, kind)
        except msgspec.ValidationError as error:
            raise InvalidInput(f"credentials: {_without(field_message(error), all_of.values())}") from None


def _without(message: str, values: Iterable[str]) -> str:
    """Drop a plugin's own words where they quote what was entered."""
    return "is not what the plugin takes" if any(value in message for value in values) else message


def check_options(
    plugin: str, kind: type[Struct], before: Mapping[str, Any], given: Mapping[str, Any]
) -> dict[str, Any]:
    """Lay what a brand chooses now over what it chose before, and check it; None brings back the plugin's own.

    Raises:
        InvalidInput: naming the field.

    """
    known = {field.encode_name for field in fields(kind)}
    if unknown := sorted(given.keys() - known):
        names = f"has {', '.join(sorted(known))}" if known else "has none"
        raise InvalidInput(f"options.{unknown[0][:64]}: is unknown; {plugin} {names}")
    # What an earlier version of the plugin had and this one has not is let go.
    options = {name: value for name, value in {**before, **given}.items() if name in known and value is not None}
    try:
        msgspec.convert(options, kind)
    except msgspec.ValidationError as error:
        raise InvalidInput(f"options.{field_message(error)}") from None
    return options
