"""One merchant's account at Sticky.io: the platform's verbs over its API v1 (developer-prod.sticky.io)."""

import re

import httpx

from paylinks_ports import (
    CredentialsRejected,
    Declined,
    LookUpResult,
    NotFound,
    Order,
    Paid,
    PaylinksError,
    PaymentResult,
    Pending,
    ProviderUnavailable,
    Refunded,
    RefundFailed,
    RefundLookUpResult,
    RefundOrder,
    RefundResult,
    SavedMethod,
    Started,
    Unknown,
    View,
    WebhookEvent,
    WebhookRequest,
    judge_total,
    operation,
    read_amount,
    read_postback,
    verify_postback,
    write_amount,
)

from . import parameters
from .answers import Answer
from .client import StickyClient
from .operations import PROSPECT, CreateOrderBody, ProcessPaymentBody, order_created, payment_processed
from .results import charged, viewed
from .settings import StickyCredentials, StickyOptions

__all__ = ["StickyGateway"]

# Of several orders of one attempt a doubt says more than a decline.
_MOST_TELLING = (Paid, Unknown, Pending, Declined)


class StickyGateway:
    """Makes prospects and orders; each attempt makes one order at most, and carries its id as ``click_id``."""

    def __init__(
        self, credentials: StickyCredentials, client: httpx.AsyncClient, *, options: StickyOptions | None = None
    ) -> None:
        self._credentials = credentials
        self._options = options or StickyOptions()
        self._sticky = StickyClient(credentials, client)

    async def start(self, order: Order, reference: str | None, chosen: CreateOrderBody | None = None) -> Started:
        """Make a prospect of the customer, once it is sure that the order can be sold; no money moves."""
        sold = parameters.sale(order, self._credentials, self._options, chosen)
        if reference is not None:
            return Started(reference=reference)
        answer = await self._sticky.ask("new_prospect", parameters.prospect(order, sold))
        prospect = answer.number("prospectId")
        if answer.kind != "ok" or not prospect:
            raise answer.error
        return Started(reference=f"{PROSPECT}{prospect}")

    @operation("create-order", verb="start", answer=order_created)
    async def create_order(self, order: Order, reference: str | None, body: CreateOrderBody) -> Started:
        """Open an order as a prospect of a campaign."""
        return await self.start(order, reference, body)

    async def charge(
        self, order: Order, reference: str | None, payment_token: str, chosen: CreateOrderBody | None = None
    ) -> PaymentResult:
        """Make an order, paid with a payment token (``POST /api/v2/tokenize_payment`` from the browser)."""
        sold = parameters.sale(order, self._credentials, self._options, chosen)
        answer = None
        if reference and reference.startswith(PROSPECT):
            payer = parameters.by_token(order, payment_token, reference.removeprefix(PROSPECT))
            answer = await self._sticky.submit("new_order_with_prospect", sold | payer)
        # An order makes a customer of its prospect; the next attempt then does without it.
        if answer is None or answer.codes == {"330"}:
            payer = parameters.by_token(order, payment_token, None)
            answer = await self._sticky.submit("new_order", sold | payer)
        return await self._read_back(order, answer)

    @operation("process-payment", verb="charge", answer=payment_processed)
    async def process_payment(self, order: Order, reference: str | None, body: ProcessPaymentBody) -> PaymentResult:
        """Charge a payment token for offers of the catalogue, at the order's own amount."""
        return await self.charge(order, reference, body.payment_token, body)

    async def charge_saved(self, order: Order, saved: SavedMethod) -> PaymentResult:
        """Make an order with the card on file of an earlier one, whose name and address are taken, too."""
        sold = parameters.sale(order, self._credentials, self._options)
        answer = await self._sticky.submit("new_order_card_on_file", sold | {"previousOrderId": saved.method})
        return await self._read_back(order, answer)

    async def _read_back(self, order: Order, answer: Answer) -> PaymentResult:
        """Read what was charged, and the order that it made: its total, and whether it is pending."""
        result = charged(order, answer, self._options)
        reference = answer.number("order_id")
        if answer.kind != "ok" or not reference or isinstance(result, Declined):
            return result
        try:
            view = await self._sticky.ask("order_view", {"order_id": reference})
        except PaylinksError:
            return result
        if view.kind != "ok":
            return result
        if view.number("order_id") not in ("", reference) or view.text("click_id") not in ("", order.attempt_id):
            return Unknown(
                message="Sticky.io shows another order in the place of the approved one", reference=reference
            )
        # The answer has the authorization code, the order its total and its status.
        match viewed(order, View(answer.fields | view.fields), reference, self._options):
            case Paid() | Pending() as agreed:
                return agreed
            case _:
                return Unknown(message="Sticky.io approved it, and its order does not say so", reference=reference)

    async def look_up(self, order: Order, reference: str | None) -> LookUpResult:
        """Read the order that carries this attempt's id.

        The one that `reference` names may be an earlier attempt's: a decline leaves an order behind, too.
        """
        if reference is not None and not reference.startswith(PROSPECT):
            view = await self._sticky.ask("order_view", {"order_id": reference})
            if view.kind == "ok" and view.text("click_id") == order.attempt_id:
                return viewed(order, view, reference, self._options)
        answer = await self._sticky.ask("order_find", parameters.search(order))
        if answer.codes == {"333"}:  # none found; of an order call it is a black-listed customer
            return NotFound()
        if answer.kind != "ok":
            raise answer.error
        # Named by their ids; in a list the names would be places.
        found = answer.views("data") if isinstance(answer.fields.get("data"), dict) else {}
        results = [
            viewed(order, view, name if name.isdigit() else "", self._options)
            for name, view in found.items()
            if view.text("click_id") == order.attempt_id
        ]
        return next((one for kind in _MOST_TELLING for one in results if isinstance(one, kind)), NotFound())

    async def refund(self, order: Order, refund: RefundOrder) -> RefundResult:  # noqa: ARG002 - the order names itself
        """Refund; what has not been settled yet some gateways only void, which must then be the whole of it."""
        # Who gets everything back is not to be billed again.
        recurring = "0" if refund.whole else "1"
        answer = await self._sticky.submit(
            "order_refund",
            {"order_id": refund.reference, "amount": write_amount(refund.money), "keep_recurring": recurring},
        )
        if refund.whole and "701" in answer.codes and answer.kind == "refused":  # not permitted by the gateway
            answer = await self._sticky.submit("order_void", {"order_id": refund.reference})
        match answer.kind:
            case "ok" if answer.fields.get("error_found") in (None, "", 0, "0"):
                return Refunded(reference=refund.refund_id, money=refund.money)
            case "refused" | "declined":
                return RefundFailed(message=answer.sentence or "Sticky.io refused the refund")
            case _:
                return Unknown(message="Sticky.io's answer does not say whether it was refunded")

    async def look_up_refund(self, order: Order, refund: RefundOrder, reference: str | None) -> RefundLookUpResult:  # noqa: ARG002 - the refund says it all
        """Compare what the order has given back altogether with what it must have, if this refund was made."""
        view = await self._sticky.ask("order_view", {"order_id": refund.reference})
        if view.kind != "ok":
            raise view.error
        if view.text("order_status") == "6" and refund.whole:  # voided
            return Refunded(reference=refund.refund_id, money=refund.money)
        try:
            given = read_amount(view.text("amount_refunded_to_date"), refund.money.currency)
        except ValueError:
            raise ProviderUnavailable("Sticky.io's order does not say what it has given back") from None
        return judge_total(refund, given)

    def verify_webhook(self, request: WebhookRequest) -> None:
        """Compare the secret that the postback carries."""
        verify_postback(request, self._credentials.webhook_secret)

    def read_webhook(self, request: WebhookRequest) -> tuple[WebhookEvent, ...]:
        """Read which order it is about, by the template in the README; what it says of it is not believed."""
        return read_postback(request, order="order_id", shape=re.compile("[0-9]+"), attempt="click_id")

    async def check_credentials(self) -> None:
        """Ask ``validate_credentials``."""
        answer = await self._sticky.ask("validate_credentials", {})
        if answer.kind != "ok":
            raise CredentialsRejected("Sticky.io refused the API user", details=answer.sentence or None)
