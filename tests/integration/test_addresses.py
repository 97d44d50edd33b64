"""What an address and its method may be: HEAD beside GET, numbers of lists, and characters that nobody can keep."""

from typing import Any

import pytest

from .conftest import ORDER, Client
from .people import developer
from .test_contract import assert_error

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize(
    "path", ["/health", "/health/ready", "/api/openapi.json", "/login", "/api/nowhere", "/nowhere"]
)
async def test_head_is_get_without_a_body(client: Client, path: str) -> None:
    """Monitors and load balancers ask with it: status and headers are those of GET."""
    get, head = await client.http.get(path), await client.http.head(path)

    assert (head.status_code, head.content) == (get.status_code, b"")
    own = {"x-request-id", "x-ratelimit-remaining", "x-ratelimit-reset", "content-length"}
    assert {(name, text) for name, text in head.headers.items() if name not in own} == {
        (name, text) for name, text in get.headers.items() if name not in own
    }
    assert head.headers.keys() == get.headers.keys()


async def test_the_body_of_head_is_left_out_here(client: Client) -> None:
    """No server's kindness is needed, which is told that it is HEAD all the same."""
    scope = {"type": "http", "method": "HEAD", "path": "/health", "query_string": b"", "headers": [], "state": {}}
    sent: list[Any] = []

    async def receive() -> Any:  # noqa: ANN401 - ASGI
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:  # noqa: ANN401 - ASGI
        sent.append(message)

    await client.app(scope, receive, send)

    assert scope["method"] == "HEAD"
    assert [one["type"] for one in sent] == ["http.response.start", "http.response.body"]
    assert sent[0]["status"] == 200
    assert int(dict(sent[0]["headers"])[b"content-length"]) > 0
    assert sent[1]["body"] == b""


async def test_head_of_a_page_of_a_person(client: Client) -> None:
    """Proofs count for it as for GET."""
    assert_error(await client.http.get("/api/admin/users"), 401, "unauthorized")
    assert (await client.http.head("/api/admin/users")).status_code == 401
    person = await developer(client)
    assert (await person.call("HEAD", "/api/admin/users")).status_code == 200


@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        ("/health", {"GET", "HEAD", "OPTIONS"}),
        ("/api/admin/auth", {"DELETE", "GET", "HEAD", "OPTIONS", "POST"}),
        ("/api/checkout/complete", {"OPTIONS", "POST"}),
        ("/api/auth/magic-link/verify", {"GET", "OPTIONS"}),
        ("/api/webhooks/stripe", {"GET", "OPTIONS", "POST"}),
    ],
)
async def test_what_is_allowed_is_told(client: Client, path: str, allowed: set[str]) -> None:
    """HEAD is told of beside GET, and refused where reading uses something up."""
    options, refused = await client.http.options(path), await client.http.patch(path)

    assert options.status_code == 204
    told = set(options.headers["allow"].split(", "))
    assert told <= allowed
    assert ("HEAD" in told) == ("GET" in told and "HEAD" in allowed)
    assert refused.status_code == 405
    assert set(refused.headers["allow"].split(", ")) == allowed
    if "HEAD" not in allowed:
        assert (await client.http.head(path)).status_code == 405


@pytest.mark.parametrize("name", ["page", "limit", "pageSize", "startDate", "endDate"])
@pytest.mark.parametrize(
    "number", ["0" * 19 + "199999999", "0" * 20 + "9" * 30, "9" * 4400, "0" * 20 + "1", "\u0661", "-1", ""]
)
async def test_numbers_of_lists_are_held_to_their_bounds(client: Client, name: str, number: str) -> None:
    """However many digits there are, the number that is checked is the one that counts."""
    answer = await client.http.get("/api/admin/orders", params={name: number})

    assert_error(answer, 400, "invalid_request", f"{name}: is not a whole number from")


async def test_no_address_is_a_crash(either_client: Client) -> None:
    """NUL and broken UTF-8 name nothing that there is."""
    client = either_client
    await client.opened()
    await client.sign_in()
    for odd in ("%00", "a%00b", "%ED%A0%80", "%FF"):
        for path in ("/api/admin/orders", "/api/admin/users", "/api/upsell/session", "/c", "/checkout", "/upsell"):
            assert (await client.http.get(f"{path}/{odd}")).status_code in (401, 404), path
        for path in ("/api/admin/orders", "/api/admin/audit-log", "/api/admin/inbox", "/api/admin/domains"):
            found = await client.http.get(f"{path}?search={odd}")
            assert (found.status_code, found.json()["data"]) == (200, []), path
        for query in ("provider", "status"):
            assert (await client.http.get(f"/api/admin/orders?{query}={odd}")).status_code < 500
        for path in (f"/api/webhooks/stripe?brand={odd}", f"/api/webhooks/{odd}", f"/api/providers/{odd}/{odd}"):
            assert (await client.post(path, {})).status_code in (401, 404), path
        for path in (f"/success?code={odd}", f"/success?session={odd}", f"/domains/allowed?domain={odd}"):
            assert (await client.http.get(path)).status_code in (200, 404), path
        verified = await client.http.get(f"/api/auth/magic-link/verify?token={odd}")
        assert verified.headers["location"] == "/login?error=invalid_token"
        back = await client.http.get(f"/api/auth/google/callback?state={odd}&code={odd}")
        assert back.status_code in (302, 503)


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"orderId": "a\0"}, "orderId"),
        ({"metadata": {"note": "\0"}}, "metadata.note"),
        ({"metadata": {"a\0": "b"}}, "metadata"),
        ({"customer": {"firstName": "A\0da"}}, "customer.firstName"),
        ({"lineItems": [{"name": "\0", "quantity": 1, "unitPrice": 4999}]}, "lineItems[0].name"),
    ],
)
async def test_texts_that_nobody_can_keep_are_named(
    either_client: Client, changed: dict[str, object], named: str
) -> None:
    """A NUL in a body is 400 on every database, so that none is special; half of a pair is no JSON at all."""
    answer = await either_client.post("/api/token/generate", ORDER | changed)

    assert_error(answer, 400, "invalid_request", f"{named}: has a character that can't be kept")


async def test_other_bodies_are_no_crash(either_client: Client) -> None:
    """Bodies of people and forms of pages, as well."""
    client, json = either_client, {"content-type": "application/json"}
    half = await client.http.post("/api/token/generate", content=rb'{"orderId":"\ud800 "}', headers=json)
    assert_error(half, 400, "invalid_json")
    for path, body in (
        ("/api/admin/auth", {"email": "a\0@example.com", "password": "x"}),
        ("/api/auth/magic-link", {"email": "\0"}),
        ("/api/auth/password/reset/confirm", {"token": "\0", "password": "x" * 12}),
        ("/api/upsell/accept", {"sessionId": "\0"}),
    ):
        assert_error(await client.post(path, body), 400, "invalid_request")
    link = await client.link()
    for path in ("/login", "/register", "/sales/login", "/password-reset", f"/c/{link['code']}/pay"):
        for content in (b"email=a%00&password=b&provider=stripe", b"email=%ED%A0%80", b"%00=1", b"\xff\xfe"):
            headers = {"content-type": "application/x-www-form-urlencoded"}
            answer = await client.http.post(path, content=content, headers=headers)
            assert answer.status_code < 500, (path, content)
        parts = b'--x\r\nContent-Disposition: form-data; name="email"\r\n\r\n\xff\x00\r\n--x--\r\n'
        answer = await client.http.post(
            path, content=parts, headers={"content-type": "multipart/form-data; boundary=x"}
        )
        assert answer.status_code < 500, path
