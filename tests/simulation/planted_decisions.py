"""Bugs in what a person decides, to be planted."""

from paylinks_core import resolutions

from .chaos import Weather
from .planted import Bug, Change
from .runs import Leaning

__all__ = ["IN_DECISIONS"]

_DOUBTS = Leaning(providers=frozenset({"frail", "plain"}), habits=("pay", "ask"), weather=Weather(network=0.4))
"""To where answers are lost, and people asked about them."""
_TOLD = Leaning(providers=frozenset({"plain"}), habits=("pay",), weather=Weather(network=0.6))
"""To where doubts are left at the end of the chaos, and the provider can tell."""
_SLOW = Leaning(providers=frozenset({"plain"}), habits=("pay",), weather=Weather(network=0.4, slow=1))

_UNTOLD = """from paylinks_core.outcomes import _settled, _step, tell
            settled = await work.payments.replace(payment, _settled(parts, payment, paid, "authoritative"))
            await tell(parts, work, settled, settled.state, paid)
            await _step(parts, work, checkout, settled, None, accepted=False)"""

_UNTOLD_REFUND = 'await work.refunds.replace(refund, replace(refund, state="succeeded", check_at=None))'

IN_DECISIONS = [
    Bug(
        name="a decision does not ask the provider once more",
        changes=(
            Change(
                resolutions._asked_once_more,
                (("_, payment, says = await payments.look_up(parts, account, checkout, payment)", "pass"),),
            ),
        ),
        finds="knows better",
        leaning=_TOLD,
    ),
    Bug(
        name="a decision about a refund does not ask the provider once more",
        changes=(
            Change(
                resolutions._refund_asked_once_more, (("refund, says = await check_refund(parts, refund)", "pass"),)
            ),
        ),
        finds="knows better",
        leaning=_TOLD,
    ),
    Bug(
        name="what a person says was charged is not told",
        changes=(
            Change(
                resolutions._write,
                (('await keep(parts, work, (checkout, payment), paid, "authoritative")', _UNTOLD),),
            ),
        ),
        finds="was never told of (checkout.completed|payment.succeeded|order.confirmed)",
        leaning=_DOUBTS,
    ),
    Bug(
        name="what a person says was given back is not told",
        changes=(
            Change(
                resolutions._write_refund,
                (
                    ("await keep_refund(parts, work, refund, Refunded", "untold = str(Refunded"),
                    ('money=refund.money), "authoritative")', "money=refund.money)); " + _UNTOLD_REFUND),
                ),
            ),
        ),
        finds="was never told of refund.succeeded",
        leaning=_DOUBTS,
    ),
    Bug(
        name="a person says no while the charge may be under way",
        changes=(Change(resolutions._refuse_if_on_its_way, (("if await", "if False and await"),)),),
        finds="charged [2-9] times|unknown here",
        leaning=_SLOW,
    ),
    Bug(
        name="a person says no while the refund may be under way",
        changes=(Change(resolutions._refuse_if_on_its_way, (("if await", "if False and await"),)),),
        finds="gave",
        leaning=_SLOW,
    ),
]
