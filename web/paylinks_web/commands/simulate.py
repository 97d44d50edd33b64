"""``paylinks simulate``: serve a plugin's simulator over HTTP, with books that survive a restart."""

import asyncio

import click
import msgspec

from paylinks_adapters.clock import SystemClock
from paylinks_adapters.database import open_database
from paylinks_adapters.gateways import StoredEntries
from paylinks_adapters.simulated import simulator_app
from paylinks_core.settings import Announced
from paylinks_ports.providers import SimulatedWorld

from ..config import Config
from ..plugins import find_plugins
from . import read_environment
from .serve import run_server

__all__ = ["command"]


@click.command(name="simulate")
@click.argument("name")
@click.option("--port", type=click.IntRange(1, 65535), required=True)
@click.option("--host", default="127.0.0.1", show_default=True)
def command(name: str, port: int, host: str) -> None:
    """Serve the simulator of the plugin NAME, for tests of any program that speaks to that provider."""
    config = read_environment()
    plugins = find_plugins(config.plugins_file)
    announced = {one: installed.provider for one, installed in plugins.payment.items()} | {
        one: installed.integration for one, installed in plugins.marketing.items()
    }
    if name not in announced:
        raise click.UsageError(f"no plugin named {name} is installed; there are {', '.join(announced) or 'none'}")
    plugin = announced[name]
    click.echo(f"{plugin.title}'s simulator is at http://{host}:{port}; its books are in {config.data_dir}.")
    click.echo("Credentials that it takes:")
    for field, value in msgspec.to_builtins(plugin.simulator.credentials).items():
        if value is not None:
            click.echo(f"  {field}={value}")
    click.echo(f'Point the plugin at it in plugins.toml: [{name}] api_base = "http://{host}:{port}"')
    asyncio.run(_serve(config, name, plugin, host, port))


async def _serve(config: Config, name: str, plugin: Announced, host: str, port: int) -> None:
    database = open_database(f"sqlite:///{config.data_dir}/simulator-{name}.db")
    await database.start()
    try:
        await database.migrate()
        world = SimulatedWorld(
            store=StoredEntries(database.units, name), now=SystemClock().now, base_url=f"http://{host}:{port}"
        )
        await run_server(simulator_app(plugin, world), host, port)
    finally:
        await database.stop()
