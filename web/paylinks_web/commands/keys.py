"""``paylinks keys create``: make an API key for a brand's own servers."""

from typing import Literal

import click

from paylinks_core.tenants import NewApiKey, create_api_key

from ..house import House
from . import with_house

__all__ = ["command"]


@click.group(name="keys")
def command() -> None:
    """Make API keys for a brand's own servers."""


@command.command(name="create")
@click.argument("brand")
@click.option("--name", default="from the command line", help="What the key is for.")
@click.option("--mode", type=click.Choice(["live", "test"]), default="live", help="Shown in the key itself.")
def create(brand: str, name: str, mode: Literal["live", "test"]) -> None:
    """Make a key for BRAND; its two secrets are shown this once."""

    async def make(house: House) -> NewApiKey:
        return await create_api_key(house.parts, brand, name, mode)

    made = with_house(make)
    click.echo(f"key             {made.key}")
    click.echo(f"key id (kid)    {made.record.id}")
    click.echo(f"signing secret  {made.signing_secret}")
    click.echo(
        "Neither secret is shown again. Send the key as `Authorization: Bearer …`; sign checkout tokens with the"
    )
    click.echo("signing secret and name the key id in their `kid` header.")
