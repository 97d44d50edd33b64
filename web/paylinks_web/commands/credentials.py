"""``paylinks credentials set``: give a brand credentials for a plugin, read from standard input."""

import sys

import click
import msgspec

from paylinks_core.settings import PluginEntry, set_credentials

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
    """Enter BRAND's credentials for PLUGIN as standard input says; what it does not name stays.

    Lines of field=value, or one JSON object; a field without a value is cleared. Standard input, so that no secret
    stays in the shell's history.
    """
    with_house(lambda house: _set(house, brand, plugin))


async def _set(house: House, brand: str, plugin: str) -> None:
    announced = house.parts.providers.get(plugin) or house.parts.integrations.get(plugin)
    if announced is None:  # before anyone has typed a secret for it
        known = ", ".join((*house.parts.providers, *house.parts.integrations)) or "none"
        raise click.UsageError(f"no plugin named {plugin} is installed; there are {known}")
    if sys.stdin.isatty():
        names = [field.encode_name for field in msgspec.structs.fields(announced.credentials)]
        click.echo(f"Enter field=value lines for {', '.join(names)}; end with Ctrl-D.", err=True)
    _show(brand, await set_credentials(house.parts, brand, plugin, _read_values(sys.stdin.read())))


def _show(brand: str, entry: PluginEntry) -> None:
    for field, value in entry.credentials.items():
        click.echo(f"{field}: {'not set' if value is None else value}")
    if entry.configured:
        click.echo(f"{brand} now uses {entry.id} with these credentials, from the next request on.")
    else:
        missing = [field for field in entry.fields.get("required", ()) if entry.credentials[field] is None]
        click.echo(f"{brand} can't use {entry.id} with these credentials yet: {', '.join(missing)} is missing.")


def _read_values(text: str) -> dict[str, str | None]:
    if text.lstrip().startswith("{"):
        try:
            return msgspec.json.decode(text, type=dict[str, str | None])
        except msgspec.MsgspecError as error:
            raise click.UsageError("standard input is no JSON object of texts") from error
    values: dict[str, str | None] = {}
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        name, equals, value = line.partition("=")
        if not equals:
            message = f"line {number} of standard input is not field=value"
            raise click.UsageError(message)
        values[name.strip()] = value.strip() or None
    return values
