"""The cookies that sign-in hands out: their names and flags. What they hold is a secret of the server's making."""

from typing import Any, Literal, TypeAlias

from litestar import Request
from litestar.datastructures import Cookie

from .config import Config

__all__ = ["CookieName", "Cookies"]

CookieName: TypeAlias = Literal["session", "salesperson", "known", "sign_in"]
"""`known`: the browser has been signed in to an account before; `sign_in`: it is on its way to a sign-in provider."""

_DAY = 86_400
_LIVES: dict[CookieName, int | None] = {"session": None, "salesperson": None, "known": 180 * _DAY, "sign_in": 600}


class Cookies:
    """Reads, sets and clears cookies as the deployment's address asks for."""

    def __init__(self, config: Config) -> None:
        self._secure = config.base_url.startswith("https://")
        self.prefix = "paylinks_" if config.development else "__Host-paylinks_"

    def read(self, request: Request[Any, Any, Any], name: CookieName) -> str | None:
        """Read one."""
        return request.cookies.get(self.prefix + name) or None

    def put(self, name: CookieName, value: str) -> Cookie:
        """Set one; how long a session lives, the server knows."""
        return self._cookie(name, value, _LIVES[name])

    def clear(self, name: CookieName) -> Cookie:
        """Take one away."""
        return self._cookie(name, "", 0)

    def _cookie(self, name: CookieName, value: str, life: int | None) -> Cookie:
        return Cookie(
            key=self.prefix + name,
            value=value,
            path="/",
            max_age=life,
            secure=self._secure,
            httponly=True,
            samesite="lax",
        )
