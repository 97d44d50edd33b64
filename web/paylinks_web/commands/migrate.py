"""``paylinks migrate``: bring the database's schema up to this program's."""

import asyncio

import click

from paylinks_core.tenants import seed

from ..house import build
from . import read_environment

__all__ = ["command"]


@click.command(name="migrate")
def command() -> None:
    """Bring the database's schema up to this program's, and make the first brand where there is none."""
    applied = asyncio.run(_migrate())
    for name in applied:
        click.echo(f"applied {name}")
    if not applied:
        click.echo("The schema is up to date.")


async def _migrate() -> list[str]:
    house = build(read_environment())
    await house.database.start()
    try:
        applied = await house.database.migrate()
        await seed(house.parts)
    finally:
        await house.database.stop()
    return applied
