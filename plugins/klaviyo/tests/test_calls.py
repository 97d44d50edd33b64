"""Lists over all pages, and every accident of a call."""

from typing import Any

import httpx
import pytest

from paylinks_klaviyo import KlaviyoCredentials
from paylinks_ports import (
    CredentialsRejected,
    MarketingList,
    PaylinksError,
    ProviderRefused,
    ProviderUnavailable,
    TryLater,
)
from paylinks_ports.testing import Forward, make_order_placed

from .conftest import KEY, Brand


def _new_list(number: int) -> dict[str, object]:
    return {"data": {"type": "list", "attributes": {"name": f"List {number}"}}}


async def test_lists_over_all_pages(brand: Brand) -> None:
    """All pages are fetched, ten lists each."""
    for number in range(20):
        assert (await brand.call("POST", "/api/lists", _new_list(number))).status_code == 201
    lists = await brand.gateway.lists()
    assert len(lists) == 23
    assert lists[0] == MarketingList(list_id="Wsletr", original_name="Newsletter")
    assert lists[-1].original_name == "List 19"
    assert len(brand.network.sent) == 3


@pytest.mark.parametrize("following", ["https://evil.example/api/lists?page%5Bcursor%5D=MTA=", "/api/lists"])
async def test_key_goes_nowhere_else(brand: Brand, following: str) -> None:
    """A next link to another host is never followed there, and pages that lead nowhere end."""
    page = {
        "data": [{"type": "list", "id": "A", "attributes": {"name": None}}],
        "links": {"self": "", "next": following},
    }
    brand.answers("/api/lists", 200, json=page)
    with pytest.raises(ProviderUnavailable, match="nowhere"):
        await brand.gateway.lists()
    assert {request.url.host for request in brand.network.sent} == {"a.klaviyo.com"}


async def test_lists_end_some_time(brand: Brand) -> None:
    """Pages without an end are given up."""

    async def accident(request: httpx.Request, forward: Forward) -> httpx.Response:
        del request, forward
        cursor = len(brand.network.sent)
        return httpx.Response(
            200, json={"data": [], "links": {"next": f"https://a.klaviyo.com/?page[cursor]={cursor}"}}
        )

    brand.network.accident = accident
    with pytest.raises(ProviderRefused, match="more lists"):
        await brand.gateway.lists()
    assert len(brand.network.sent) == 200


async def test_rate_limit_is_waited_for(brand: Brand) -> None:
    """Over the limit the answer says how long to wait, and later calls go through again."""
    for _ in range(15):
        await brand.gateway.check_credentials()
    with pytest.raises(TryLater) as later:
        await brand.gateway.check_credentials()
    assert later.value.seconds is not None
    assert 0 < later.value.seconds <= 60
    brand.now += int(later.value.seconds) * 1000
    await brand.gateway.check_credentials()


_HTML = {"html": "<html>Just a moment…</html>", "headers": {"cf-mitigated": "challenge"}}


@pytest.mark.parametrize(
    ("status", "content", "expected"),
    [
        (429, {"headers": {"Retry-After": "7"}}, TryLater),
        (429, {"headers": {"Retry-After": "soon"}}, TryLater),
        (503, {"headers": {"Retry-After": "7"}}, TryLater),
        (500, {"html": "<h1>Oops</h1>"}, ProviderUnavailable),
        (403, _HTML, ProviderUnavailable),
        (403, {"json": {"errors": [{"code": "permission_denied"}]}}, CredentialsRejected),
        (401, {"json": {"errors": [{"code": "not_authenticated"}]}}, CredentialsRejected),
        (400, {"json": {"errors": [{"code": "authentication_failed"}]}}, CredentialsRejected),
        (400, {"json": {"errors": [{"code": "invalid", "detail": "ada@example.com"}]}}, ProviderRefused),
        (410, {"text": "gone: ada@example.com"}, ProviderRefused),
        (302, {"headers": {"Location": "https://evil.example"}}, ProviderRefused),
    ],
)
async def test_accident_has_one_meaning(
    brand: Brand, status: int, content: dict[str, Any], expected: type[PaylinksError]
) -> None:
    """Each way to fail has its meaning, and its words hold neither key nor customer."""
    brand.answers("/api/events", status, **content)
    with pytest.raises(expected) as raised:
        await brand.gateway.order_placed(make_order_placed(consent=True))
    said = f"{raised.value} {raised.value.details}"
    assert KEY not in said
    assert "ada" not in said
    if isinstance(raised.value, TryLater):
        assert raised.value.seconds == (7 if content["headers"] == {"Retry-After": "7"} else None)
    assert brand.profile("ada@example.com").lists == ()  # subscribing comes last


@pytest.mark.parametrize("content", [b"ok", b'{"data": {"id": "\xff"}}', b'{"x": ' + b"[" * 100_000])
async def test_nonsense_is_repeated(brand: Brand, content: bytes) -> None:
    """An answer in no known form is no success."""
    brand.answers("/api/profile-import", 200, content=content)
    with pytest.raises(ProviderUnavailable, match="can't be used"):
        await brand.gateway.order_placed(make_order_placed())
    brand.answers("/api/lists", 200, json=[])
    with pytest.raises(ProviderUnavailable, match="can't be used"):
        await brand.gateway.lists()


async def test_bad_key_is_rejected(brand: Brand) -> None:
    """A key that Klaviyo does not know is no good, whether it says 400 or 401."""
    with pytest.raises(CredentialsRejected):
        await brand.open(KlaviyoCredentials(private_api_key="nonsense")).check_credentials()
    brand.answers("/api/accounts", 400, json={"errors": [{"code": "invalid"}]})
    with pytest.raises(CredentialsRejected):
        await brand.gateway.check_credentials()
