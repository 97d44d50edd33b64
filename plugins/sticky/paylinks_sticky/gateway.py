"""One merchant's account at Sticky.io: the platform's verbs over its API v1 (developer-prod.sticky.io)."""

import httpx
from msgspec.structs import replace

from paylinks_ports import (
    CredentialsRejected,
    LookUpResult,
    NotFound,
    Order,
    Paid,
    PaylinksError,
    PaymentResult,
    Pending,
    ProviderUnavailable,
    RefundLookUpResult,
    RefundOrder,
    RefundResult,
    SavedMethod,
    Started,
    Unknown,
    WebhookEvent,
    WebhookRequest,
    operation,
)

from . import parameters, refunds, webhooks
from .catalogue import Chosen, fill
from .client import StickyClient
from .credentials import StickyCredentials
from .operations import PROSPECT, CreateOrderBody, ProcessPaymentBody, order_created, payment_processed
from .options import StickyOptions
from .outcomes import charged, viewed
from .wire import Answer, View

__all__ = ["StickyGateway"]

_NONE_FOUND = frozenset({"333"})  # of order_find; of an order call it is a black-listed customer
_PROSPECT_GONE = frozenset({"330"})
_MOST_TELLING = ("2", "8", "6", "11")


class StickyGateway:
    """Makes prospects and orders; each attempt makes one order at most, and carries its id as ``click_id``."""

    def __init__(
        self, credentials: StickyCredentials, client: httpx.AsyncClient, *, options: StickyOptions | None = None
    ) -> None:
        self._credentials = credentials
        self._options = options or StickyOptions()
        self._sticky = StickyClient(credentials, client)

    async def start(self, order: Order, reference: str | None) -> Started:
        """Make a prospect of the customer, once it is sure that the order can be sold; no money moves."""
        return await self._start(order, reference, None)

    async def charge(self, order: Order, reference: str | None, payment_token: str) -> PaymentResult:
        """Make an order, paid with a payment token (``POST /api/v2/tokenize_payment`` from the browser)."""
        return await self._charge(order, reference, payment_token, None)

    async def charge_saved(self, order: Order, saved: SavedMethod) -> PaymentResult:
        """Make an order with the card on file of an earlier one."""
        cart = fill(order, self._credentials, self._options)
        asked = parameters.order_on_file(order, cart, saved.method)
        return await self._settled(order, await self._sticky.submit("new_order_card_on_file", asked))

    async def look_up(self, order: Order, reference: str | None) -> LookUpResult:
        """Read the order that carries this attempt's id.

        The one that `reference` names may be an earlier attempt's: a decline leaves an order behind, too.
        """
        if reference is not None and not reference.startswith(PROSPECT):
            view = await self._sticky.ask("order_view", {"order_id": reference})
            if view.kind == "ok" and view.text("click_id") == order.attempt_id:
                return self._viewed(order, _named(view, reference))
        return await self._search(order)

    async def refund(self, order: Order, refund: RefundOrder) -> RefundResult:  # noqa: ARG002 - the order names itself
        """Refund, or void where the gateway wants that and everything goes back."""
        return await refunds.give_back(self._sticky, refund)

    async def look_up_refund(
        self,
        order: Order,  # noqa: ARG002 - the refund names it
        refund: RefundOrder,
        reference: str | None,  # noqa: ARG002 - Sticky.io gives refunds no id
    ) -> RefundLookUpResult:
        """Read how much the order has given back."""
        return await refunds.find(self._sticky, refund)

    def verify_webhook(self, request: WebhookRequest) -> None:
        """Compare the secret that the postback carries."""
        webhooks.verify(request, self._credentials.webhook_secret)

    def read_webhook(self, request: WebhookRequest) -> tuple[WebhookEvent, ...]:
        """Read which order it is about; what it says of it is not believed."""
        return webhooks.read(request)

    async def check_credentials(self) -> None:
        """Ask ``validate_credentials``."""
        answer = await self._sticky.ask("validate_credentials", {})
        if answer.kind != "ok":
            raise CredentialsRejected("Sticky.io refused the API user", details=self._sticky.reason(answer) or None)

    @operation("create-order", verb="start", answer=order_created)
    async def create_order(self, order: Order, reference: str | None, body: CreateOrderBody) -> Started:
        """Open an order as a prospect of a campaign."""
        return await self._start(_from(order, body), reference, body.chosen)

    @operation("process-payment", verb="charge", answer=payment_processed)
    async def process_payment(self, order: Order, reference: str | None, body: ProcessPaymentBody) -> PaymentResult:
        """Charge a payment token for offers of the catalogue, at the order's own amount."""
        return await self._charge(_from(order, body), reference, body.payment_token, body.chosen)

    async def _start(self, order: Order, reference: str | None, chosen: Chosen | None) -> Started:
        cart = fill(order, self._credentials, self._options, chosen)
        if reference is not None:
            return Started(reference=reference)
        answer = await self._sticky.ask("new_prospect", parameters.prospect(order, cart))
        if answer.kind != "ok":
            raise self._sticky.error(answer)
        prospect = answer.number("prospectId")
        if prospect is None:
            raise ProviderUnavailable("Sticky.io's answer can't be used", details="It has no prospect id")
        return Started(reference=f"{PROSPECT}{prospect}")

    async def _charge(
        self, order: Order, reference: str | None, payment_token: str, chosen: Chosen | None
    ) -> PaymentResult:
        cart = fill(order, self._credentials, self._options, chosen)
        prospect = reference.removeprefix(PROSPECT) if reference and reference.startswith(PROSPECT) else None
        answer = None
        if prospect is not None:
            asked = parameters.order_with_token(order, cart, payment_token, prospect)
            answer = await self._sticky.submit("new_order_with_prospect", asked)
        # An order makes a customer of its prospect; the next attempt then does without it.
        if answer is None or answer.codes == _PROSPECT_GONE:
            asked = parameters.order_with_token(order, cart, payment_token, None)
            answer = await self._sticky.submit("new_order", asked)
        return await self._settled(order, answer)

    async def _settled(self, order: Order, answer: Answer) -> PaymentResult:
        """Read what was charged, and read the order itself back: its total, and whether it is pending."""
        result = charged(order, answer, accept_test=self._options.accept_test_orders)
        if result is None:
            raise self._sticky.error(answer)
        reference = answer.number("order_id")
        if answer.kind != "ok" or reference is None or not isinstance(result, Paid | Unknown):
            return result
        try:
            view = await self._sticky.ask("order_view", {"order_id": reference})
        except PaylinksError:
            return result
        return self._agreed(order, result, _named(view, reference)) if view.kind == "ok" else result

    def _agreed(self, order: Order, said: Paid | Unknown, view: View) -> PaymentResult:
        """Put an approval and its order together; where they do not agree, nobody can say."""
        match self._viewed(order, view):
            case Pending() as pending:
                return pending
            case Paid() as paid if isinstance(said, Paid):
                # The answer has the authorization code; the amount is what the order says.
                return replace(said, money=paid.money)
            case Paid() as paid:
                return paid
            case _:
                message = "Sticky.io approved it, and its order does not say so"
                return Unknown(message=message, reference=view.number("order_id"))

    async def _search(self, order: Order) -> LookUpResult:
        answer = await self._sticky.ask("order_find", parameters.search(order))
        if answer.codes == _NONE_FOUND:
            return NotFound()
        if answer.kind != "ok":
            raise self._sticky.error(answer)
        found = [_named(view, name) for name, view in answer.views("data").items()]
        ours = [view for view in found if view.text("click_id") == order.attempt_id]
        if not ours:
            return NotFound()
        rank = {status: place for place, status in enumerate(_MOST_TELLING)}
        return self._viewed(order, min(ours, key=lambda view: rank.get(view.text("order_status") or "", len(rank))))

    def _viewed(self, order: Order, view: View) -> LookUpResult:
        return viewed(order, view, accept_test=self._options.accept_test_orders)


def _named(view: View, reference: str) -> View:
    """Give an order its id, which ``order_view`` of one order may leave out."""
    return view if view.number("order_id") else View(view.fields | {"order_id": reference})


def _from(order: Order, body: CreateOrderBody) -> Order:
    return replace(order, ip_address=body.ip_address or order.ip_address)
