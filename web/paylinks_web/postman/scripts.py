"""The few lines of JavaScript in the collection: what every answer is tested for, and what a call needs before it."""

import json
from collections.abc import Iterable, Mapping

__all__ = ["EVERY_ANSWER", "FIRST", "NEXT_RECOVERY_CODE", "ONE_TIME_CODE", "SHOW_KEY", "tests"]

FIRST = (
    'if (!pm.collectionVariables.get("run")) {',
    "    const run = Date.now().toString(36);",
    '    pm.collectionVariables.set("run", run);',
    '    pm.collectionVariables.set("email", "ada-" + run + "@example.com");',
    "}",
)
"""Before each call: a run has order ids and addresses of its own, so that it can be repeated."""

EVERY_ANSWER = (
    'pm.test("The answer names its request", () => pm.response.to.have.header("X-Request-Id"));',
    'if ((pm.response.headers.get("Content-Type") || "").startsWith("application/json")) {',
    "    const answer = pm.response.json();",
    '    pm.test("The answer has the shape of all answers", () => {',
    "        if (pm.response.code < 400) {",
    "            pm.expect(answer.success).to.equal(true);",
    '            pm.expect(answer).to.have.property("data");',
    "        } else {",
    '            pm.expect(answer).to.include.all.keys("error", "details", "status", "code", "requestId");',
    "            pm.expect(answer.status).to.equal(pm.response.code);",
    '            pm.expect(answer.requestId).to.equal(pm.response.headers.get("X-Request-Id"));',
    "        }",
    "    });",
    "}",
)
"""After each call."""

SHOW_KEY = (
    'const key = pm.variables.get("apiKey");',
    'if (key) pm.request.headers.upsert({key: "Authorization", value: "Bearer " + key});',
)
"""Before calls of a brand's own server: without a key, a session counts, and in development being on its machine."""

ONE_TIME_CODE = (
    'const hashes = require("crypto-js");',
    'const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";',
    'const bits = [...pm.collectionVariables.get("secret")]',
    '    .map((letter) => letters.indexOf(letter).toString(2).padStart(5, "0")).join("");',
    'const key = bits.match(/.{4}/g).map((four) => parseInt(four, 2).toString(16)).join("");',
    'const step = Math.floor(Date.now() / 30000).toString(16).padStart(16, "0");',
    "const mac = hashes.HmacSHA1(hashes.enc.Hex.parse(step), hashes.enc.Hex.parse(key)).toString();",
    "const at = parseInt(mac.slice(-1), 16) * 2;",
    "const number = (parseInt(mac.substr(at, 8), 16) & 0x7fffffff) % 1000000;",
    'pm.collectionVariables.set("oneTimeCode", String(number).padStart(6, "0"));',
)
"""Before the second factor is confirmed: what an authenticator app would show."""

NEXT_RECOVERY_CODE = ('pm.collectionVariables.set("recoveryCode", pm.collectionVariables.get("nextRecoveryCode"));',)
"""A recovery code works once."""


def tests(statuses: Iterable[int], required: Iterable[str], keeps: Mapping[str, str]) -> list[str]:
    """Test the status and the fields of an answer, and keep what later calls need of it."""
    expected, fields = sorted(statuses), sorted(required)
    lines = [
        f'pm.test("The status is one of {json.dumps(expected)[1:-1]}", () =>',
        f"    pm.expect({json.dumps(expected)}).to.include(pm.response.code));",
    ]
    body = []
    if fields:
        body.append('    pm.test("The answer has its fields", () =>')
        body.append(f"        pm.expect(answer.data).to.include.all.keys({json.dumps(fields)}));")
    body += [f'    pm.collectionVariables.set("{name}", {where});' for name, where in keeps.items()]
    if body:
        lines += ["if (pm.response.code < 300) {", "    const answer = pm.response.json();", *body, "}"]
    return lines
