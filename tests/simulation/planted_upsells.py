"""Bugs in what follows a paid order, upsells and refunds, to be planted."""

from paylinks_core import news, outcomes, refunds, states, upsell_answers

from .chaos import Weather
from .planted import Bug, Change
from .runs import Leaning

__all__ = ["IN_UPSELLS"]

_BOTH_ANSWERS = Leaning(providers=frozenset({"plain"}), habits=("pay",), answers=("both",), weather=Weather())
"""To customers who answer an offer in two tabs, with yes and no."""

IN_UPSELLS = [
    Bug(
        name="an upsell is charged without a touch of its session",
        changes=(
            Change(
                upsell_answers._write,
                (("await work.upsell_sessions.replace(stored, replace(stored, updated_at=now))", "pass"),),
            ),
        ),
        finds="told no",
        leaning=_BOTH_ANSWERS,
    ),
    Bug(
        name="an offer that is being charged is declined without a look",
        changes=(
            Change(upsell_answers._close, (('elif payment.state == "declined" or', "elif True or"),)),
            Change(states.move, (("if now not in MOVES[was]:", "if False:"),)),
        ),
        finds="told no|went from",
        leaning=_BOTH_ANSWERS,
    ),
    Bug(
        name="an offer does not follow its payment",
        changes=(Change(outcomes._step, (("await follow_offer(parts, work, checkout, payment)", "pass"),)),),
        finds="is pending",
    ),
    Bug(
        name="what may be given back does not count",
        changes=(
            Change(
                refunds._allowed,
                (
                    (
                        "left_of(payment, others)",
                        'payment.amount - sum(one.amount for one in others if one.state == "succeeded")',
                    ),
                ),
            ),
        ),
        finds="gave back more|refunded_within",
    ),
    Bug(
        name="a refund is asked for again in doubt, wherever",
        changes=(
            Change(refunds._repeatable, (('"refund" in honours.powers and parts.clock.now() < forgotten', "True"),)),
        ),
        finds="gave",
        leaning=Leaning(providers=frozenset({"frail"}), habits=("pay",), weather=Weather(network=0.4)),
    ),
    Bug(
        name="a refund is looked up without those that were asked for later",
        changes=(
            Change(
                refunds.look_up_refund, (("refunded_before=counted(others),", "refunded_before=one.refunded_before,"),)
            ),
        ),
        finds="gave",
        leaning=Leaning(providers=frozenset({"sticky"})),  # which tells a total alone
    ),
    Bug(
        name="a refund made at the provider's own desk is not recorded",
        changes=(Change(news._find_refund, (("if isinstance(result, Refunded) and", "if False and"),)),),
        finds="gave .* back",
        leaning=Leaning(providers=frozenset({"stripe"}), habits=("pay",), weather=Weather()),
    ),
]
