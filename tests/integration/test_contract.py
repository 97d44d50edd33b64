"""What holds for every answer: the envelope, every error shape, ids, headers, strict bodies, and who may call."""

import hmac
import time
from base64 import urlsafe_b64encode

import httpx
import jwt
import pytest

from paylinks_web.config import Config

from .conftest import LIMITS, ORDER, Client, MakeClient

pytestmark = pytest.mark.anyio

ERROR_KEYS = {"error", "details", "status", "code", "requestId"}


def assert_error(answer: httpx.Response, status: int, code: str, details: str | None = None) -> None:
    """Hold an answer against the one shape of errors."""
    body = answer.json()
    assert (answer.status_code, body["status"], body["code"]) == (status, status, code), answer.text
    assert set(body) - {"declineCode", "retryable"} == ERROR_KEYS
    assert answer.headers["content-type"].startswith("application/json")
    assert body["requestId"] == answer.headers["x-request-id"]
    assert body["error"]
    if details is not None:
        assert details in str(body["details"])


async def test_every_error_has_one_shape(client: Client) -> None:
    """Unknown route, wrong method, bad JSON, wrong type, too large, invalid: each as the contract says."""
    assert_error(await client.http.get("/nowhere"), 404, "not_found")
    assert_error(await client.http.get("/api/nowhere"), 404, "not_found")
    assert_error(await client.http.get("/api/checkout/complete"), 405, "method_not_allowed")
    path = "/api/token/generate"
    json = {"content-type": "application/json"}
    assert_error(await client.http.post(path, content=b"{", headers=json), 400, "invalid_json")
    assert_error(await client.http.post(path, content=b"\xff", headers=json), 400, "invalid_json")
    assert_error(await client.http.post(path, content=b"", headers=json), 400, "invalid_request", "body: is required")
    assert_error(await client.http.post(path, content=b"[" * 100_000, headers=json), 400, "invalid_json")
    assert_error(await client.http.post(path, content=b"{}"), 415, "unsupported_media_type")
    assert_error(await client.http.post(path, content=b" " * 1_100_000, headers=json), 413, "body_too_large")
    assert_error(await client.post(path, [1]), 400, "invalid_request")
    assert_error(await client.post("/api/providers/nobody/pay", {}), 404, "not_found")


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"amount": "4999"}, "amount"),
        ({"amount": 49.5}, "amount"),
        ({"amount": -1}, "amount"),
        ({"orderId": None}, "orderId"),
        ({"expiresIn": 59}, "expiresIn"),
        ({"expiresIn": 2_592_001}, "expiresIn"),
        ({"currency": "EUROS"}, "currency"),
        ({"lineItems": [{"name": "x", "quantity": "2", "unitPrice": 1}]}, "lineItems[0].quantity"),
        ({"customer": {"email": "x"}}, "customer.email"),
    ],
)
async def test_bad_input_is_named(client: Client, changed: dict[str, object], named: str) -> None:
    """Each wrong field is a 400 with its path, and nothing is made."""
    answer = await client.post("/api/token/generate", ORDER | changed)

    assert answer.status_code == 400
    assert named in answer.json()["details"]


async def test_a_cart_sums_up(client: Client) -> None:
    """Without an amount, items, shipping and tax less discount make it."""
    cart = {"orderId": "c-1", "currency": "USD", "lineItems": [{"name": "a", "quantity": 3, "unitPrice": 1000}]}
    answer = await client.post("/api/token/generate", cart | {"shipping": 500, "tax": 99, "discount": 100})

    assert answer.json()["data"]["amount"] == 3499


async def test_request_ids_are_kept_or_made(client: Client) -> None:
    """A well-formed one of the caller's is kept, another is replaced, on errors too."""
    assert (await client.http.get("/health", headers={"x-request-id": "my-1.A_b"})).headers[
        "x-request-id"
    ] == "my-1.A_b"
    for odd in ("with space", "x" * 129, "new\tline"):
        made = (await client.http.get("/nowhere", headers={"x-request-id": odd})).headers["x-request-id"]
        assert made.startswith("req_")


async def test_security_headers(client: Client) -> None:
    """API answers are not stored or sniffed."""
    link = await client.post("/api/token/generate", ORDER)

    assert link.headers["cache-control"] == "no-store"
    assert link.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    "body",
    [
        {"token": "t", "paymentToken": "4242424242424242"},
        {"token": "t", "paymentToken": "4242 4242 4242 4242"},
        {"token": "t", "x": [{"y": "card 4000-0000-0000-0002 please"}]},
        {"token": "t", "number": 4242424242424242},
        {"token": "t", "x": {"cvc": "123"}},
        {"token": "t", "cardNumber": "1"},
    ],
)
async def test_card_numbers_are_refused(
    client: Client, body: dict[str, object], capfd: pytest.CaptureFixture[str]
) -> None:
    """Wherever it stands, it is refused, not echoed and not logged."""
    answer = await client.post("/api/checkout/complete", body)

    assert_error(answer, 400, "raw_card_data")
    assert "4242" not in answer.text + "".join(capfd.readouterr())


async def test_a_card_for_a_provider_that_takes_tokens_is_refused(
    client: Client, capfd: pytest.CaptureFixture[str]
) -> None:
    """The one field that may hold a card is of no use elsewhere, and nothing was charged or kept."""
    token = await client.opened()
    card = {"number": "4242424242424242", "month": 12, "year": 2031, "cvv": "123"}

    answer = await client.post("/api/checkout/complete", {"token": token, "card": card})

    assert_error(answer, 400, "raw_card_data")
    assert "4242" not in answer.text + "".join(capfd.readouterr())
    wrong = await client.post("/api/checkout/complete", {"token": token, "card": card | {"number": "4242 4242"}})
    assert_error(wrong, 400, "invalid_request", "card.number")
    assert "4242" not in wrong.text


async def test_numbers_that_are_no_cards_pass(client: Client) -> None:
    """Times, long order ids and digits that fail the check are no cards."""
    await client.link(orderId="1795536420123", metadata={"t": "4242424242424241", "u": "99999999999999999999"})


def _sign(config_secret: str, **changed: object) -> str:
    claims = ORDER | {"exp": int(time.time()) + 60} | changed
    return jwt.encode({name: value for name, value in claims.items() if value is not None}, config_secret, "HS256")


async def test_tokens_of_integrators(make_client: MakeClient) -> None:
    """An integrator signs tokens; only well-signed, living ones with sense in them are taken."""
    secret = "integrators-secret-of-at-least-32-bytes"
    client: Client = await make_client(CHECKOUT_TOKEN_SECRET=secret, PAYLINKS_RATE_LIMIT_UNAUTHENTICATED="0")

    async def initialize(token: str) -> httpx.Response:
        return await client.post("/api/checkout/initialize", {"token": token, "provider": "stripe"})

    assert (await initialize(_sign(secret))).status_code == 200
    assert (await initialize(_sign(secret, exp=int(time.time()) - 5))).status_code == 200  # within the leeway
    assert_error(await initialize(_sign(secret, exp=int(time.time()) - 60)), 401, "expired_token")
    assert_error(await initialize(_sign("another-secret-of-at-least-32-bytes!!")), 401, "invalid_token")
    assert_error(await initialize(_sign(secret, exp=None)), 401, "invalid_token")
    assert_error(await initialize(_sign(secret, brandId="brand_other")), 401, "invalid_token")
    assert_error(await initialize(_sign(secret, amount=0)), 400, "invalid_claims", "amount")
    none = jwt.encode(ORDER | {"exp": int(time.time()) + 60}, "", "none")
    assert_error(await initialize(none), 401, "invalid_token")
    longer = jwt.encode(ORDER | {"exp": int(time.time()) + 60}, secret * 2, "HS512")
    assert_error(await initialize(longer), 401, "invalid_token")
    missing = await client.post("/api/checkout/initialize", {"token": _sign(secret)})
    assert_error(missing, 400, "invalid_request", "provider")
    assert missing.json()["error"] == "Missing token or provider"


def _raw(secret: str, header: str, claims: str) -> str:
    """Sign texts that no library would write."""
    parts = [urlsafe_b64encode(text.encode()).rstrip(b"=") for text in (header, claims)]
    signature = hmac.digest(secret.encode(), b".".join(parts), "sha256")
    return b".".join([*parts, urlsafe_b64encode(signature).rstrip(b"=")]).decode()


@pytest.mark.parametrize("database", ["sqlite", "postgres"])
async def test_odd_texts_in_tokens_are_refused(
    make_client: MakeClient, database: str, request: pytest.FixtureRequest
) -> None:
    """Half of a surrogate pair, NUL, too deep: a stranger's token is 401, of one's own the claim is named."""
    secret = "integrators-secret-of-at-least-32-bytes"
    url = {"PAYLINKS_DATABASE_URL": request.getfixturevalue("postgres_url")} if database == "postgres" else {}
    client: Client = await make_client(CHECKOUT_TOKEN_SECRET=secret, **LIMITS, **url)
    good = f'"exp":{int(time.time()) + 60},"orderId":"o-1","amount":100,"currency":"USD","productName":"x"'

    async def answers(header: str, claims: str) -> tuple[httpx.Response, httpx.Response]:
        token = _raw(secret, header, claims)
        body = {"token": token, "provider": "stripe"}
        return await client.post("/api/checkout/initialize", body), await client.http.get(f"/checkout/{token}")

    plain = '{"alg":"HS256"}'
    assert [one.status_code for one in await answers(plain, f"{{{good}}}")] == [200, 200]
    for kid in (r"\ud800", r"brand_\ud800", r"\u0000", r"brand_\u0000", "\u00e9"):
        called, opened = await answers(f'{{"alg":"HS256","kid":"{kid}"}}', f"{{{good}}}")
        assert_error(called, 401, "invalid_token")
        assert opened.status_code == 404
    for odd in (r"\ud800", r"a\u0000"):
        for named, claim in {
            "orderId": f'"orderId":"{odd}"',
            "productName": f'"productName":"{odd}"',
            "metadata.a": f'"metadata":{{"a":"{odd}"}}',
            "metadata": f'"metadata":{{"{odd}":"a"}}',
            "brandId": f'"brandId":"{odd}"',
        }.items():
            called, opened = await answers(plain, f"{{{good},{claim}}}")
            assert_error(called, 400, "invalid_claims", f"{named}: has a character that can't be kept")
            assert opened.status_code == 400
    called, opened = await answers(plain, f'{{{good},"deep":{"[" * 4000}{"]" * 4000}}}')
    assert_error(called, 401, "invalid_token")
    assert opened.status_code == 404


async def test_a_token_holds_no_card_number(make_client: MakeClient) -> None:
    """Nothing of it is kept or shown."""
    secret = "integrators-secret-of-at-least-32-bytes"
    client: Client = await make_client(CHECKOUT_TOKEN_SECRET=secret, **LIMITS)
    for changed in ({"metadata": {"note": "4242 4242 4242 4242"}}, {"customer": {"firstName": "4242424242424242"}}):
        token = _sign(secret, **changed)
        body = {"token": token, "provider": "stripe"}
        answer = await client.post("/api/checkout/initialize", body)
        assert_error(answer, 400, "raw_card_data")
        assert "4242" not in answer.text
        page = await client.http.get(f"/checkout/{token}")
        assert page.status_code == 400
        assert "4242" not in page.text
    async with client.app.house.parts.units.reading() as rows:
        assert await rows.checkouts.by_order("brand_default", "order-1") is None


async def test_an_older_link_is_superseded(client: Client) -> None:
    """The same order's next link takes the older one's place, within the same second too."""
    older, newer = await client.link(), await client.link()
    assert older["code"] != newer["code"]

    body = {"token": older["token"], "provider": "stripe"}
    assert_error(await client.post("/api/checkout/initialize", body), 409, "superseded")
    paid = await client.opened()
    assert (await client.post("/api/checkout/complete", {"token": paid})).json()["data"]["status"] == "paid"
    assert_error(await client.post("/api/token/generate", ORDER), 409, "already_paid")


async def test_limits_are_shown_and_kept(make_client: MakeClient) -> None:
    """A proven caller has its own minute, an address that proves nothing a smaller one; every answer says so."""
    client: Client = await make_client(PAYLINKS_RATE_LIMIT_AUTHENTICATED="4", PAYLINKS_RATE_LIMIT_UNAUTHENTICATED="2")
    token = await client.opened()
    answers = [await client.post("/api/checkout/get-payment-token", {"token": token}) for _ in range(4)]
    assert [answer.headers["x-ratelimit-remaining"] for answer in answers] == ["2", "1", "0", "0"]
    assert {answer.headers["x-ratelimit-limit"] for answer in answers} == {"4"}
    assert_error(answers[3], 429, "rate_limited")
    assert 1 <= int(answers[3].headers["retry-after"]) <= 60
    assert int(answers[3].headers["x-ratelimit-reset"]) >= time.time()

    unproven = [await client.http.get("/api/nowhere") for _ in range(3)]
    assert [answer.status_code for answer in unproven] == [404, 404, 429]
    assert unproven[0].headers["x-ratelimit-limit"] == "2"
    assert (await client.http.get("/health")).status_code == 200


async def test_only_this_machine_needs_no_key(client: Client) -> None:
    """In development a call from elsewhere, through a proxy, under another name or from a foreign page needs a key."""
    path = "/api/token/generate"
    async with client.from_address("10.1.2.3") as elsewhere:
        assert_error(await elsewhere.post(path, json=ORDER), 401, "unauthorized")
    for headers in (
        {"x-forwarded-for": "127.0.0.1"},
        {"host": "evil.example"},
        {"origin": "https://evil.example"},
        {"sec-fetch-site": "cross-site"},
        {"authorization": "Basic eDp5"},
    ):
        assert_error(await client.post(path, ORDER, **headers), 401, "unauthorized")
    assert_error(await client.post(path, ORDER, authorization="Bearer sk_live_nobody"), 401, "invalid_api_key")


async def test_production_needs_a_key(make_client: MakeClient) -> None:
    """In production this machine is nobody special, and a brand without credentials has no demo mode."""
    config = {
        "PAYLINKS_ENV": "production",
        "CHECKOUT_TOKEN_SECRET": "s" * 40,
        "PAYLINKS_SECRET_KEYS": "A" * 43,
        "PAYLINKS_SMTP_URL": "smtps://mail.example",
        "PAYLINKS_BASE_URL": "https://pay.example",
        "PAYLINKS_RATE_LIMIT_UNAUTHENTICATED": "0",
    }
    development: Client = await make_client()
    database = development.app.house.config.database_url
    client: Client = await make_client(PAYLINKS_DATABASE_URL=database, **config)
    assert isinstance(client.app.house.config, Config)

    answer = await client.post("/api/token/generate", ORDER)
    assert_error(answer, 401, "unauthorized")
    assert answer.headers["strict-transport-security"] == "max-age=31536000"
    token = jwt.encode(ORDER | {"exp": int(time.time()) + 60}, "s" * 40, "HS256")
    body = {"token": token, "provider": "stripe"}
    assert_error(await client.post("/api/checkout/initialize", body), 409, "provider_not_configured")


async def test_maintenance_stops_writes(make_client: MakeClient) -> None:
    """Writes are 503 with the published sentence; health is not."""
    client: Client = await make_client(PAYLINKS_MAINTENANCE="1")

    answer = await client.post("/api/token/generate", ORDER)
    assert_error(answer, 503, "maintenance")
    assert answer.json()["error"] == "System is under maintenance"
    assert (await client.http.get("/health")).status_code == 200


async def test_openapi_names_every_route(client: Client) -> None:
    """The document is 3.1, names each route of the API, and its schemas have readable names."""
    document = (await client.http.get("/api/openapi.json")).json()

    assert document["openapi"].startswith("3.1")
    assert set(document["paths"]) >= {
        "/api/token/generate",
        "/api/checkout/initialize",
        "/api/checkout/complete",
        "/api/checkout/get-payment-token",
        "/api/providers/stripe/create-intent",
        "/api/providers/stripe/confirm",
        "/health",
        "/health/ready",
    }
    assert all(name.isidentifier() for name in document["components"]["schemas"])
