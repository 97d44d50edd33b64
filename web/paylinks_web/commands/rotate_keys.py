"""``paylinks rotate-keys``: seal every secret anew under the newest key, while servers run."""

import sys

import click

from paylinks_core.sealing import reseal

from ..house import House
from . import with_house

__all__ = ["command"]

_PASSES = 10


@click.command(name="rotate-keys")
def command() -> None:
    """Seal every secret anew under the newest key of PAYLINKS_SECRET_KEYS.

    First put the new key before the older one and restart every process. Then run this; it may be interrupted and run
    again. Once it says that nothing is left, the older key can go.
    """
    unreadable = with_house(_rotate)
    if unreadable:
        click.echo(
            f"No key of the ring opens: {'; '.join(unreadable)}. Enter these anew; keep the older keys.", err=True
        )
        sys.exit(1)


async def _rotate(house: House) -> tuple[str, ...]:
    for _ in range(_PASSES):
        done = await reseal(house.parts)
        click.echo(f"{done.changed} sealed anew")
        if not done.changed and not done.overtaken:
            if not done.unreadable:
                click.echo("Everything is sealed under the newest key; the older ones can go.")
            return done.unreadable
    raise click.ClickException("something still seals under an older key; restart every process with the new key first")
