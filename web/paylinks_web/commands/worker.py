"""``paylinks worker``: everything that runs in the background of the server, in a process of its own."""

import asyncio
import signal
from contextlib import nullcontext

import click

from ..background import running
from ..config import Config
from ..house import build
from ..sole_process import hold_database
from . import read_environment

__all__ = ["command"]


@click.command(name="worker")
def command() -> None:
    """Settle open payments, deliver webhooks and tidy up, without answering calls; any number may run on PostgreSQL."""
    config = read_environment()
    with hold_database(config) or nullcontext():
        asyncio.run(_work(config))


async def _work(config: Config) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for one in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(one, stop.set)
    async with build(config).open() as house, running(house):
        click.echo("Paylinks works in the background.")
        await stop.wait()
