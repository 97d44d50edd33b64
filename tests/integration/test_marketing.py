"""Marketing systems through the whole application: lists and their names, and paid orders told to each plugin."""

import re
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from paylinks_core.marketing import tell_due

from .conftest import Client, MakeClient
from .test_commands import Shell, shell
from .test_contract import assert_error

__all__ = ["shell"]  # the fixture, used below

pytestmark = pytest.mark.anyio


@pytest.fixture
async def client(client: Client) -> Client:
    """Sign in: settings are people's."""
    await client.sign_in()
    return client


CREDENTIALS = {
    "klaviyo": {"privateApiKey": "pk_" + "a" * 30},
    "maropost": {"accountId": "42", "apiKey": "b" * 30},
    "attentive": {"apiKey": "c" * 30},
}


async def set_up(client: Client, name: str, **body: Any) -> None:  # noqa: ANN401 - JSON
    """Change the settings of a marketing system."""
    answer = await client.post("/api/admin/settings", {"integration": name, **body})
    assert answer.status_code == 200, answer.text


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("klaviyo", "Klaviyo not configured. Please add your Private API Key."),
        ("maropost", "Maropost not configured. Please add your Account ID and API Key."),
        ("attentive", "Attentive not configured. Please add your API Key."),
    ],
)
async def test_lists_need_credentials(client: Client, name: str, sentence: str) -> None:
    """Reading and naming both answer 409 in the plugin's own words."""
    path = f"/api/admin/{name}/lists"
    for answer in (await client.http.get(path), await client.http.put(path, json={"mappings": {}})):
        assert_error(answer, 409, "not_configured")
        assert answer.json()["error"] == sentence


class Peer(NamedTuple):
    """A marketing system's simulator that is served over HTTP."""

    name: str
    plugins: str
    credentials: dict[str, str]


@pytest.fixture(params=["klaviyo", "maropost", "attentive"])
def peer(request: pytest.FixtureRequest, shell: Shell, tmp_path: Path) -> Iterator[Peer]:
    """Serve a simulator, with a plugins.toml that points there, and the credentials that it says it takes."""
    log, name = tmp_path / "simulate.log", request.param
    process = shell.serve(log, "simulate", name, "--port", str(shell.port), ready="/")
    plugins = tmp_path / "plugins.toml"
    plugins.write_text(f'[{name}]\napi_base = "http://127.0.0.1:{shell.port}"\n')
    credentials = dict(re.findall(r"^  (\w+)=(\S+)$", log.read_text(), re.MULTILINE))
    yield Peer(name, str(plugins), credentials)
    process.send_signal(signal.SIGINT)
    process.wait(timeout=20)


async def test_lists_have_the_brands_names(make_client: MakeClient, peer: Peer) -> None:
    """They are fetched where `api_base` points, with names that are kept, and that an empty text takes away."""
    client = await make_client(PAYLINKS_PLUGINS=peer.plugins, reconcile=False)
    await client.sign_in()
    await set_up(client, peer.name, credentials=peer.credentials)
    path = f"/api/admin/{peer.name}/lists"
    data = (await client.http.get(path)).json()["data"]
    assert data["count"] == len(data["lists"]) > 0
    assert data["mappings"] == {}
    first = data["lists"][0]
    assert set(first) == {"listId", "originalName", "displayName"}
    assert first["displayName"] == first["originalName"]

    named = await client.http.put(path, json={"mappings": {first["listId"]: "VIPs"}})
    assert named.json()["data"] == {"updated": 1}
    data = (await client.http.get(path)).json()["data"]
    assert data["mappings"] == {first["listId"]: "VIPs"}
    assert data["lists"][0] == first | {"displayName": "VIPs"}
    await client.http.put(path, json={"mappings": {first["listId"]: ""}})
    assert (await client.http.get(path)).json()["data"]["lists"][0] == first
    assert_error(await client.http.put(path, json={"mapping": {}}), 400, "invalid_request", "mapping")


async def test_the_console_renames_lists(make_client: MakeClient, peer: Peer) -> None:
    """Its page shows each list with a field for the brand's own name."""
    client = await make_client(PAYLINKS_PLUGINS=peer.plugins, reconcile=False)
    await client.sign_in()
    page = f"/admin/settings/{peer.name}/lists"
    assert (await client.http.get(page)).status_code == 409
    await set_up(client, peer.name, credentials=peer.credentials)
    assert page in (await client.http.get(f"/admin/settings/{peer.name}")).text
    first = (await client.http.get(f"/api/admin/{peer.name}/lists")).json()["data"]["lists"][0]
    assert first["originalName"] in (await client.http.get(page)).text
    form = {f"name.{first['listId']}": "VIPs"}
    answer = await client.http.post(page, data=form, headers={"origin": "http://127.0.0.1:8000"})
    assert (answer.status_code, answer.headers["location"]) == (303, f"{page}?done=saved")
    assert 'value="VIPs"' in (await client.http.get(page)).text


async def test_a_paid_order_is_told_to_every_system(make_client: MakeClient, postgres_url: str) -> None:
    """Each plugin's real code tells its simulator of a demo order, once; the order's story says so."""
    client = await make_client(PAYLINKS_DATABASE_URL=postgres_url, reconcile=False)
    await client.sign_in()
    for name, credentials in CREDENTIALS.items():
        await set_up(client, name, credentials=credentials, options={"listIds": ["1"]})
    token = await client.opened(
        customer={"email": "ada@example.com", "firstName": "Ada", "lastName": "L"},
        metadata={"marketing_consent": "true"},
    )
    done = await client.post("/api/checkout/complete", {"token": token})
    assert done.json()["data"]["status"] == "paid"
    parts = client.app.house.parts
    assert await tell_due(parts) == 3
    assert await tell_due(parts) == 0

    async with parts.units.reading() as rows:
        story = [one.type for one in await rows.payment_events.of_checkout(done.json()["data"]["checkoutId"])]
    assert {"klaviyo.done", "maropost.done", "attentive.done"} <= set(story), story
    assert len(story) == len(set(story))
