"""``paylinks inbox replay``: run stored events of providers again through today's code, a dry run first."""

import click

from paylinks_core.inbox import plan_of, process
from paylinks_core.parts import Parts
from paylinks_ports.errors import Conflict
from paylinks_ports.records.inbox import IncomingEvent

from ..house import House
from . import with_house

__all__ = ["command"]

_BATCH = 100


@click.group(name="inbox")
def command() -> None:
    """Run stored events of providers again."""


@command.command(name="replay")
@click.option("--apply", is_flag=True, help="Do it; without, only what would be done is shown.")
@click.option("--provider", help="Only events of this provider.")
@click.option("--state", type=click.Choice(["received", "done", "waiting", "failed", "ignored"]), help="Only these.")
def replay(*, apply: bool, provider: str | None, state: str | None) -> None:
    """Read every stored event with today's code and show what differs from what was made of it.

    Without --apply nothing is changed and no provider is asked. An event that has been processed does nothing twice.
    """
    seen, differing = with_house(lambda house: _replay(house, provider, state, apply=apply))
    click.echo(f"{seen} events, {differing} {'run again' if apply else 'to be run again; nothing was changed'}.")


async def _replay(house: House, provider: str | None, state: str | None, *, apply: bool) -> tuple[int, int]:
    seen = differing = 0
    after = ""
    while True:
        async with house.parts.units.reading() as rows:
            batch = await rows.incoming_events.after(after, _BATCH)
        if not batch:
            return seen, differing
        after = batch[-1].id
        for row in batch:
            if provider not in (None, row.provider) or state not in (None, row.state):
                continue
            seen += 1
            differing += await _replay_one(house.parts, row, apply=apply)


async def _replay_one(parts: Parts, row: IncomingEvent, *, apply: bool) -> bool:
    """Show one event whose plan is to do something, and do it if asked to; say whether there was one."""
    try:
        plan = await plan_of(parts, row)
    except Exception as error:  # noqa: BLE001 - whatever a plugin stumbles over, the next event is looked at
        if row.state != "failed":
            click.echo(f"{row.id}  {row.provider} {row.type}: was {row.state}; can't be read ({type(error).__name__})")
        return False
    same = plan.step == "nothing" and row.state in ("done", "ignored")
    if same or (plan.step == "wait" and row.state == "waiting"):
        return False
    click.echo(f"{row.id}  {row.provider} {row.type}: was {row.state}; {plan.says}")
    if apply:
        try:
            now = await process(parts, row)
        except Conflict:
            click.echo("    another process has it right now")
        else:
            click.echo(f"    is {now.state}{f': {now.error}' if now.error else ''}")
    return True
