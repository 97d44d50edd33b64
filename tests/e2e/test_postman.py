"""The Postman collection: well formed, and newman runs it green against a fresh server."""

import json
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from ..plain import PLAIN
from .conftest import Server

pytestmark = pytest.mark.long

NEWMAN = "newman@6.2.2"
LIMITS = {"PAYLINKS_RATE_LIMIT_AUTHENTICATED": "0", "PAYLINKS_RATE_LIMIT_UNAUTHENTICATED": "0"}
LONGEST = 60  # seconds that a run may take


def _leave_out(reason: str) -> None:
    """Skip where somebody works without npm; CI must have it."""
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture
def newman(request: pytest.FixtureRequest) -> Path:
    """Install newman from npm, once for all runs of a checkout."""
    npm = shutil.which("npm")
    if npm is None:
        _leave_out("the collection is run by newman, which npm installs, and there is no npm here")
    cache = request.config.cache
    assert npm is not None
    assert cache is not None
    folder = cache.mkdir(NEWMAN.replace("@", "-"))
    program = folder / "node_modules/.bin/newman"
    if not program.exists():
        command = [npm, "install", "--no-audit", "--no-fund", "--no-save", "--prefix", str(folder), NEWMAN]
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)  # noqa: S603 - npm
        if done.returncode != 0:
            _leave_out(f"npm could not install {NEWMAN}: {done.stderr[-500:]}")
    return program


@pytest.fixture
def server(make_server: Callable[..., Server]) -> Server:
    """Start a fresh server."""
    running = make_server(**LIMITS)
    running.start()
    return running


def _items(items: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for item in items:
        if "item" in item:
            yield from _items(item["item"])
        else:
            yield item


def test_the_collection_is_well_formed(server: Server) -> None:
    """A v2.1 collection: every variable it uses is declared, each call has its tests, and examples that are JSON."""
    collection = httpx.get(f"{server.url}/api/postman.json", verify=PLAIN).json()

    assert collection["info"]["schema"].endswith("/v2.1.0/collection.json")
    declared = {one["key"] for one in collection["variable"]}
    assert {"baseUrl", "apiKey", "token"} <= declared
    items = list(_items(collection["item"]))
    assert len(items) > 80
    for item in items:
        request = item["request"]
        assert set(item) == {"name", "protocolProfileBehavior", "event", "request", "response"}
        text = request["url"]["raw"] + request.get("body", {}).get("raw", "")
        used = {part.partition("}}")[0] for part in text.split("{{")[1:]}
        assert used <= declared, item["name"]
        assert any(event["listen"] == "test" and event["script"]["exec"] for event in item["event"]), item["name"]
        for example in item["response"]:
            assert isinstance(json.loads(example["body"]), dict)
            assert {"name", "originalRequest", "code", "status", "header"} <= set(example)
        redirects = "verify" in request["url"]["raw"] or request["method"] == "GET"
        assert redirects or any(example["code"] < 300 for example in item["response"]), item["name"]


def test_newman_runs_the_collection(server: Server, newman: Path, tmp_path: Path) -> None:
    """Every call of a whole journey answers as its tests expect, twice in a row on the same server."""
    collection = tmp_path / "collection.json"
    collection.write_bytes(httpx.get(f"{server.url}/api/postman.json", verify=PLAIN).content)
    report = tmp_path / "report.json"

    command = [str(newman), "run", str(collection), "--reporters", "json", "--reporter-json-export", str(report)]
    for _ in range(2):
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=LONGEST)  # noqa: S603 - newman
        run = json.loads(report.read_text())["run"]
        failures = [f"{one['source'].get('name')}: {one['error']['message']}" for one in run["failures"]]
        assert failures == []
        assert done.returncode == 0, done.stderr
        assert run["stats"]["requests"]["total"] > 80
        assert run["stats"]["assertions"]["total"] > 3 * run["stats"]["requests"]["total"]
