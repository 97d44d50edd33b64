"""What may be sent, as Structs that know no other field: a typing error of ours is refused as Klaviyo refuses it."""

from typing import Annotated, Literal, TypeVar

import msgspec
from msgspec import Meta, Struct

from .faults import invalid

__all__ = ["CreateEvent", "CreateList", "Subscribe", "Unsubscribe", "UpsertProfile", "decode"]

B = TypeVar("B", bound=Struct)

Email = Annotated[str, Meta(pattern=r"^[^\s@]+@[^\s@]+\.[^\s@]+$")]
Phone = Annotated[str, Meta(pattern=r"^\+[1-9]\d{6,14}$")]


class _Strict(Struct, frozen=True, forbid_unknown_fields=True):
    pass


class _Location(_Strict, frozen=True):
    address1: str | None = None
    address2: str | None = None
    city: str | None = None
    country: str | None = None
    region: str | None = None
    zip: str | None = None
    timezone: str | None = None
    ip: str | None = None


class _ProfileAttributes(_Strict, frozen=True):
    email: Email | None = None
    phone_number: Phone | None = None
    external_id: str | None = None
    first_name: str | None = None
    last_name: str | None = None
    organization: str | None = None
    locale: str | None = None
    title: str | None = None
    image: str | None = None
    location: _Location | None = None
    properties: dict[str, object] | None = None


class _Profile(_Strict, frozen=True):
    type: Literal["profile"]
    attributes: _ProfileAttributes
    id: str | None = None


class UpsertProfile(_Strict, frozen=True):
    """The body of ``POST /api/profile-import``."""

    data: _Profile


class _MetricAttributes(_Strict, frozen=True):
    name: Annotated[str, Meta(min_length=1, max_length=127)]
    service: str | None = None


class _Metric(_Strict, frozen=True):
    type: Literal["metric"]
    attributes: _MetricAttributes


class _MetricHolder(_Strict, frozen=True):
    data: _Metric


class _ProfileHolder(_Strict, frozen=True):
    data: _Profile


class _EventAttributes(_Strict, frozen=True):
    properties: Annotated[dict[str, object], Meta(max_length=400)]
    metric: _MetricHolder
    profile: _ProfileHolder
    time: Annotated[str, Meta(pattern=r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$")] | None = None
    value: float | None = None
    value_currency: Annotated[str, Meta(pattern="^[A-Z]{3}$")] | None = None
    unique_id: str | None = None
    backfill: bool | None = None


class _Event(_Strict, frozen=True):
    type: Literal["event"]
    attributes: _EventAttributes


class CreateEvent(_Strict, frozen=True):
    """The body of ``POST /api/events``."""

    data: _Event


class _Consent(_Strict, frozen=True):
    consent: Literal["SUBSCRIBED", "UNSUBSCRIBED"]
    consented_at: str | None = None


class _Channel(_Strict, frozen=True):
    marketing: _Consent


class _Channels(_Strict, frozen=True):
    email: _Channel | None = None
    sms: _Channel | None = None


class _SubscribedAttributes(_Strict, frozen=True):
    subscriptions: _Channels
    email: Email | None = None
    phone_number: Phone | None = None


class _Subscribed(_Strict, frozen=True):
    type: Literal["profile"]
    attributes: _SubscribedAttributes
    id: str | None = None


class _SubscribedProfiles(_Strict, frozen=True):
    data: Annotated[list[_Subscribed], Meta(min_length=1, max_length=1000)]


class _JobAttributes(_Strict, frozen=True):
    profiles: _SubscribedProfiles
    custom_source: str | None = None
    historical_import: bool | None = None


class _ListName(_Strict, frozen=True):
    type: Literal["list"]
    id: str


class _ListHolder(_Strict, frozen=True):
    data: _ListName


class _JobRelationships(_Strict, frozen=True):
    list: _ListHolder


class _SubscribeJob(_Strict, frozen=True):
    type: Literal["profile-subscription-bulk-create-job"]
    attributes: _JobAttributes
    relationships: _JobRelationships | None = None


class Subscribe(_Strict, frozen=True):
    """The body of ``POST /api/profile-subscription-bulk-create-jobs``."""

    data: _SubscribeJob


class _UnsubscribeJob(_Strict, frozen=True):
    type: Literal["profile-subscription-bulk-delete-job"]
    attributes: _JobAttributes
    relationships: _JobRelationships | None = None


class Unsubscribe(_Strict, frozen=True):
    """The body of ``POST /api/profile-subscription-bulk-delete-jobs``."""

    data: _UnsubscribeJob


class _NewListAttributes(_Strict, frozen=True):
    name: Annotated[str, Meta(min_length=1)]
    opt_in_process: Literal["double_opt_in", "single_opt_in"] = "double_opt_in"


class _NewList(_Strict, frozen=True):
    type: Literal["list"]
    attributes: _NewListAttributes


class CreateList(_Strict, frozen=True):
    """The body of ``POST /api/lists``."""

    data: _NewList


def decode(content: bytes, body: type[B]) -> B:
    """Read a body.

    Raises:
        KlaviyoFault: it is not in form; the pointer says where.

    """
    try:
        return msgspec.json.decode(content, type=body)
    except msgspec.DecodeError as error:
        problem, _, place = str(error).partition(" - at `$")
        raise invalid(problem, place.rstrip("`").replace(".", "/") or "/data") from None
