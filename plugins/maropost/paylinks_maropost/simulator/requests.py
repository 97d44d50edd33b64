"""What may be sent, as Structs that know no other field: a typing error of ours is refused."""

from datetime import datetime
from typing import Annotated, TypeVar

import msgspec
from msgspec import Meta, Struct

from .faults import invalid

__all__ = ["ContactFields", "CreateList", "CreateOrder", "OrderFields", "Unsubscribe", "UpsertContact", "decode"]

B = TypeVar("B", bound=Struct)

Text = Annotated[str, Meta(max_length=255)]
Word = Annotated[str, Meta(min_length=1, max_length=255)]
Email = Annotated[str, Meta(pattern=r"^[^\s@]+@[^\s@]+\.[^\s@]+$", max_length=255)]
Amount = Annotated[str, Meta(pattern=r"^\d+(\.\d+)?$")]
Count = Annotated[str, Meta(pattern=r"^[1-9]\d*$")]


class _Strict(Struct, frozen=True, forbid_unknown_fields=True):
    pass


class ContactFields(_Strict, frozen=True):
    """A contact; without a word of it, the contact is taken off the do-not-mail list."""

    email: Email
    first_name: Text | None = None
    last_name: Text | None = None
    phone: Text | None = None
    fax: Text | None = None
    uid: Text | None = None
    custom_field: dict[str, Text | int | float | bool] | None = None
    add_tags: list[Text] | None = None
    remove_tags: list[Text] | None = None
    subscribe: bool | None = None
    remove_from_dnm: bool = True


class UpsertContact(_Strict, frozen=True):
    """The body of ``POST /contacts.json`` and ``POST /lists/{id}/contacts.json``."""

    contact: ContactFields


class _Buyer(_Strict, frozen=True):
    email: Email
    first_name: Text | None = None
    last_name: Text | None = None


class _Item(_Strict, frozen=True):
    item_id: Word
    price: Amount
    quantity: Count
    description: Text | None = None
    adcode: Text | None = None
    category: Text | None = None


class OrderFields(_Strict, frozen=True):
    """An order."""

    contact: _Buyer
    order_date: datetime
    order_status: Word
    original_order_id: Word
    order_items: Annotated[list[_Item], Meta(min_length=1)]
    grand_total: Amount | None = None
    campaign_id: int | None = None
    coupon_code: Text | None = None
    custom_field: dict[str, Text | int | float | bool] | None = None
    add_tags: list[Text] | None = None
    remove_tags: list[Text] | None = None
    uid: Text | None = None
    list_ids: Text | None = None


class CreateOrder(_Strict, frozen=True):
    """The body of ``POST /orders.json``."""

    order: OrderFields


class _NewList(_Strict, frozen=True):
    name: Word
    address: Word
    language: Word
    from_email: Email | None = None
    from_name: Text | None = None
    reply_to_email: Email | None = None


class CreateList(_Strict, frozen=True):
    """The body of ``POST /lists.json``."""

    list: _NewList


class _Unsubscribed(_Strict, frozen=True):
    email: Email


class Unsubscribe(_Strict, frozen=True):
    """The body of ``POST /global_unsubscribes.json``."""

    global_unsubscribe: _Unsubscribed


def decode(content: bytes, body: type[B]) -> B:
    """Read a body.

    Raises:
        MaropostFault: it is not in form.

    """
    try:
        return msgspec.json.decode(content, type=body)
    except msgspec.DecodeError as error:
        raise invalid(str(error)) from None
