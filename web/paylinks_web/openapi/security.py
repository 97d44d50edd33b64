"""How callers prove who they are, as the document tells it: one rule for each class of access."""

from collections.abc import Mapping
from typing import Any, Final

__all__ = ["ACCESS", "schemes", "security_of"]

ACCESS: Final[Mapping[str, tuple[tuple[str, ...], str]]] = {
    "public": ((), "Anyone may call."),
    "token": (("checkoutToken",), "Proven by the checkout token in the body."),
    "server": (
        ("apiKey", "session"),
        "Proven by a brand's API key or an admin's session; in development a call from this machine needs neither.",
    ),
    "capability": ((), "Proven by knowing the session id, which nobody can guess."),
    "session": (("session",), "Proven by an admin's session."),
    "salesperson": (("salesperson",), "Proven by a salesperson's session."),
    "signature": (("webhookSignature",), "Proven by the provider's own signature."),
}
"""Each class of access: the schemes, of which one is enough, and the rule in words."""


def schemes(prefix: str) -> dict[str, Any]:
    """Describe every way of proof; `prefix` is what the names of this deployment's cookies begin with."""
    cookie = {"type": "apiKey", "in": "cookie"}
    return {
        "apiKey": {
            "type": "http",
            "scheme": "bearer",
            "description": "A brand's API key, `sk_live_…` or `sk_test_…`.",
        },
        "session": cookie | {"name": f"{prefix}session", "description": "Set by `POST /api/admin/auth`."},
        "salesperson": cookie | {"name": f"{prefix}salesperson", "description": "Set by `POST /api/salesperson/auth`."},
        "checkoutToken": {
            "type": "http",
            "scheme": "x-checkout-token",
            "bearerFormat": "JWT",
            "description": "An HS256 JWT in the body's own field `token`, never in a header; from "
            "`POST /api/token/generate`, or signed with `CHECKOUT_TOKEN_SECRET`.",
        },
        "webhookSignature": {
            "type": "http",
            "scheme": "x-webhook-signature",
            "description": "Each provider's own signature over the raw body, in the header that the provider defines.",
        },
    }


def security_of(access: str, *, token_in_body: bool) -> list[dict[str, list[str]]]:
    """List the schemes of a call, of which one is enough; an empty list for a call that anyone may make."""
    names, _ = ACCESS[access]
    also = ("checkoutToken",) if token_in_body and "checkoutToken" not in names else ()
    return [{name: []} for name in (*names, *also)]
