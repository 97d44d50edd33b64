"""Which of Konnektive's endpoints the simulator has, and what each of them takes."""

from . import desk, orders
from .call import Endpoint

__all__ = ["ENDPOINTS"]

_WHO = frozenset(
    {"firstName", "lastName", "emailAddress", "phoneNumber", "ipAddress", "address1", "address2", "city", "state"}
    | {"postalCode", "country", "billShipSame"}
    | {f"custom{number}" for number in range(1, 6)}
)
_SHIP = frozenset(
    f"ship{name}"
    for name in ("FirstName", "LastName", "Address1", "Address2", "City", "State", "PostalCode", "Country")
)
_CARD = frozenset({"cardNumber", "cardMonth", "cardYear", "cardSecurityCode"})
_PAGES = frozenset({"startDate", "endDate", "resultsPerPage", "page"})

ENDPOINTS: dict[str, Endpoint] = {
    "/campaign/query/": Endpoint(answer=desk.campaigns, optional=_PAGES | {"campaignId"}),
    "/leads/import/": Endpoint(
        answer=orders.import_lead,
        required=frozenset({"campaignId"}),
        optional=_WHO | _SHIP | {"orderId", "disableCustomerDedup"},
    ),
    "/order/import/": Endpoint(
        answer=orders.import_order,
        required=frozenset({"campaignId", "paySource", "orderId"}),
        optional=_WHO | _SHIP | _CARD | {"customerId", "salesTax", "redirectsTo", "errorRedirectsTo"},
        numbered=True,
    ),
    "/order/query/": Endpoint(answer=desk.find_orders, optional=_PAGES | {"orderId", "emailAddress", "orderStatus"}),
    "/transactions/query/": Endpoint(answer=desk.find_transactions, required=frozenset({"orderId"})),
    "/order/refund/": Endpoint(
        answer=desk.refund, required=frozenset({"orderId"}), optional=frozenset({"refundAmount", "fullRefund"})
    ),
}
