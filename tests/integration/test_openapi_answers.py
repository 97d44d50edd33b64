"""Whatever schemathesis makes of the OpenAPI document, the application answers as the document says.

`PAYLINKS_EXAMPLES` says how much it makes of each call (1, the same each time; more differs from run to run).
"""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import requests
import schemathesis
from anyio.from_thread import BlockingPortal, start_blocking_portal
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.strategies import just
from schemathesis import GenerationMode
from schemathesis.checks import CHECKS, load_all_checks
from schemathesis.core.failures import FailureGroup
from schemathesis.core.result import Ok

from paylinks_web.app import create_app
from paylinks_web.config import read_config
from paylinks_web.openapi import describe

load_all_checks()

ADDRESS = "http://127.0.0.1:8000"
LIMITS = {f"PAYLINKS_RATE_LIMIT_{name}": "0" for name in ("AUTHENTICATED", "UNAUTHENTICATED", "WEBHOOK")}
SIGN_IN = {f"PAYLINKS_{name}_CLIENT_{part}": "x" for name in ("GOOGLE", "FACEBOOK") for part in ("ID", "SECRET")}
LEFT_OUT = {
    "positive_data_acceptance": "what a body may say depends on what is there: orders, states, sums, DNS",
    "negative_data_rejection": "by contract a foreign `X-Request-Id` is replaced, and a foreign checkout field ignored",
    "missing_required_header": "no header is required",
    "unsupported_method": "it calls by itself, over a transport of its own",
    "allow_header_conformance": "as unsupported_method",
    "use_after_free": "needs links from call to call",
    "ensure_resource_availability": "needs links from call to call",
    "ignored_auth": "in development this machine needs no proof; test_permissions holds every route against its class",
    "object_level_authorization": "needs two people's tokens; test_permissions has them",
}
"""Each check that is not made, and why."""

CHECKED = [CHECKS.get_one(name) for name in sorted(set(CHECKS.get_all_names()) - set(LEFT_OUT))]
EXAMPLES = int(os.environ.get("PAYLINKS_EXAMPLES", "1"))
PEOPLE = {"email": "sam@example.com", "name": "Sam", "password": "a horse on the moon"}
BOUNDS = {
    real: settings(
        max_examples=examples,
        database=None,
        deadline=None,
        derandomize=EXAMPLES == 1,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    for real, examples in ((True, EXAMPLES), (False, 1))
}
"""How much is tried of each call; in nobody's name most of it ends at the door."""

ORDER = {"orderId": "fuzzed-1", "amount": 4999, "currency": "USD", "productName": "Blue shirt"}
OFFERS = [{"id": "socks", "name": "Socks", "price": 100}, {"id": "cap", "name": "Cap", "price": 100}]


class Fuzzed:
    """The application in a loop of its own, with one of each thing in it, called from a test that is not async."""

    def __init__(self, portal: BlockingPortal, document: dict[str, Any], http: httpx.AsyncClient) -> None:
        self.portal = portal
        self.document = document
        self.http = http
        self.known: dict[str, str] = {}
        self.cookies: dict[str, str] = {}
        self.token = ""

    def call(self, method: str, path: str, body: object = None) -> Any:  # noqa: ANN401 - JSON
        """Make something."""

        async def send() -> httpx.Response:
            cookie = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
            return await self.http.request(method, path, json=body, headers={"cookie": cookie})

        answer = self.portal.call(send)
        assert answer.is_success, answer.text
        self.cookies |= dict(answer.cookies)
        self.http.cookies.clear()
        return answer.json()["data"]

    def furnish(self) -> None:
        """Make one of each thing, so that calls find what they ask for."""
        self.token = self.call("POST", "/api/token/generate", ORDER)["token"]
        self.call("POST", "/api/checkout/initialize", {"token": self.token, "provider": "stripe"})
        self.call("POST", "/api/checkout/complete", {"token": self.token})
        upsell = {"orderId": "fuzzed-2", "originalOrderId": "fuzzed-1", "provider": "stripe", "offers": OFFERS}
        upsell |= {"customerEmail": "ada@example.com"}
        self.known |= {"orderId": "fuzzed-1"}
        self.known["sessionId"] = self.call("POST", "/api/upsell/create-session", upsell)["sessionId"]
        owner = {"email": "admin@example.com", "password": "paylinks-development"}
        self.known["brandId"] = self.call("POST", "/api/admin/auth", owner)["session"]["brandId"]
        for name, path, body in (
            ("userId", "users", PEOPLE | {"role": "admin"}),
            ("salespersonId", "salespeople", PEOPLE | {"brandId": self.known["brandId"]}),
            ("webhookId", "webhooks", {"url": "http://127.0.0.1:9/", "events": ["*"], "enabled": False}),
            ("keyId", "api-keys", {"name": "Shop"}),
        ):
            self.known[name] = self.call("POST", f"/api/admin/{path}", body)["id"]
        seller = {"email": PEOPLE["email"], "password": PEOPLE["password"]}
        self.call("POST", "/api/salesperson/auth", seller)

    def answer(self, case: Any, *, real: bool) -> None:  # noqa: ANN401 - schemathesis has no public type for it
        """Send a case, either as it was made or in the name of somebody real, and hold the answer to the document."""
        headers = {name: value for name, value in case.headers.items() if name != "Authorization" or not real}
        if real:
            case.path_parameters = {name: self.known.get(name, value) for name, value in case.path_parameters.items()}
            if isinstance(case.body, dict) and "token" in case.body:
                case.body["token"] = self.token
        case.headers.clear()
        case.headers.update(headers)
        case.cookies.clear()
        signs_out = case.method == "DELETE" and case.path.endswith("/auth")
        if real and not signs_out:
            case.cookies.update(self.cookies)
        prepared = requests.Request(**case.as_transport_kwargs(base_url=ADDRESS)).prepare()

        raw = [
            (name.encode(), value if isinstance(value, bytes) else value.encode("latin-1"))
            for name, value in prepared.headers.items()
        ]

        content = prepared.body or b""
        assert isinstance(content, bytes | str)

        async def send() -> httpx.Response:
            request = httpx.Request(str(prepared.method), str(prepared.url), headers=raw, content=content)
            return await self.http.send(request)

        answer = self.portal.call(send)
        self.http.cookies.clear()
        case.validate_response(answer, checks=CHECKED)


@pytest.fixture(scope="module")
def fuzzed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Fuzzed]:
    """Run the application."""
    folder: Path = tmp_path_factory.mktemp("fuzzed")
    app = create_app(read_config({"PAYLINKS_DATA_DIR": str(folder), **LIMITS, **SIGN_IN}), reconcile=False)
    with start_blocking_portal() as portal, portal.wrap_async_context_manager(app.lifespan()):
        transport = httpx.ASGITransport(app, client=("127.0.0.1", 1), raise_app_exceptions=False)
        made = Fuzzed(portal, dict(describe(app)), httpx.AsyncClient(transport=transport, base_url=ADDRESS))
        made.furnish()
        yield made
        portal.call(made.http.aclose)


def test_every_check_is_made_or_has_its_reason() -> None:
    """A check that a newer schemathesis brings is made at once; one that is gone is not left out any more."""
    assert set(LEFT_OUT) < set(CHECKS.get_all_names())
    assert len(CHECKED) == 5


@pytest.mark.proves_more
@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=["as told", "against it"])
@pytest.mark.parametrize("real", [True, False], ids=["somebody", "nobody"])
def test_answers_are_as_documented(fuzzed: Fuzzed, mode: GenerationMode, *, real: bool) -> None:
    """No crash, no status, type, header or body that the document does not tell."""
    schema = schemathesis.openapi.from_dict(fuzzed.document)
    found: dict[str, str] = {}

    def check(label: str, case: Any) -> None:  # noqa: ANN401 - schemathesis has no public type for it
        try:
            fuzzed.answer(case, real=real)
        except FailureGroup as group:
            found.update({f"{label}: {one.title}": one.message for one in group.exceptions})

    for operation in schema.get_all_operations():
        assert isinstance(operation, Ok)
        ready = operation.ok()
        BOUNDS[real](given(label=just(ready.label), case=ready.as_strategy(generation_mode=mode))(check))()
    assert not found, "\n".join(f"{where} {what}" for where, what in found.items())
