"""``paylinks plugins``: what is installed, from which distribution, and what each plugin can do."""

import click
import msgspec

from paylinks_ports.credentials import secret_fields

from ..plugins import Installed, InstalledIntegration, find_plugins
from . import read_environment

__all__ = ["command"]


@click.command(name="plugins")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def command(*, as_json: bool) -> None:
    """List the installed plugins and what they can do."""
    plugins = find_plugins(read_environment().plugins_file)
    if as_json:
        facts = [_facts(one) for one in plugins.payment.values()]
        facts += [_marketing_facts(one) for one in plugins.marketing.values()]
        click.echo(msgspec.json.format(msgspec.json.encode(facts)))
        return
    for installed in plugins.payment.values():
        provider = installed.provider
        click.echo(f"{provider.name}  {provider.title}")
        click.echo(f"  from         {installed.distribution} {installed.version}")
        click.echo(f"  powers       {', '.join(installed.powers)}")
        click.echo(f"  operations   {', '.join(operation.name for operation in installed.operations) or 'none'}")
        click.echo(f"  credentials  {_fields(provider.credentials)}")
        click.echo(f"  look-up      {_lookup(installed)}")
    for one in plugins.marketing.values():
        click.echo(f"{one.integration.name}  {one.integration.title}, for marketing")
        click.echo(f"  from         {one.distribution} {one.version}")
        click.echo(f"  credentials  {_fields(one.integration.credentials)}")
    for name in plugins.switched_off:
        click.echo(f"{name}  is switched off in plugins.toml")


def _fields(credentials: type[msgspec.Struct]) -> str:
    secret = secret_fields(credentials)
    fields = msgspec.structs.fields(credentials)
    return ", ".join(f"{one.encode_name}{' (secret)' if one.name in secret else ''}" for one in fields)


def _lookup(installed: Installed) -> str:
    lookup = installed.provider.lookup
    return f"by reference: {lookup.by_reference}, by attempt: {lookup.by_attempt}"


def _facts(installed: Installed) -> dict[str, object]:
    return {
        "name": installed.provider.name,
        "kind": "payment",
        "title": installed.provider.title,
        "distribution": installed.distribution,
        "version": installed.version,
        "powers": installed.powers,
        "operations": [operation.name for operation in installed.operations],
        "lookup": installed.provider.lookup,
        "credentials": [field.encode_name for field in msgspec.structs.fields(installed.provider.credentials)],
    }


def _marketing_facts(installed: InstalledIntegration) -> dict[str, object]:
    return {
        "name": installed.integration.name,
        "kind": "marketing",
        "title": installed.integration.title,
        "distribution": installed.distribution,
        "version": installed.version,
        "credentials": [field.encode_name for field in msgspec.structs.fields(installed.integration.credentials)],
    }
