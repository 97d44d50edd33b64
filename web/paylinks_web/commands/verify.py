"""``paylinks verify``: check the books of a real database against its own log of events, for an auditor."""

import sys

import click

from paylinks_core.verification import INVARIANTS, Report, verify
from paylinks_ports.money import Money

from ..house import House
from . import with_house

__all__ = ["command"]


@click.command(name="verify")
def command() -> None:
    """Check that the books hold what they promise; exit with 1 where they don't. Nothing is changed."""
    report = with_house(_verify)
    click.echo(f"{report.checkouts} orders, {report.payments} payments, {report.refunds} refunds")
    for word, totals in (("charged", report.charged), ("refunded", report.refunded)):
        for currency, total in sorted(totals.items()):
            click.echo(f"  {word} {Money(total, currency)}")
    for invariant, sentence in INVARIANTS.items():
        broken = [one for one in report.findings if one.invariant == invariant]
        click.echo(f"{'BROKEN' if broken else 'holds '}  {sentence}.")
        for finding in broken:
            click.echo(f"        order {finding.order_id} ({finding.checkout_id}): {finding.message}")
    if report.findings:
        sys.exit(1)


async def _verify(house: House) -> Report:
    return await verify(house.parts)
