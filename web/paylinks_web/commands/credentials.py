"""``paylinks credentials set``: give a brand credentials for a plugin, read from standard input."""

import sys

import click
import msgspec

from paylinks_core.settings import set_credentials
from paylinks_ports.credentials import mask, secret_fields

from ..house import House
from . import with_house

__all__ = ["command"]


@click.group(name="credentials")
def command() -> None:
    """Give a brand credentials for a plugin."""


@command.command(name="set")
@click.argument("brand")
@click.argument("plugin")
def set_(brand: str, plugin: str) -> None:
    """Replace BRAND's credentials for PLUGIN with what standard input says.

    Lines of field=value, or one JSON object. Standard input, so that no secret stays in the shell's history.
    """
    with_house(lambda house: _set(house, brand, plugin))


async def _set(house: House, brand: str, plugin: str) -> None:
    installed = house.plugins.payment.get(plugin)
    if installed is None:  # before anyone has typed a secret for it
        known = ", ".join(house.plugins.payment) or "none"
        raise click.UsageError(f"no plugin named {plugin} is installed; there are {known}")
    if sys.stdin.isatty():
        names = [field.encode_name for field in msgspec.structs.fields(installed.provider.credentials)]
        click.echo(f"Enter field=value lines for {', '.join(names)}; end with Ctrl-D.", err=True)
    values = _read_values(sys.stdin.read())
    await set_credentials(house.parts, brand, plugin, values)
    secret = secret_fields(installed.provider.credentials)
    for field in msgspec.structs.fields(installed.provider.credentials):
        value = values.get(field.encode_name)
        shown = "not set" if value is None else mask(value) if field.name in secret else value
        click.echo(f"{field.encode_name}: {shown}")
    click.echo(f"{brand} now uses {plugin} with these credentials, from the next request on.")


def _read_values(text: str) -> dict[str, str]:
    if text.lstrip().startswith("{"):
        try:
            return msgspec.json.decode(text, type=dict[str, str])
        except msgspec.MsgspecError as error:
            raise click.UsageError("standard input is no JSON object of texts") from error
    values: dict[str, str] = {}
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        name, equals, value = line.partition("=")
        if not equals:
            message = f"line {number} of standard input is not field=value"
            raise click.UsageError(message)
        values[name.strip()] = value.strip()
    return values
