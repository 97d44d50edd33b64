"""Whether sign-in's times tell who has an account: the same calls for known and unknown addresses, taking turns.

`python bench/sign_in.py`; the two columns of a row should differ by less than one column does from call to call.
"""

import json
import os
import statistics
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable

from checkouts import Server, free_port, settings

ROUNDS = int(os.environ.get("BENCH_ROUNDS", "100"))
KNOWN = "admin@example.com"


def call(port: int, path: str, body: dict[str, str]) -> float:
    """Call once and give the milliseconds until the whole answer was there."""
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}{path}", json.dumps(body).encode(), {"Content-Type": "application/json"}
    )
    began = time.perf_counter()
    try:
        with urllib.request.urlopen(request) as answer:  # noqa: S310 - our own server
            answer.read()
    except urllib.error.HTTPError as error:
        error.read()
    return (time.perf_counter() - began) * 1000


def compare(name: str, port: int, path: str, body: Callable[[str], dict[str, str]]) -> None:
    """Measure one call for both kinds of address."""
    times: dict[bool, list[float]] = {True: [], False: []}
    for number in range(ROUNDS + 10):
        for known in (True, False) if number % 2 else (False, True):
            address = KNOWN if known else f"nobody-{number}@example.com"
            took = call(port, path, body(address))
            if number >= 10:  # noqa: PLR2004 - the first ones warm up
                times[known].append(took)
            time.sleep(0.002)  # what is done after the answer must not wait in the next call
    known, unknown = (statistics.median(times[which]) for which in (True, False))
    spread = statistics.quantiles(times[True], n=4)
    print(
        f"{name:16} known {known:6.1f} ms   unknown {unknown:6.1f} ms   apart {known - unknown:+5.1f}   "
        f"half of the known within {spread[0]:.1f} to {spread[2]:.1f}"
    )


def main() -> None:
    """Measure on SQLite."""
    with tempfile.TemporaryDirectory() as folder:
        port = free_port()
        environment = settings(f"sqlite:///{folder}/bench.db", folder, port) | {"PAYLINKS_RATE_LIMIT_LOGIN": "0"}
        server = Server([sys.executable, "-m", "paylinks_web", "serve"], environment, port, "/health/ready")
        try:
            compare("wrong password", port, "/api/admin/auth", lambda email: {"email": email, "password": "wrong" * 4})
            compare("magic link", port, "/api/auth/magic-link", lambda email: {"email": email})
            compare("password reset", port, "/api/auth/password/reset", lambda email: {"email": email})
            compare(
                "registration",
                port,
                "/api/auth/register",
                lambda email: {"name": "N", "email": email, "password": "a horse on the moon", "orgName": "O"},
            )
        finally:
            server.stop()


if __name__ == "__main__":
    main()
