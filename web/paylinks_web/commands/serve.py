"""``paylinks serve``: start the server, with what runs in its background."""

import asyncio
import socket
from collections.abc import Awaitable, Callable
from contextlib import nullcontext
from typing import Any

import click
import uvicorn

from paylinks_adapters.logs import configure_logging
from paylinks_core import links
from paylinks_core.tenants import default_brand
from paylinks_ports.errors import PaylinksError

from ..app import create_app
from ..config import Config
from ..house import House, build
from ..sole_process import hold_database
from . import read_environment

__all__ = ["command", "create_from_environment", "run_server"]


@click.command(name="serve")
def command() -> None:
    """Start the server."""
    config = read_environment()
    with hold_database(config) or nullcontext():
        _refuse_taken_port(config)
        if config.workers == 1:
            asyncio.run(_serve_here(config))
        else:
            click.echo(f"Paylinks listens on {config.base_url} with {config.workers} processes.")
            uvicorn.run(
                f"{__name__}:create_from_environment",
                factory=True,
                host=config.host,
                port=config.port,
                workers=config.workers,
                **_QUIET,
            )


_QUIET: dict[str, Any] = {"server_header": False, "access_log": False, "log_level": "warning"}


def create_from_environment() -> Any:  # noqa: ANN401 - an ASGI application
    """Make the application of one of several server processes."""
    configure_logging()
    return create_app(read_environment())


async def _serve_here(config: Config) -> None:
    house = build(config)
    app = create_app(config, house)
    server = _Greeting(uvicorn.Config(app, host=config.host, port=config.port, **_QUIET))
    server.greet = lambda: _greet(config, house)
    await server.serve()


class _Greeting(uvicorn.Server):
    """Says where it listens once it does."""

    greet: Callable[[], Awaitable[None]] | None = None

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started and self.greet is not None:
            await self.greet()


async def run_server(app: Any, host: str, port: int) -> None:  # noqa: ANN401 - an ASGI application
    """Serve one ASGI application that has no lifespan in this process until it is asked to stop."""
    config = uvicorn.Config(app, host=host, port=port, lifespan="off", timeout_graceful_shutdown=5, **_QUIET)
    await uvicorn.Server(config).serve()


async def _greet(config: Config, house: House) -> None:
    click.echo(f"Paylinks listens on {config.base_url}")
    if not config.development:
        return
    try:
        brand = await default_brand(house.parts)
    except PaylinksError:
        click.echo("  The database does not answer yet; until it does, calls are answered with 503.")
        return
    order = {
        "orderId": f"demo-{house.parts.ids.code()}",
        "amount": 4999,
        "currency": "USD",
        "productName": "A blue shirt",
        "customer": {"email": "ada@example.com"},
    }
    link = await links.generate(house.parts, brand, order, links.MAX_EXPIRES_IN)
    click.echo(f"  a pay link to try   {link.url}")
    click.echo(f"  the API reference   {config.base_url}/docs")
    click.echo("  Providers without credentials run in demo mode: no money moves, nothing leaves this machine.")


def _refuse_taken_port(config: Config) -> None:
    family = socket.AF_INET6 if ":" in config.host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((config.host, config.port))
        except OSError as error:
            message = (
                f"can't listen on {config.host}:{config.port}: {error.strerror}; set PAYLINKS_PORT to another port"
            )
            raise click.ClickException(message) from error
