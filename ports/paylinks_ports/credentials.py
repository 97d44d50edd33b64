"""Credentials: one Struct a plugin, used as form, for validation, for masking and for sealing."""

from collections.abc import Mapping
from typing import Annotated, TypeAlias, TypeVar, get_args, get_origin, get_type_hints

from msgspec import Meta, Struct
from msgspec.structs import fields, replace

__all__ = ["Credentials", "Plain", "Secret", "is_complete", "mask", "secret_fields", "with_own_webhook_secrets"]

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


class Credentials(Struct, frozen=True, kw_only=True, rename="camel"):
    """What a merchant enters, each field typed `Secret` or `Plain`; no secret shows in a traceback or a log."""

    def __repr__(self) -> str:
        """Show what is no secret."""
        return f"{type(self).__name__}({', '.join(f'{name}={value!r}' for name, value in self.__rich_repr__())})"

    def __rich_repr__(self) -> list[tuple[str, object]]:
        """As `__repr__`, for pretty printers."""
        secrets = secret_fields(type(self))
        return [(name, getattr(self, name)) for name in self.__struct_fields__ if name not in secrets]

    def same_account(self, other: "Credentials") -> bool:
        """Say whether both open the same account, whatever proves webhooks beside them (fields named ``webhook…``)."""
        names = [name for name in self.__struct_fields__ if not name.startswith("webhook")]
        return type(self) is type(other) and all(getattr(self, name) == getattr(other, name) for name in names)


def mask(value: str) -> str:
    """Show no more than the last four characters, and those only of a value long enough to keep the rest a secret."""
    return f"••••{value[-4:]}" if len(value) >= 12 else "••••"  # noqa: PLR2004 - a third at most is shown


def is_complete(credentials: type[Struct], values: Mapping[str, str]) -> bool:
    """Say whether all that a plugin needs is there, by its names on the wire; what is optional may be missing."""
    return all(field.encode_name in values for field in fields(credentials) if field.required)


def with_own_webhook_secrets(credentials: C, values: Mapping[str, str]) -> C:
    """Put what a brand has entered to prove webhooks by in the place of what a simulator signs its own with.

    Everyone can read the simulator's, so it proves nothing of outside events. By our rule of names these fields begin
    with `webhook`, and they are optional.
    """
    own = [field for field in fields(credentials) if field.name.startswith("webhook") and not field.required]
    return replace(credentials, **{field.name: values.get(field.encode_name) for field in own})
