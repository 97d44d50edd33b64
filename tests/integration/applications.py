"""Applications for tests, after their first start: routes are registered once and serve many houses after one another.

Registering the routes and the first start, which migrates and seeds, would be most of the time of almost every test.
"""

from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from paylinks_web.app import App, create_app
from paylinks_web.config import Config, read_config
from paylinks_web.house import House, build

__all__ = ["first_start", "started"]

# By what the routes and the OpenAPI document are made of.
_idle: defaultdict[tuple[Path | None, bool, str], list[App]] = defaultdict(list)


@asynccontextmanager
async def started(config: Config, house: House | None = None, *, reconcile: bool = True) -> AsyncIterator[App]:
    """Start an application that nobody else uses meanwhile; in a house of its own, or in this one."""
    house = house or build(config)
    idle = _idle[config.plugins_file, config.development, config.base_url]
    if idle:
        app = idle.pop()
        app.move_in(house, reconcile=reconcile)
    else:
        app = create_app(config, house, reconcile=reconcile)
    async with app.lifespan():
        yield app
    idle.append(app)


async def first_start(folder: Path, url: str) -> None:
    """Do what a first start does to an empty database."""
    config = read_config({"PAYLINKS_DATA_DIR": str(folder), "PAYLINKS_DATABASE_URL": url})
    async with started(config, reconcile=False):
        pass
