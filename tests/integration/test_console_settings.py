"""The console's settings: providers on and off, credentials that never come back, options, and the checkout's own."""

import pytest

from .conftest import Client
from .people import developer
from .test_console import page_of, send

pytestmark = pytest.mark.anyio

SECRET = "sk_test_" + "a1b2c3" * 4


async def test_a_provider_is_switched_off_and_on(client: Client) -> None:
    """It counts at once for the API, too."""
    owner = await developer(client)
    assert "Turn off" in await page_of(owner, "/admin/settings")
    for wanted in (False, True):
        answer = await send(owner, "/admin/settings/nmi", do="switch")
        assert (answer.status_code, answer.headers["location"]) == (303, "/admin/settings?done=saved")
        entries = (await owner.get("/api/admin/settings"))["providers"]
        assert [one["enabled"] for one in entries if one["id"] == "nmi"] == [wanted]


async def test_credentials_are_entered_kept_and_forgotten(client: Client) -> None:
    """A secret is shown masked, stays where its field is left empty, and never comes back in a page."""
    owner = await developer(client)
    form = {"do": "change", "enabled": "on", "priority": "3"}
    given = {"credentials.secretKey": SECRET, "credentials.publishableKey": "pk_test_" + "1" * 16}
    assert (await send(owner, "/admin/settings/stripe", **form, **given)).status_code == 303
    assert (await send(owner, "/admin/settings/stripe", **form, **given | {"credentials.secretKey": ""})).is_redirect
    text = await page_of(owner, "/admin/settings/stripe")
    assert SECRET not in text
    assert f"…{SECRET[-4:]}" in text or f"{SECRET[-4:]}. Leave it empty to keep it" in text
    assert "Try the credentials" in text
    entry = next(one for one in (await owner.get("/api/admin/settings"))["providers"] if one["id"] == "stripe")
    assert (entry["configured"], entry["priority"]) == (True, 3)
    assert (await send(owner, "/admin/settings/stripe", do="forget")).status_code == 303
    assert "Try the credentials" not in await page_of(owner, "/admin/settings/stripe")


async def test_options_are_json(client: Client) -> None:
    """What is no longer in the text takes the plugin's own value again; what is wrong is told, and changes nothing."""
    owner = await developer(client)
    form = {"do": "change", "enabled": "on", "priority": "0"}
    for options in ('{"currency": "EUR"}', "{}"):
        assert (await send(owner, "/admin/settings/sticky", **form, options=options)).status_code == 303
        entry = next(one for one in (await owner.get("/api/admin/settings"))["providers"] if one["id"] == "sticky")
        assert entry["options"] == ({"currency": "EUR"} if "EUR" in options else {})
    for options, told in (("{", "is not a JSON object"), ('{"curency": "EUR"}', "curency")):
        wrong = await send(owner, "/admin/settings/sticky", **form, options=options)
        assert wrong.status_code == 400
        assert told in wrong.text
    wrong = await send(owner, "/admin/settings/sticky", do="change", priority="first")
    assert (wrong.status_code, 'aria-invalid="true"' in wrong.text) == (400, True)


async def test_the_checkouts_own(client: Client) -> None:
    """Default provider, currencies and routing."""
    owner = await developer(client)
    form = {"defaultProvider": "nmi", "allowedCurrencies": "usd, EUR", "routesPayments": "on"}
    assert (await send(owner, "/admin/settings", **form)).status_code == 303
    checkout = (await owner.get("/api/admin/settings"))["checkout"]
    assert checkout == {"defaultProvider": "nmi", "routesPayments": True, "allowedCurrencies": ["USD", "EUR"]}
    wrong = await send(owner, "/admin/settings", **form | {"allowedCurrencies": "dollars"})
    assert wrong.status_code == 400
    assert (await send(owner, "/admin/settings", defaultProvider="", allowedCurrencies="")).status_code == 303
    checkout = (await owner.get("/api/admin/settings"))["checkout"]
    assert checkout == {"defaultProvider": None, "routesPayments": False, "allowedCurrencies": []}


async def test_what_is_not_there(client: Client) -> None:
    """An unknown plugin is a page that says so."""
    owner = await developer(client)
    await page_of(owner, "/admin/settings/nobody", 404)
