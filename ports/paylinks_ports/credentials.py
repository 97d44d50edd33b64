"""Credentials: one Struct a plugin, used as form, for validation, for masking and for sealing."""

from collections.abc import Mapping
from typing import Annotated, TypeAlias, TypeVar, get_args, get_origin, get_type_hints

from msgspec import Meta, Struct
from msgspec.structs import fields, replace

__all__ = ["Plain", "Secret", "is_complete", "mask", "overlaid", "secret_fields", "without_webhook_secrets"]

C = TypeVar("C", bound=Struct)

_SECRET = {"secret": True}

Secret: TypeAlias = Annotated[
    str,
    Meta(min_length=1, max_length=4096, extra=_SECRET, extra_json_schema={"format": "password", "writeOnly": True}),
]
"""A credential that is sealed at rest and masked for ever after."""

Plain: TypeAlias = Annotated[str, Meta(min_length=1, max_length=4096)]
"""A setting beside the credentials that anyone may see, such as a publishable key."""


def secret_fields(credentials: type[Struct]) -> frozenset[str]:
    """Name the fields of a credentials Struct that are secret."""

    def is_secret(hint: object) -> bool:
        if get_origin(hint) is Annotated:
            return any(isinstance(note, Meta) and note.extra == _SECRET for note in get_args(hint)[1:])
        return any(is_secret(part) for part in get_args(hint))

    return frozenset(name for name, hint in get_type_hints(credentials, include_extras=True).items() if is_secret(hint))


def mask(value: str) -> str:
    """Show no more than the last four characters, and those only of a value long enough to keep the rest a secret."""
    return f"••••{value[-4:]}" if len(value) >= 12 else "••••"  # noqa: PLR2004 - a third at most is shown


def is_complete(credentials: type[Struct], values: Mapping[str, str]) -> bool:
    """Say whether all that a plugin needs is there, by its names on the wire; what is optional may be missing."""
    return all(field.encode_name in values for field in fields(credentials) if field.required)


def overlaid(credentials: C, values: Mapping[str, str]) -> C:
    """Lay what has been entered over credentials that stand for the rest."""
    known = {field.encode_name: field.name for field in fields(credentials)}
    return replace(credentials, **{known[name]: value for name, value in values.items() if name in known})


def without_webhook_secrets(credentials: C) -> C:
    """Take out what a simulator signs its webhooks with: everyone can read it, so it proves nothing of outside events.

    By our rule of names these fields begin with `webhook`, and they are optional.
    """
    names = [field.name for field in fields(credentials) if field.name.startswith("webhook") and not field.required]
    return replace(credentials, **dict.fromkeys(names))
