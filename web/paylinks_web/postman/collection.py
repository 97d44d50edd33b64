"""The collection itself: a folder for each tag, a request for each call, with its example answers and its tests."""

import json
import re
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from ..openapi import Document
from ..openapi.bodies import BODIES, VARIABLES
from .journey import JOURNEY, Step
from .scripts import EVERY_ANSWER, FIRST, SHOW_KEY, tests

__all__ = ["Collection", "collect"]

Collection = Mapping[str, Any]
Json = dict[str, Any]

_SCHEMA = "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"
_EXAMPLES = frozenset({"400", "401", "402", "404", "409"})
_PARAMETER = re.compile(r"\{(\w+)\}")
_SET_BY_THE_RUN = frozenset({"run", "email"})


def collect(document: Document, base_url: str) -> Collection:
    """Make the collection from an OpenAPI document."""
    calls = {
        f"{method} {path}": call for path, methods in document["paths"].items() for method, call in methods.items()
    }
    named = [step for step in JOURNEY if step.call in calls]
    others = [Step(call=name) for name in calls if name not in {step.call for step in JOURNEY}]
    folders: dict[str, list[Json]] = {}
    for step in [*named, *others]:
        folder = _folder(step, calls[step.call])
        folders.setdefault(folder, []).append(_item(document, step, calls[step.call]))
    return {
        "info": {
            "name": document["info"]["title"],
            "description": document["info"]["description"] + " Run the folders in their order: each call leaves "
            "what the next ones need in variables. `baseUrl` and `apiKey` are yours to set.",
            "version": document["info"]["version"],
            "schema": _SCHEMA,
        },
        "item": [{"name": name, "item": items} for name, items in folders.items()],
        "event": [_event("prerequest", FIRST), _event("test", EVERY_ANSWER)],
        "variable": _variables(base_url, calls),
    }


def _folder(step: Step, call: Mapping[str, Any]) -> str:
    # A sign-in that is there for the sake of the second factor stands beside it.
    tag: str = call["tags"][0]
    return "User authentication" if step.body is not None and step.name is not None else tag


def _variables(base_url: str, calls: Mapping[str, Any]) -> list[Json]:
    names = dict.fromkeys([*VARIABLES, *(name for call in calls for name in _PARAMETER.findall(call))])
    values = {name: "" if name in _SET_BY_THE_RUN else VARIABLES.get(name, "") for name in names}
    ours = {"baseUrl": base_url, "apiKey": "", "secret": "", "nextRecoveryCode": ""}
    return [{"key": name, "value": value, "type": "string"} for name, value in (ours | values).items()]


def _item(document: Document, step: Step, call: Mapping[str, Any]) -> Json:
    method, _, path = step.call.partition(" ")
    request = _request(document, step, call)
    statuses = step.statuses or tuple(int(status) for status in call["responses"] if status < "500")
    before = [*step.before, *(SHOW_KEY if {"apiKey": []} in call["security"] else ())]
    events = [_event("test", tests(statuses, _required(document, call), step.keeps))]
    if before:
        events.insert(0, _event("prerequest", before))
    return {
        "name": step.name or call["summary"],
        "protocolProfileBehavior": {"followRedirects": False},
        "event": events,
        "request": request,
        "response": _responses(document, call, {"method": method.upper(), "url": "{{baseUrl}}" + _spelled(path)}),
    }


def _spelled(path: str) -> str:
    return _PARAMETER.sub(r"{{\1}}", path)


def _request(document: Document, step: Step, call: Mapping[str, Any]) -> Json:
    method, _, path = step.call.partition(" ")
    where = _spelled(path)
    query = [
        {"key": one["name"], "value": str(one["example"]), "description": one["description"], "disabled": True}
        for one in (_resolve(document, parameter) for parameter in call["parameters"])
        if one["in"] == "query"
    ]
    url: Json = {
        "raw": "{{baseUrl}}" + where,
        "host": ["{{baseUrl}}"],
        "path": where.removeprefix("/").split("/"),
        "query": query,
    }
    request: Json = {
        "method": method.upper(),
        "header": [],
        "url": url,
        "description": call["description"],
    }
    body = call.get("requestBody", {}).get("content", {}).get("application/json")
    if body is not None:
        sent = step.body or BODIES.get((method, path), body["example"])
        request["header"] = [{"key": "Content-Type", "value": "application/json"}]
        request["body"] = {
            "mode": "raw",
            "raw": json.dumps(sent, indent=2, ensure_ascii=False),
            "options": {"raw": {"language": "json"}},
        }
    return request


def _responses(document: Document, call: Mapping[str, Any], asked: Json) -> list[Json]:
    listed = []
    for status, answer in call["responses"].items():
        content = answer.get("content", {}).get("application/json")
        if content is None or (status >= "300" and status not in _EXAMPLES):
            continue
        examples = content.get("examples") or {HTTPStatus(int(status)).phrase: {"value": content["example"]}}
        for name, example in examples.items():
            listed.append(
                {
                    "name": name,
                    "originalRequest": asked,
                    "status": HTTPStatus(int(status)).phrase,
                    "code": int(status),
                    "_postman_previewlanguage": "json",
                    "header": [{"key": "Content-Type", "value": "application/json"}],
                    "body": json.dumps(_resolve(document, example)["value"], ensure_ascii=False),
                }
            )
    return listed


def _required(document: Document, call: Mapping[str, Any]) -> list[str]:
    """Name what stands in the `data` of every success."""
    for status, answer in call["responses"].items():
        content = answer.get("content", {}).get("application/json")
        if status < "300" and content is not None:
            whole = _resolve(document, content["schema"])
            if "properties" in whole:  # an answer of several kinds has no fields for sure
                return list(_resolve(document, whole["properties"]["data"]).get("required", ()))
    return []


def _resolve(document: Document, one: Mapping[str, Any]) -> Mapping[str, Any]:
    """Follow a reference into the document's components."""
    found: Mapping[str, Any] = one
    if "$ref" in one:
        _, _, kind, name = one["$ref"].split("/")
        found = document["components"][kind][name]
    return found


def _event(listen: str, lines: tuple[str, ...] | list[str]) -> Json:
    return {"listen": listen, "script": {"type": "text/javascript", "exec": list(lines)}}
