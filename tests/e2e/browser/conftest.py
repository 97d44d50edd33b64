"""One server for all browser tests, one Chromium for a module; every page is watched for what it must never do."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Request, sync_playwright

from ..conftest import Server, free_port
from .journeys import Shop

CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
ARTEFACTS = Path(os.environ.get("PAYLINKS_TEST_ARTEFACTS", Path(__file__).parents[3] / "artefacts"))

PICTURE = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 9"><rect width="16" height="9" fill="#d8cfc4"/>'
    '<rect x="3" y="3.6" width="10" height="1.8" rx=".3" fill="#8a5a34"/>'
    '<rect x="7" y="3" width="2.2" height="3" rx=".4" fill="none" stroke="#e7d9a8" stroke-width=".4"/></svg>'
)

OpenPage = Callable[..., Page]


@pytest.fixture(
    scope="module"
)  # no longer: while Playwright runs, no other event loop can, and other tests have theirs
def browser() -> Iterator[Browser]:
    """Start the machine's own Chromium; without one nothing is tested, and CI must not pass so."""
    if not Path(CHROMIUM).exists():
        message = "the browser tests need Chromium (Debian: apt-get install chromium)"
        if os.environ.get("CI") == "true":
            pytest.fail(message)
        pytest.skip(message)
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield running
        running.close()


@pytest.fixture(scope="session")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """Run a server in demo mode, and be the shop that calls it."""
    port = free_port()
    server = Server(
        tmp_path_factory.mktemp("browser"),
        "serve",
        port=port,
        ready="/health/ready",
        PAYLINKS_PORT=str(port),
        PAYLINKS_RATE_LIMIT_AUTHENTICATED="100000",
        PAYLINKS_RATE_LIMIT_UNAUTHENTICATED="100000",
    )
    server.start()
    yield Shop(server)
    server.stop()


@pytest.fixture
def open_page(browser: Browser, shop: Shop) -> Iterator[OpenPage]:
    """Open pages of their own; at the end none has asked another host for anything, nor said an error."""
    contexts: list[BrowserContext] = []
    strays: list[str] = []
    crashes: list[str] = []
    own = {urlsplit(shop.url).netloc}

    def watch(request: Request) -> None:
        if urlsplit(request.url).scheme in ("http", "https") and urlsplit(request.url).netloc not in own:
            strays.append(request.url)

    def make(path: str, *, pictures: str | None = None, **options: Any) -> Page:  # noqa: ANN401 - Playwright's own
        context = browser.new_context(**{"locale": "en-US", "viewport": {"width": 1100, "height": 800}} | options)
        context.set_default_timeout(10_000)
        contexts.append(context)
        page = context.new_page()
        if pictures is not None:
            own.add(urlsplit(pictures).netloc)
            page.route(pictures, lambda route: route.fulfill(content_type="image/svg+xml", body=PICTURE))
        page.on("request", watch)
        page.on("pageerror", lambda error: crashes.append(str(error)))
        page.on("console", lambda said: crashes.append(said.text) if "Content Security Policy" in said.text else None)
        page.goto(path if path.startswith("http") else shop.url + path)
        return page

    yield make
    for context in contexts:
        context.close()
    assert strays == []
    assert crashes == []


@pytest.fixture(scope="session")
def picture() -> Callable[[Page, str], None]:
    """Keep a picture of a page among the artefacts of the run."""
    ARTEFACTS.mkdir(exist_ok=True)

    def take(page: Page, name: str) -> None:
        page.screenshot(path=ARTEFACTS / f"{name}.png", full_page=True)

    return take
