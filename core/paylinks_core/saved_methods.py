"""The payment method that a paid order saved: whose it is, and how it is charged again without the customer's card."""

from paylinks_ports.payments import Order, PaymentResult, SavedMethod
from paylinks_ports.providers import ChargesSaved
from paylinks_ports.records.checkouts import Checkout
from paylinks_ports.records.payments import Payment

from .access import Access
from .asking import AskPayment
from .errors import NoSavedMethod, NotKnown, NotPaid, PaymentMethodMismatch
from .parts import Parts

__all__ = ["charge_saved", "get_payment_token", "paid_order", "saved_of", "saved_of_customer"]


async def get_payment_token(parts: Parts, access: Access) -> tuple[Payment, SavedMethod | None]:
    """Give the saved method of a token's paid order.

    Raises:
        NotKnown: there is no such order.
        NotPaid: it is not paid.

    """
    _, payment = await paid_order(parts, access.brand.id, access.claims.order_id, "orderId")
    return payment, SavedMethod.from_token(payment.saved_method) if payment.saved_method else None


async def paid_order(parts: Parts, brand_id: str, order_id: str, field: str) -> tuple[Checkout, Payment]:
    """Find a brand's paid order and the payment that paid it.

    Raises:
        NotKnown, NotPaid: naming the field.

    """
    async with parts.units.reading() as rows:
        checkout = await rows.checkouts.by_order(brand_id, order_id)
        payment = await rows.payments.get(checkout.payment_id) if checkout and checkout.payment_id else None
    if checkout is None:
        raise NotKnown(f"{field}: there is no such order")
    if checkout.state != "paid" or payment is None:
        raise NotPaid(f"{field}: is {checkout.state}")
    return checkout, payment


async def saved_of(parts: Parts, brand_id: str, order_id: str, field: str) -> tuple[Checkout, Payment, SavedMethod]:
    """Find a brand's paid order and the method it saved.

    Raises:
        NotKnown, NotPaid, NoSavedMethod: naming the field.

    """
    checkout, payment = await paid_order(parts, brand_id, order_id, field)
    if payment.saved_method is None:
        raise NoSavedMethod(f"{field}: {payment.provider} saved no method with it")
    return checkout, payment, SavedMethod.from_token(payment.saved_method)


async def saved_of_customer(parts: Parts, brand_id: str, provider: str, customer: str) -> SavedMethod:
    """Find the method that a customer of the provider's saved with a paid order of the brand.

    Raises:
        PaymentMethodMismatch: no paid order of the brand has that customer.

    """
    async with parts.units.reading() as rows:
        payment = await rows.payments.saved_by(brand_id, provider, customer)
    if payment is None or payment.saved_method is None:
        raise PaymentMethodMismatch("customerId: no paid order of this brand has saved this customer's method")
    return SavedMethod.from_token(payment.saved_method)


def charge_saved(saved: SavedMethod) -> AskPayment:
    """Make the ask for charging a saved method."""

    async def ask(gateway: ChargesSaved, order: Order, reference: str | None) -> PaymentResult:
        del reference  # each attempt opens its own at the provider
        return await gateway.charge_saved(order, saved)

    return ask
