"""Every answer that any test here gets is held to the OpenAPI document: its status, and the code of an error."""

import re
from functools import cache
from tempfile import TemporaryDirectory
from typing import Any

import httpx
import msgspec

from paylinks_web.app import create_app
from paylinks_web.config import read_config
from paylinks_web.openapi import describe

__all__ = ["held_to_the_document"]

Told = tuple[re.Pattern[str], dict[str, dict[str, frozenset[str]]]]


@cache
def _told() -> tuple[Told, ...]:
    """Read which statuses and codes each call may answer."""
    with TemporaryDirectory() as folder:
        document: Any = describe(create_app(read_config({"PAYLINKS_DATA_DIR": folder}), reconcile=False))
    return tuple(
        (
            re.compile(re.sub(r"\{\w+\}", "[^/]+", path)),
            {
                method: {status: _codes(one) for status, one in call["responses"].items()}
                for method, call in calls.items()
            },
        )
        for path, calls in document["paths"].items()
    )


def _codes(answer: Any) -> frozenset[str]:  # noqa: ANN401 - JSON
    return frozenset(answer.get("content", {}).get("application/json", {}).get("examples", ()))


async def held_to_the_document(answer: httpx.Response) -> None:
    """Fail where an answer is none that the document tells of."""
    request = answer.request
    method, path = request.method.lower(), request.url.path
    for pattern, calls in _told():
        if not pattern.fullmatch(path) or method not in calls:
            continue
        statuses = calls[method]
        assert str(answer.status_code) in statuses, (
            f"{method} {path} answers {answer.status_code}, which no one is told"
        )
        if answer.status_code >= 400:
            code = msgspec.json.decode(await answer.aread())["code"]
            assert code in statuses[str(answer.status_code)], f"{method} {path} answers the code {code}, untold"
        return
