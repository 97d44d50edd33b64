"""The command line, ``paylinks``: one module below `commands` for each of its words."""

import sys
from importlib import import_module

import click

__all__ = ["main"]

_COMMANDS = {
    "create-owner": "Make an owner of the default organization.",
    "credentials": "Give a brand credentials for a plugin.",
    "inbox": "Run stored events of providers again.",
    "keys": "Make API keys for a brand's own servers.",
    "migrate": "Bring the database's schema up to this program's.",
    "plugins": "List the installed plugins and what they can do.",
    "rotate-keys": "Seal every secret anew under the newest key.",
    "serve": "Start the server.",
    "simulate": "Serve a plugin's simulator over HTTP.",
    "verify": "Check the books of a database against its own log of events.",
    "worker": "Do what the server does in the background, and nothing else.",
}


class _Lazy(click.Group):
    """Imports a command's module when that command runs, so that every other one starts without it."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        del ctx
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        del ctx
        if cmd_name not in _COMMANDS:
            return None
        command: click.Command = import_module(f".commands.{cmd_name.replace('-', '_')}", __package__).command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl(list(_COMMANDS.items()))


@click.group(cls=_Lazy)
def paylinks() -> None:
    """Checkouts, payments and pay links in front of many payment providers."""


def main() -> None:
    """Run one command; what is wrong is said in one message, without a traceback."""
    from paylinks_adapters.logs import configure_logging
    from paylinks_ports.errors import PaylinksError

    from .config import ConfigError

    configure_logging()
    try:
        paylinks()
    except ConfigError as error:
        click.echo(str(error), err=True)
        sys.exit(2)
    except PaylinksError as error:
        click.echo(f"{error.message}: {error.details}" if error.details else error.message, err=True)
        sys.exit(1)


if __name__ == "__main__":
    main()
