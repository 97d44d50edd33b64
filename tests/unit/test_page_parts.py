"""What pages are made of: a brand's look, hosts that a policy opens, and what each plugin brings for the browser."""

import re
from typing import Any

import pytest
from litestar.datastructures import Headers

from paylinks_ports import BrowserHosts
from paylinks_ports.records.tenants import Brand
from paylinks_web.config import read_config
from paylinks_web.pages.locales import TEXTS, format_money, locale_of
from paylinks_web.pages.look import _contrast, _read, look_of, theme
from paylinks_web.plugins import find_plugins

pytestmark = pytest.mark.anyio


class Themed(Brand, frozen=True, kw_only=True):
    """A brand that has entered a theme."""

    theme: dict[str, str]


def brand(**named: str) -> Brand:
    """Make one with a theme."""
    return Themed(id="brand_1", organization_id="org_1", name="Shop", slug="shop", created_at=0, theme=named)


def test_a_look() -> None:
    """What a theme says is taken over; what is not fit to be shown is left out."""
    look = look_of(
        brand(name="The Shop", accent="#FF8800", logo="https://shop.example/a.png", support="help@shop.example")
    )
    assert (look.name, look.accent, look.logo) == ("The Shop", "ff8800", "https://shop.example/a.png")
    assert look.support_link == "mailto:help@shop.example"
    assert look_of(brand(support="https://shop.example/help")).support_link == "https://shop.example/help"
    bad = look_of(brand(accent="red;}", logo="javascript:alert(1)", support="javascript:alert(1)"))
    assert (bad.name, bad.accent, bad.logo, bad.support_link) == ("Shop", None, None, None)
    assert look_of(Brand(id="b", organization_id="o", name="Shop", slug="s", created_at=0)).name == "Shop"


@pytest.mark.parametrize("accent", ["ffffff", "000000", "ff8800", "ffff00", "1d4ed8", "808080"])
async def test_every_accent_can_be_read(accent: str) -> None:
    """Whatever colour a brand chooses, it has enough contrast on the page and under its own text, in light and dark."""
    answer = await theme.fn(f"{accent}.css")
    light, dark = (
        [_read(found) for found in re.findall(r"#([0-9a-f]{6})", half)]
        for half in answer.content.decode().split("@media")
    )
    for (colour, on), grounds in ((light, ("ffffff", "f5f6f8", "f0f1f5")), (dark, ("181a20", "0f1116", "20232b"))):
        assert _contrast(colour, on) >= 4.5
        assert min(_contrast(colour, _read(ground)) for ground in grounds) >= 4.5


@pytest.mark.parametrize(
    "origin", ["http://a.example", "https://a.example/x", "https://*", "https://a.example; x", "*"]
)
def test_a_policy_opens_hosts_only(origin: str) -> None:
    """Nothing that would open more than one https host gets into a policy."""
    for kind in ("script", "frame", "connect"):
        with pytest.raises(ValueError, match="is no https origin"):
            BrowserHosts(**{kind: (origin,)})
    assert BrowserHosts(script=("https://*.js.stripe.com",)).script


def browser_parts() -> list[Any]:
    """List the installed plugins that bring something for the browser."""
    plugins = find_plugins(read_config({}).plugins_file).payment.values()
    return [one.provider for one in plugins if one.provider.browser is not None]


@pytest.mark.parametrize("provider", browser_parts(), ids=lambda provider: provider.name)
def test_a_plugins_module_is_there(provider: Any) -> None:  # noqa: ANN401 - a provider of any credentials
    """It comes with the package, keeps the contract, needs some host, and loads only over https."""
    part = provider.browser
    if part.module is None:
        return
    source = part.source()
    assert "export async function mount(element, {" in source
    assert part.hosts.script
    assert "http://" not in source
    assert not re.search(r"innerHTML|eval\(|console\.", source)


def test_locales() -> None:
    """The best known locale of a header is chosen; nonsense is ours."""
    for header, locale in [
        ("de-AT,de;q=0.9,en;q=0.8", "de_AT"),
        ("en;q=0.1, fr;q=0.9", "fr"),
        ("xx-YY, zh-Hant-TW", "zh_Hant_TW"),
        ("de-ZZZ", "de"),
        ("", TEXTS),
        ("*;q=x", TEXTS),
        ("a" * 5000, TEXTS),
    ]:
        assert locale_of(Headers({"accept-language": header})) == locale, header


def test_amounts_among_our_texts() -> None:
    """Amounts of locales that write from right to left are kept apart from the text around them."""
    written = format_money(123456, "KWD", "ar_EG")
    assert written.startswith("\N{FIRST STRONG ISOLATE}")
    assert written.endswith("\N{POP DIRECTIONAL ISOLATE}")
    assert "123.456" in written
