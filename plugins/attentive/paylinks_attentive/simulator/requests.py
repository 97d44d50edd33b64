"""What may be sent, as Structs that know no other field: a typing error of ours is refused."""

from typing import Annotated, Literal, TypeVar

import msgspec
from msgspec import Meta, Struct

from .faults import invalid

__all__ = ["AddMembers", "CreateSegment", "Purchase", "Subscribe", "Unsubscribe", "WriteUser", "decode"]

B = TypeVar("B", bound=Struct)

Email = Annotated[str, Meta(pattern=r"^[^\s@]+@[^\s@]+\.[^\s@]+$")]
Phone = Annotated[str, Meta(pattern=r"^\+[1-9]\d{6,14}$")]
Word = Annotated[str, Meta(min_length=1)]


class _Strict(Struct, frozen=True, forbid_unknown_fields=True, rename="camel"):
    pass


class Person(_Strict, frozen=True):
    """Who it is about; neither nulls nor empty texts."""

    email: Email | msgspec.UnsetType = msgspec.UNSET
    phone: Phone | msgspec.UnsetType = msgspec.UNSET
    client_user_id: Annotated[str, Meta(min_length=1, max_length=100)] | msgspec.UnsetType = msgspec.UNSET

    def __post_init__(self) -> None:
        """Refuse nobody."""
        if not (self.email or self.phone or self.client_user_id):
            message = "an identifier is required"
            raise ValueError(message)


class _Location(_Strict, frozen=True):
    address1: Word | None = None
    address2: Word | None = None
    city: Word | None = None
    state: Word | None = None
    zip: Word | None = None
    country: Word | None = None


class _Attributes(_Strict, frozen=True):
    first_name: Word | None = None
    last_name: Word | None = None
    location: _Location | None = None
    custom: dict[str, str | int | float | bool] | None = None


class WriteUser(_Strict, frozen=True):
    """The body of ``POST /v2/user/attributes``."""

    identifiers: Person
    attributes: _Attributes | None = None


class _Locale(_Strict, frozen=True):
    language: str
    country: str


class Subscribe(_Strict, frozen=True):
    """The body of ``POST /v1/subscriptions``: a sign-up source, or a locale and a type, and never both."""

    user: Person
    sign_up_source_id: Word | None = None
    locale: _Locale | None = None
    subscription_type: Literal["MARKETING", "TRANSACTIONAL"] | None = None
    single_opt_in: bool | None = None

    def __post_init__(self) -> None:
        """Refuse both and neither."""
        if (self.sign_up_source_id is None) == (self.locale is None):
            message = (
                "Found both a locale and a sign up source id. Requests must have exclusively one of the two."
                if self.locale
                else "A sign up source id or a locale is required."
            )
            raise ValueError(message)


class _Kind(_Strict, frozen=True):
    type: Literal["MARKETING", "TRANSACTIONAL"]
    channel: Literal["TEXT", "EMAIL"]


class Unsubscribe(_Strict, frozen=True):
    """The body of ``POST /v1/subscriptions/unsubscribe``."""

    user: Person
    subscriptions: list[_Kind] | None = None


class _Price(_Strict, frozen=True):
    value: float
    currency: Annotated[str, Meta(pattern="^[A-Z]{3}$")] = "USD"


class _Item(_Strict, frozen=True):
    product_id: Word
    product_variant_id: Word
    price: Annotated[list[_Price], Meta(min_length=1)]
    name: Word | None = None
    quantity: Annotated[int, Meta(ge=1)] | None = None
    product_image: Word | None = None
    product_url: Word | None = None


class _SalesChannel(_Strict, frozen=True):
    channel_type: Literal["WEB", "IOS_APP", "ANDROID_APP", "IN_STORE", "PHONE", "OTHER", ""]


class Purchase(_Strict, frozen=True):
    """The body of ``POST /v1/events/ecommerce/purchase``."""

    items: Annotated[list[_Item], Meta(min_length=1)]
    user: Person
    order_id: Word | None = None
    occurred_at: Annotated[str, Meta(pattern=r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:?\d\d)$")] | None = (
        None
    )
    sales_channel: _SalesChannel | None = None


class AddMembers(_Strict, frozen=True):
    """The body of ``POST /v2/bulk/segments/members``."""

    external_id: Annotated[str, Meta(min_length=1, max_length=255)]
    members: Annotated[list[Person], Meta(min_length=1, max_length=10_000)]


class CreateSegment(_Strict, frozen=True):
    """The body of ``POST /v2/segments``."""

    name: Annotated[str, Meta(min_length=1, max_length=240)]
    description: Annotated[str, Meta(min_length=2, max_length=500)] | None = None
    external_id: Annotated[str, Meta(min_length=1, max_length=255)] | None = None


def decode(content: bytes, body: type[B]) -> B:
    """Read a body.

    Raises:
        AttentiveFault: it is not in form.

    """
    try:
        return msgspec.json.decode(content, type=body)
    except msgspec.DecodeError as error:
        raise invalid(str(error)) from None
