"""Sales: the token or the kept card, the check for duplicates, what the bank says, and the vault."""

import httpx

from paylinks_ports import DemoWord, SimulatedWorld, demo_word

from .books import add, burn, find_card, keep_card, new_id, remember_sale
from .cards import TEST_CARD, Behaviour, behaviour, card_of
from .events import announce_sale
from .faults import GatewayFault, support_reference
from .forms import hundredths
from .keys import Caller
from .records import ActionRecord, Condition, TransactionRecord, written

__all__ = ["sell"]

_WINDOW = 1200  # seconds; NMI support, "Duplicate Velocity Controls"
_PROCESSING = 2_000
_LAG = 5_000
_LEAST = 100  # Payment API, "Testing Information": less than 1.00 is declined
_DECLINES: dict[Behaviour, tuple[str, str]] = {
    "declined": ("204", "Transaction not allowed"),
    "short": ("202", "Insufficient funds"),
    "expired": ("223", "Expired card"),
}


async def sell(request: httpx.Request, world: SimulatedWorld, who: Caller, form: dict[str, str]) -> dict[str, str]:
    """Make one sale and give the answer's fields.

    Raises:
        GatewayFault: it is rejected, and nothing came of it.
        httpx.ConnectError, httpx.ReadTimeout: a demo word asks for it.

    """
    token = form.get("payment_token", "")
    word = demo_word(token) or world.word()
    if word == "demo_error":
        raise httpx.ConnectError("The demo's provider can't be reached", request=request)
    card = await _card(world, who, form)
    if form.get("customer_vault") and not who.has_vault:
        raise GatewayFault("Your account is not set up to use the Customer Vault.")
    if not who.demo and word is None and card != TEST_CARD:
        await _refuse_duplicates(world, form, card)
    record, fields = await _charged(world, who, form, card, word)
    await add(world, record)
    if record.pays_at is not None:
        await announce_sale(world, record, _PROCESSING)
    if word == "demo_timeout":
        raise httpx.ReadTimeout("The demo's provider charges, and its reply is lost", request=request)
    return fields


async def _card(world: SimulatedWorld, who: Caller, form: dict[str, str]) -> str:
    """Say whose card is charged; a Collect.js token is used up by this, whatever comes of the sale."""
    token, vault_id = form.get("payment_token", ""), form.get("customer_vault_id", "")
    if bool(token) == bool(vault_id):
        raise GatewayFault("Exactly one of payment_token and customer_vault_id is required")
    if vault_id:
        kept = await find_card(world, vault_id)
        if kept is None:
            raise GatewayFault("Invalid Customer Vault Id Specified")
        return kept.card
    if who.demo or demo_word(token) is not None:
        return f"demo {new_id()}"
    card = card_of(token)
    if card is None or (card != TEST_CARD and not await burn(world, token)):
        raise GatewayFault("Payment Token does not exist")
    return card


async def _refuse_duplicates(world: SimulatedWorld, form: dict[str, str], card: str) -> None:
    """Refuse the same amount on the same card within the window, whatever the order id is."""
    window = int(form.get("dup_seconds", _WINDOW)) * 1000
    sale = f"sale/{card}/{form['amount']}/{form.get('currency', '')}"
    if not await remember_sale(world, sale, window):
        raise GatewayFault("Duplicate transaction")


async def _charged(
    world: SimulatedWorld, who: Caller, form: dict[str, str], card: str, word: DemoWord | None
) -> tuple[TransactionRecord, dict[str, str]]:
    asked = hundredths(form["amount"])
    how = behaviour(card, word)
    if not who.demo and asked < _LEAST:
        how = "declined"
    amount = asked // 2 if how == "partial" else asked
    code, text = _DECLINES.get(how, ("100", "SUCCESS"))
    response, condition = _ending(how)
    if response == "3":
        code, text = "420", f"Communication error {support_reference()}"
    approved = response == "1"
    vault_id = form.get("customer_vault_id", "")
    # Kept "if the transaction is successful": what is still in progress will be.
    if (approved or how == "processing") and form.get("customer_vault") == "add_customer":
        vault_id = (await keep_card(world, card)).id
    now = world.now()
    record = TransactionRecord(
        id=new_id(),
        type="sale",
        condition=condition,
        order_id=form.get("orderid", ""),
        amount=amount,
        asked=asked,
        currency=form.get("currency", "USD"),
        created=now,
        visible_at=now + (_LAG if how == "slow" else 0),
        card=card,
        vault_id=vault_id,
        description=form.get("order_description", ""),
        fields={name: value for name, value in form.items() if name.startswith("merchant_defined_field_")},
        authorization_code="123456" if approved else "",
        avs="N" if approved else "",
        cvv="M" if approved and "payment_token" in form else "",
        pays_at=now + _PROCESSING if how == "processing" else None,
        actions=(ActionRecord(type="sale", amount=written(amount), at=now, success=approved, code=code, text=text),),
    )
    fields = {
        "response": response,
        "responsetext": text,
        "authcode": record.authorization_code,
        "transactionid": record.id,
        "avsresponse": record.avs,
        "cvvresponse": record.cvv,
        "response_code": code,
    }
    if vault_id and approved:
        fields["customer_vault_id"] = vault_id
    if how == "partial":
        fields["amount_authorized"] = written(amount)
    return record, fields


def _ending(how: Behaviour) -> tuple[str, Condition]:
    match how:
        case "declined" | "short" | "expired":
            return "2", "failed"
        case "processing":
            return "3", "in_progress"
        case "unknown":
            return "3", "unknown"
        case _:
            return "1", "pendingsettlement"
