"""The application: every route, one error table, and the front door around it all."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from litestar import Litestar
from litestar.di import Provide
from litestar.plugins import PluginProtocol
from litestar.plugins.core import MsgspecDIPlugin
from litestar.types import Receive, Scope, Send

from .background import running
from .config import Config
from .errors import handle
from .front_door import FrontDoor
from .guards import Guards
from .house import House, build
from .idempotency import IdempotencyKeys, Replayed, replay
from .limits import Limits
from .requests import MAX_BODY, StrictRequest
from .routes import handlers
from .routes.desk import Desk

__all__ = ["App", "create_app"]


class App(Litestar):
    """Litestar behind our front door, which sees unknown routes and refused methods too."""

    house: House
    desk: Desk
    front_door: FrontDoor | None = None
    _background: bool = True

    def move_in(self, house: House, *, reconcile: bool = True) -> None:
        """Serve one house. The routes depend on its plugins and on its being development, and on nothing else of it."""
        keys = IdempotencyKeys(house.parts)
        limits = Limits(house.config, house.limiter, house.parts.clock, keys)
        guards = Guards(house.parts, house.config, limits)
        self.house = self.state.house = house
        self.desk = Desk(house=house, parts=house.parts, entrance=house.entrance, guards=guards)
        self.state.guards = guards
        self.front_door = FrontDoor(self.inside, house.parts, house.config, limits, keys)
        self._background = reconcile

    @asynccontextmanager
    async def live(self) -> AsyncIterator[None]:
        """Keep the house open, and what goes on in its background."""
        async with self.house.open():
            if not self._background:
                yield
                return
            async with running(self.house):
                yield

    @staticmethod
    def _get_default_plugins(plugins: list[PluginProtocol]) -> list[PluginProtocol]:
        """Leave out the plugins for pydantic and attrs: nothing here uses them, and they cost 0.3 s of every start."""
        return [*plugins, MsgspecDIPlugin()]

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:  # noqa: ANN401 - ASGI
        """Serve a request, or the life of the server."""
        if scope["type"] == "http" and self.front_door is not None:
            await self.front_door(scope, receive, send)
        else:
            await self.inside(scope, receive, send)

    async def inside(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve what the front door has let in."""
        await super().__call__(scope, receive, send)


def create_app(config: Config, house: House | None = None, *, reconcile: bool = True) -> App:
    """Make the application.

    Args:
        house: its parts, where a test brings its own.
        reconcile: settle open payments in the background of this process, and whatever else runs there.

    Raises:
        ConfigError: a plugin or its settings are wrong.

    """
    house = house or build(config)
    app = App(
        route_handlers=handlers(house),
        lifespan=[lambda _: app.live()],
        dependencies={"desk": Provide(lambda: app.desk, sync_to_thread=False)},
        exception_handlers={Exception: handle, Replayed: replay},
        request_class=StrictRequest,
        request_max_body_size=MAX_BODY,
        logging_config=None,
        openapi_config=None,  # we write the document ourselves
    )
    app.move_in(house, reconcile=reconcile)
    return app
