"""Whether Stripe knows a parameter: read from the official SDK's own types, so that the double is no more lenient."""

import sys
import types
from collections.abc import Mapping
from functools import cache
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from msgspec import Struct

from .faults import invalid, missing
from .forms import Form

__all__ = ["Shape", "checked", "shape"]


class Shape(Struct, frozen=True):
    """The parameters of one call, by name, and which of them are required."""

    hints: Mapping[str, Any]  # Any: types are the values here
    required: frozenset[str]


@cache
def shape(name: str) -> Shape:
    """Read the SDK's TypedDict of a call, for example ``PaymentIntentCreateParams``; imports the SDK."""
    import stripe.params

    return _shape(getattr(stripe.params, name))


@cache
def _shape(typed: Any) -> Shape:  # noqa: ANN401 - a TypedDict class has no type of its own
    from stripe import RequestOptions

    # What every call takes besides its parameters (api_key, headers) is the SDK's, and never on the wire.
    own = {name: hint for name, hint in typed.__annotations__.items() if name not in RequestOptions.__annotations__}
    holder = type("Holder", (), {"__annotations__": own})
    hints = get_type_hints(holder, globalns=vars(sys.modules[typed.__module__]))
    return Shape(hints, typed.__required_keys__ & hints.keys())


def checked(form: Mapping[str, Form], to: Shape, within: str = "") -> dict[str, Any]:
    """Give the parameters in their types.

    Raises:
        StripeFault: one is unknown, missing or of another type.

    """
    for name in form:
        if name not in to.hints:
            full = _full(within, name)
            raise invalid(f"Received unknown parameter: {full}", code="parameter_unknown", param=full)
    for name in sorted(to.required - form.keys()):
        raise missing(_full(within, name))
    return {name: _read(value, to.hints[name], _full(within, name)) for name, value in form.items()}


def _full(within: str, name: str) -> str:
    return f"{within}[{name}]" if within else name


def _read(value: Form, hint: Any, path: str) -> Any:  # noqa: ANN401 - what a caller sent, in its type
    options = _options(hint)
    if isinstance(value, str):
        if value == "" and "" in _words(options):
            return None
        return _read_text(value, options, path)
    for option in options:
        origin = get_origin(option)
        if hasattr(option, "__required_keys__"):
            return checked(value, _shape(option), path)
        if origin is dict:
            # An empty value takes a key away.
            kind = get_args(option)[1]
            return {name: inner and _read(inner, kind, _full(path, name)) for name, inner in value.items()}
        if origin is list:
            if list(value) != [str(place) for place in range(len(value))]:
                raise invalid(f"Invalid array: {path}", param=path)
            return [_read(inner, get_args(option)[0], _full(path, name)) for name, inner in value.items()]
    raise invalid(f"Invalid value for {path}: must not be a hash", param=path)


def _options(hint: Any) -> tuple[Any, ...]:  # noqa: ANN401 - types are the values here
    if get_origin(hint) in (Union, types.UnionType):
        return tuple(option for part in get_args(hint) for option in _options(part))
    return (hint,)


def _words(options: tuple[Any, ...]) -> tuple[str, ...]:
    return tuple(word for option in options if get_origin(option) is Literal for word in get_args(option))


def _read_text(value: str, options: tuple[Any, ...], path: str) -> str | int | bool:
    if value == "":
        message = f"You passed an empty string for '{path}'."
        raise invalid(message, code="parameter_invalid_empty", param=path)
    if bool in options and value in ("true", "false"):
        return value == "true"
    if int in options:
        if not value.lstrip("-").isascii() or not value.lstrip("-").isdigit():
            raise invalid(f"Invalid integer: {value}", code="parameter_invalid_integer", param=path)
        return int(value)
    words = _words(options)
    # The SDK adds `str` to every list of words, for those that Stripe adds later; this double is of today.
    if any(words) and value not in words:
        raise invalid(f"Invalid {path}: must be one of {', '.join(filter(None, words))}", param=path)
    if bool in options and not words:
        raise invalid(f"Invalid boolean: {value}", param=path)
    if any(words) or str in options:
        return value
    raise invalid(f"Invalid value for {path}: must be a hash or an array", param=path)
