"""Turning templates into HTML answers: the environment, the customer's locale, and the headers of a page."""

from collections.abc import Iterable, Sequence
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from litestar import Response

from paylinks_ports.browser import BrowserHosts

from ..addresses import origin_of
from .locales import TEXTS, countries, format_moment, format_money
from .static import static_url
from .times import iso, utc

if TYPE_CHECKING:
    from jinja2 import Environment

__all__ = ["page"]

_TEMPLATES = Path(__file__).parent / "templates"

_POLICY = (
    "default-src 'none'; script-src 'self'{script}; style-src 'self'; img-src 'self' data: https:; "
    "connect-src 'self'{connect}; {frames}form-action {targets}; base-uri 'none'; frame-ancestors 'none'"
)


def page(
    template: str,
    status: int = 200,
    *,
    leads_to: str | None = None,
    hosts: Sequence[BrowserHosts] = (),
    locale: str = TEXTS,
    **values: object,
) -> Response[bytes]:
    """Render a page that nobody keeps a copy of.

    Args:
        template: its file name.
        leads_to: where an answer to its form may redirect besides here; browsers stop a form's redirects elsewhere.
        hosts: what the providers' own scripts in it need.
        locale: how amounts and times read.
        values: what the template names.

    """
    headers = {
        "Cache-Control": "no-store",
        "Content-Security-Policy": _policy(leads_to, hosts),
        # Under the API's own no-referrer, browsers would send a form with `Origin: null`, as foreign pages do.
        "Referrer-Policy": "same-origin",
        "Vary": "Accept-Language",
    }
    values |= {
        "money": partial(format_money, locale=locale),
        "moment": partial(format_moment, locale=locale),
        "locale": locale.replace("_", "-"),
    }
    text = _environment().get_template(template).render(values)
    return Response(text.encode(), status_code=status, headers=headers, media_type="text/html")


def _policy(leads_to: str | None, hosts: Sequence[BrowserHosts]) -> str:
    frames = _listed(host.frame for host in hosts)
    return _POLICY.format(
        script=_listed(host.script for host in hosts),
        connect=_listed(host.connect for host in hosts),
        frames=f"frame-src{frames}; " if frames else "",
        targets=f"'self' {origin_of(leads_to)}" if leads_to else "'self'",
    )


def _listed(origins: Iterable[tuple[str, ...]]) -> str:
    return "".join(f" {origin}" for origin in dict.fromkeys(one for several in origins for one in several))


@cache
def _environment() -> "Environment":
    from jinja2 import Environment, FileSystemLoader, StrictUndefined  # here, because it takes 0.1 s to load

    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    shared: dict[str, Any] = {"static": static_url, "countries": countries, "language": TEXTS, "look": None}
    environment.globals.update(shared)
    environment.filters.update({"utc": utc, "iso": iso})
    return environment
