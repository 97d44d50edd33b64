"""The simulation finds what it is for: each of these bugs, planted in core or plugin, within a few hundred seeds."""

import re
from contextlib import ExitStack

import pytest

from paylinks_adapters.accounts import MerchantAccount
from paylinks_adapters.memory import tables
from paylinks_core import checkouts, completion, outcomes, payments, reconciler, states
from paylinks_shopify import ShopifyGateway
from paylinks_ultracart.orders import Orders

from .chaos import Weather
from .planted import Bug, Change
from .planted_decisions import IN_DECISIONS
from .planted_events import IN_EVENTS
from .planted_upsells import IN_UPSELLS
from .runs import Leaning, play

pytestmark = pytest.mark.long

_SEEDS = 800
_FRAIL = Leaning(providers=frozenset({"frail", "plain"}))
"""To where no provider's own kindness hides it."""

_TO_NEW = """
        async with parts.units() as work:
            checkout = await work.checkouts.get(payment.checkout_id)
            over = await work.payments.replace(payment, replace(payment, state="new", check_at=None))
            from paylinks_core.outcomes import follow, tell
            await follow(parts, work, (checkout, payment), over)
            await tell(parts, work, over, "new")
            await work.commit()
        return
    now = parts.clock.now()
"""

BUGS = [
    Bug(
        name="a charge is asked for before it is written down",
        changes=(
            Change(
                payments.charge,
                (
                    (
                        "checkout, taken = await _take(parts, account, checkout, payment)",
                        'taken = replace(payment, attempt_id=parts.ids.new("att"), reference=payment.opened)',
                    ),
                    ("await _give_back(parts, checkout, taken, payment)", "pass"),
                    ("remember(parts, checkout, taken,", "remember(parts, checkout, payment,"),
                ),
            ),
        ),
        finds="charged|unknown here",
    ),
    Bug(
        name="a lost reply counts as declined",
        changes=(
            Change(
                outcomes.remember,
                (
                    (
                        "    payment = asked\n",
                        """    payment = asked
    if isinstance(result, Unknown):
        result = Declined(code="card_declined", message="no answer", retryable=True)
""",
                    ),
                ),
            ),
        ),
        finds="charged|unknown here",
    ),
    Bug(
        name="a lost reply counts as not sent",
        changes=(
            Change(
                payments.charge,
                (
                    (
                        "    except PaylinksError:",
                        """        if isinstance(result, Unknown):
            raise OutcomeUnknown(result.message)
    except PaylinksError:""",
                    ),
                ),
            ),
        ),
        finds="charged|unknown here",
    ),
    Bug(
        name="every accident of a call counts as not sent",
        changes=(Change((MerchantAccount, "ask"), (("if sent.unsafe:", "if False:"),)),),
        finds="charged|unknown here",
    ),
    Bug(
        name="the reference of an earlier attempt is kept for the next one",
        changes=(Change(payments._take, (("reference=payment.opened", "reference=payment.reference"),)),),
        finds="charged|unknown here",
        leaning=_FRAIL,
    ),
    Bug(
        name="the outcome is not committed when it is paid",
        changes=(
            Change(outcomes.remember, (("await work.commit()", "isinstance(result, Paid) or await work.commit()"),)),
        ),
        finds="unknown here",
    ),
    Bug(
        name="finding nothing is believed while the charge is on its way",
        changes=(Change(payments._proves_nothing, (("if payment.state not in UNRESOLVED or", "if True or"),)),),
        finds="charged|unknown here",
        leaning=Leaning(providers=frozenset({"plain"}), habits=("pay",), weather=Weather(network=0.4, slow=1)),
    ),
    Bug(
        name="finding nothing is believed where only finding is proof",
        changes=(Change(states.settle, (('NotFound() if proof == "authoritative"', "NotFound()"),)),),
        finds="charged|unknown here",
        leaning=_FRAIL,
    ),
    Bug(
        name="time resolves a doubt",
        changes=(
            Change(
                reconciler._reconcile_one,
                (
                    (
                        "    now = parts.clock.now()\n",
                        '    if payment.state == "unknown" and payment.checks > 0:' + _TO_NEW,
                    ),
                ),
            ),
        ),
        finds="charged|unknown here",
        leaning=_FRAIL,
    ),
    Bug(
        name="after its lease a payment is free again, without a look",
        changes=(
            Change(
                reconciler._reconcile_one,
                (("    now = parts.clock.now()\n", '    if payment.state == "in_flight":' + _TO_NEW),),
            ),
        ),
        finds="charged|unknown here",
        leaning=_FRAIL,
    ),
    Bug(
        name="what is in doubt is charged again",
        changes=(
            Change(completion._pay, (("payment.state in UNRESOLVED or payment.state ==", "payment.state =="),)),
            Change(states.move, (("if now not in MOVES[was]:", "if False:"),)),
        ),
        finds="charged|unknown here|went from",
    ),
    Bug(
        name="a payment is retired without evidence",
        changes=(
            Change(
                checkouts._retire,
                (
                    ("isinstance(account.gateway, Cancels)", "False"),
                    (
                        "(payment.reference is None or not parts.providers[payment.provider].browser_pays)",
                        "True",
                    ),
                ),
            ),
        ),
        finds="charged",
        leaning=Leaning(providers=frozenset({"stripe", "plain"}), habits=("switch", "browse"), weather=Weather()),
    ),
    Bug(
        name="an abandoned checkout never becomes paid",
        changes=(
            Change(
                states.checkout_state,
                (
                    (
                        'was == "paid" or (was == "abandoned" and not moving)',
                        'was in ("paid", "abandoned")',
                    ),
                ),
            ),
        ),
        finds="is abandoned",
        leaning=Leaning(providers=frozenset({"stripe"}), habits=("browse", "wait"), weather=Weather()),
    ),
    Bug(
        name="who died while opening an order keeps its customer out",
        changes=(Change(checkouts.being_started, ((" and payment.checks == 0", ""),)),),
        finds="keeps its customer out",
        leaning=Leaning(providers=frozenset({"plain"}), habits=("open", "switch"), weather=Weather(kill=0.02)),
    ),
    Bug(
        name="a row is changed whatever has become of it",
        changes=(Change(tables.replace_row, (("rows[was.id].version != was.version", "False"),)),),
        finds="charged|unknown here|went from|its story",
    ),
    Bug(
        name="Shopify's draft order is called canceled and left open",
        changes=(
            Change(
                (ShopifyGateway, "cancel"),
                (("draft = await self._read(reference)", "return Canceled(reference=reference)"),),
            ),
        ),
        finds="charged",
        leaning=Leaning(providers=frozenset({"shopify"}), habits=("open", "browse", "wait"), weather=Weather()),
    ),
    Bug(
        name="an order that UltraCart keeps is called declined and left open",
        changes=(
            Change(
                (Orders, "settle"),
                (
                    (
                        "result = await self.close(order, order_id)",
                        'result = Declined(code="card_declined", message="no", retryable=True, reference=order_id)',
                    ),
                ),
            ),
        ),
        finds="charged|unknown here",
        leaning=Leaning(providers=frozenset({"ultracart"}), habits=("pay", "pay", "wait"), weather=Weather()),
    ),
]


@pytest.mark.parametrize(
    "bug", [*BUGS, *IN_UPSELLS, *IN_DECISIONS, *IN_EVENTS], ids=lambda bug: bug.name.replace(" ", "-")
)
def test_finds(bug: Bug) -> None:
    """It is found, for what it does."""
    with ExitStack() as planted:
        for change in bug.changes:
            planted.enter_context(change.planted())
        for seed in range(_SEEDS):
            wrong = play(seed, bug.leaning).wrong
            if any(re.search(bug.finds, one) for one in wrong):
                return
    pytest.fail(f"{_SEEDS} seeds did not find it")
