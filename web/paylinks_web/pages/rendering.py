"""Turning templates into HTML answers: the environment, how amounts and times read, and the headers of a page."""

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from litestar import Response

from paylinks_ports.money import Money

from ..addresses import origin_of
from .static import static_url
from .times import iso, utc

if TYPE_CHECKING:
    from jinja2 import Environment

__all__ = ["format_money", "page"]

_TEMPLATES = Path(__file__).parent / "templates"

_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: https:; connect-src 'self'; "
    "form-action {targets}; base-uri 'none'; frame-ancestors 'none'"
)


def page(template: str, status: int = 200, *, leads_to: str | None = None, **values: object) -> Response[bytes]:
    """Render a page that nobody keeps a copy of.

    Args:
        template: its file name.
        leads_to: where an answer to its form may redirect besides here; browsers stop a form's redirects elsewhere.
        values: what the template names.

    """
    targets = f"'self' {origin_of(leads_to)}" if leads_to else "'self'"
    headers = {
        "Cache-Control": "no-store",
        "Content-Security-Policy": _POLICY.format(targets=targets),
        # Under the API's own no-referrer, browsers would send a form with `Origin: null`, as foreign pages do.
        "Referrer-Policy": "same-origin",
    }
    text = _environment().get_template(template).render(values)
    return Response(text.encode(), status_code=status, headers=headers, media_type="text/html")


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
    shared: dict[str, Any] = {"static": static_url, "money": format_money}
    environment.globals.update(shared)
    environment.filters.update({"utc": utc, "iso": iso})
    return environment


def format_money(amount: int, currency: str) -> str:
    """Write an amount with all digits of its currency and no doubt which one it is: ``1,234.50 USD``."""
    return f"{Money(amount, currency).major:,}\N{NO-BREAK SPACE}{currency}"
