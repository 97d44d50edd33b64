"""The published overview is complete: each endpoint stands in application, document, collection and page."""

import ast
import re
from collections.abc import Iterator
from typing import Any

import pytest
from litestar.routes import HTTPRoute

from paylinks_web.app import App
from paylinks_web.openapi import describe
from paylinks_web.postman import collect

from .overview import ENDPOINTS, PAGE, ROOT, Endpoint, application, table


@pytest.fixture(scope="module")
def app() -> App:
    """Make the application."""
    return application()


def named(endpoints: Iterator[Endpoint]) -> set[str]:
    """Name endpoints as the overview spells them."""
    return {f"{one.method} {one.spelling}" for one in endpoints}


def routes(app: App) -> list[tuple[set[str], re.Pattern[str]]]:
    """List the methods and the paths of all routes."""
    found = []
    for route in app.routes:
        if isinstance(route, HTTPRoute):
            pattern = re.compile(re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(route.path_format)) + r"\Z")
            methods = {str(name) for one in route.route_handlers for name in one.http_methods}
            found.append((methods, pattern))
    return found


def requests(items: list[dict[str, Any]]) -> Iterator[tuple[str, str]]:
    """List the requests of a collection."""
    for item in items:
        if "item" in item:
            yield from requests(item["item"])
        else:
            yield item["request"]["method"], item["request"]["url"]["raw"].removeprefix("{{baseUrl}}")


def test_the_overview_has_59_endpoints() -> None:
    """And each once."""
    assert len(ENDPOINTS) == len(named(iter(ENDPOINTS))) == 59


def test_the_application_has_each(app: App) -> None:
    """A route for the method and the path; a catch-all for what no plugin offers is none."""
    known = routes(app)
    absent = (
        one
        for one in ENDPOINTS
        if not any(one.method in methods and pattern.match(one.path) for methods, pattern in known)
    )
    assert named(absent) == set()


def test_the_document_has_each(app: App) -> None:
    """Under the overview's own spelling."""
    paths = describe(app)["paths"]
    absent = (one for one in ENDPOINTS if one.method.lower() not in paths.get(one.path, {}))
    assert named(absent) == set()


def test_the_collection_has_each(app: App) -> None:
    """With an example answer and tests of its own."""
    collection = collect(describe(app), "http://127.0.0.1:8000")
    asked = set(requests(collection["item"]))
    absent = (one for one in ENDPOINTS if (one.method, one.path.replace("{", "{{").replace("}", "}}")) not in asked)
    assert named(absent) == set()


def test_the_page_is_what_the_application_says(app: App) -> None:
    """After a change, `.venv/bin/python -m tests.house.overview` writes it anew."""
    assert PAGE.read_text() == table(describe(app))


@pytest.mark.parametrize("endpoint", ENDPOINTS, ids=lambda one: f"{one.method} {one.spelling}")
def test_each_is_proven_by_a_test_that_is_there(endpoint: Endpoint) -> None:
    """The test that the page names exists."""
    path, _, name = endpoint.proof.partition("::")
    module = ast.parse((ROOT / path).read_text())
    tests = [node.name for node in module.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    assert name in tests
