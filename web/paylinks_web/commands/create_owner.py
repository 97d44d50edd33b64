"""``paylinks create-owner``: make an owner of the default organization."""

import sys

import click

from paylinks_core.owners import create_owner
from paylinks_ports.records.people import User

from ..house import House
from . import with_house

__all__ = ["command"]


@click.command(name="create-owner")
@click.argument("email")
@click.option("--name", default=None, help="What the owner is called; without it, the start of the address.")
def command(email: str, name: str | None) -> None:
    """Make an owner with the address EMAIL; the password is asked for, or read from standard input."""
    if sys.stdin.isatty():
        password = click.prompt("Password", hide_input=True, confirmation_prompt=True)
    else:
        password = sys.stdin.readline().rstrip("\r\n")

    async def make(house: House) -> User:
        return await create_owner(house.entrance, email, name or email.partition("@")[0], password)

    made = with_house(make)
    click.echo(f"{made.email} owns the default organization; sign in at /login")
