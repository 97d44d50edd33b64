"""How a fresh payment is asked for: a token or a card from the server, or in demo mode the customer's own part."""

from typing import Any

from paylinks_ports.cards import Card
from paylinks_ports.payments import LookUpResult, Order, PaymentResult
from paylinks_ports.providers import Charges, ChargesCards, DemoWord, demo_word
from paylinks_ports.records.checkouts import Checkout
from paylinks_ports.services import Account

from .asking import AskPayment
from .errors import RawCardRefused
from .parts import Parts

__all__ = ["ask_for", "refuse_card", "word_of"]


def word_of(account: Account, checkout: Checkout, payment_token: str | None) -> DemoWord | None:
    """Say what a simulator is to let a payment come to: the token's word, or the claim `metadata.demo`'s."""
    if not account.demo:
        return None
    return demo_word(payment_token or "") or demo_word(checkout.claims.metadata.get("demo", ""))


def ask_for(
    parts: Parts, account: Account, payment_token: str | None, card: Card | None, word: DemoWord | None
) -> AskPayment | None:
    """Choose how to ask; None where the call has brought nothing to charge.

    Raises:
        RawCardRefused: it brought a card where none is taken.

    """
    gateway = account.gateway
    if card is not None:
        refuse_card(parts, account)
        return _charge_card(card)
    if account.demo and parts.providers[account.provider].browser_pays:
        payment_token = payment_token or word or "demo"
    if payment_token is None:
        return None
    if isinstance(gateway, Charges):
        return _charge(payment_token)
    if isinstance(gateway, ChargesCards) and (test_card := account.card(word or payment_token)):
        return _charge_card(test_card)
    return _play(account, word or payment_token) if account.plays() else None


def refuse_card(parts: Parts, account: Account) -> None:
    """Refuse a raw card, but for the provider that knows no token, in demo mode or where the operator allows it.

    Raises:
        RawCardRefused: here none is taken.

    """
    if isinstance(account.gateway, ChargesCards) and (account.demo or account.provider in parts.raw_cards):
        return
    raise RawCardRefused("Send a payment token of the provider in place of a card number")


def _charge(payment_token: str) -> AskPayment:
    async def ask(gateway: Charges, order: Order, reference: str | None) -> PaymentResult:
        return await gateway.charge(order, reference, payment_token)

    return ask


def _charge_card(card: Card) -> AskPayment:
    async def ask(gateway: ChargesCards, order: Order, reference: str | None) -> PaymentResult:
        return await gateway.charge_card(order, reference, card)

    return ask


def _play(account: Account, word: str) -> AskPayment:
    """Play the customer in the browser, and read what came of it."""

    async def ask(gateway: Any, order: Order, reference: str | None) -> LookUpResult:  # noqa: ANN401 - a gateway
        await account.play(reference or "", word)
        result: LookUpResult = await gateway.look_up(order, reference)
        return result

    return ask
