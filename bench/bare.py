"""The ceiling: a bare Litestar that does nothing but as many one-row commits a request as told, on the same storage."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from litestar import Litestar, post
from litestar.params import JSONBody

from paylinks_adapters.database import open_database

database = open_database(os.environ["PAYLINKS_DATABASE_URL"])


@post("/commit", status_code=200)
async def commit(data: JSONBody[dict[str, Any]]) -> dict[str, Any]:
    """Commit one row, so often."""
    for number in range(int(data["commits"])):
        async with database.units() as work:
            await work.simulator_entries.put("bare", f"{data['key']}-{number}", "x", was=None)
            await work.commit()
    return {"data": {}}


@asynccontextmanager
async def _life(_: Litestar) -> AsyncIterator[None]:
    await database.start()
    await database.migrate()
    yield
    await database.stop()


app = Litestar(route_handlers=[commit], lifespan=[_life], openapi_config=None)
