"""Which of Sticky.io's methods the simulator has, and what each of them takes."""

from typing import Any

from . import desk, orders
from .call import Call, Method

__all__ = ["METHODS"]

_ADDRESS = frozenset(f"shipping{name}" for name in ("Address1", "City", "State", "Zip", "Country"))
_WHO = frozenset({"firstName", "lastName", "email", "phone"})
_BILLING = frozenset(
    f"billing{name}"
    for name in ("SameAsShipping", "FirstName", "LastName", "Address1", "Address2", "City", "State", "Zip", "Country")
)
_SALE = frozenset({"campaignId", "shippingId", "ipAddress", "offers"})
_SALE_MORE = frozenset({"click_id", "notes", "dynamic_shipping_charge", "forceGatewayId"})
_CARD = frozenset({"tranType", "payment_token"})
_PROSPECT_ADDRESS = frozenset({"address1", "address2", "city", "state", "zip", "country"})
_FIND = frozenset({"campaign_id", "start_date", "end_date", "criteria", "date_type", "search_type", "return_type"})


async def _validate(call: Call) -> dict[str, Any]:  # noqa: ARG001 - who came this far is known
    return {"response_code": "100"}


METHODS: dict[str, Method] = {
    "validate_credentials": Method(endpoint=_validate),
    "new_prospect": Method(
        endpoint=orders.new_prospect,
        required=frozenset({"campaignId", "ipAddress"}),
        customer=frozenset({"email"}),
        optional=_WHO | _PROSPECT_ADDRESS | {"notes", "click_id"},
    ),
    "new_order": Method(
        endpoint=orders.new_order,
        required=_SALE | _CARD,
        customer=_WHO | _ADDRESS,
        optional=_SALE_MORE | _BILLING | {"shippingAddress2"},
    ),
    "new_order_with_prospect": Method(
        endpoint=orders.new_order_with_prospect,
        required=_SALE | _CARD | {"prospectId"},
        customer=_ADDRESS,
        optional=_SALE_MORE | _BILLING | {"shippingAddress2"},
    ),
    "new_order_card_on_file": Method(
        endpoint=orders.new_order_card_on_file, required=_SALE | {"previousOrderId"}, optional=_SALE_MORE
    ),
    "order_view": Method(endpoint=desk.order_view, required=frozenset({"order_id"})),
    "order_find": Method(endpoint=desk.order_find, required=_FIND, optional=frozenset({"resultsPerPage", "page"})),
    "order_refund": Method(endpoint=desk.order_refund, required=frozenset({"order_id", "amount", "keep_recurring"})),
    "order_void": Method(endpoint=desk.order_void, required=frozenset({"order_id"})),
}
