"""Who calls: the demo's own key, or a security key in NMI's form, and whether its merchant has the Customer Vault."""

import re

from msgspec import Struct

from .faults import GatewayFault

__all__ = ["DEMO_SECURITY_KEY", "DEMO_SIGNING_KEY", "DEMO_TOKENIZATION_KEY", "Caller", "caller"]

DEMO_SECURITY_KEY = "demo-security-key"
DEMO_SIGNING_KEY = "demo-signing-key"
DEMO_TOKENIZATION_KEY = "demo-tokenization-key"

_KEY = re.compile(r"[A-Za-z0-9]{32}", re.ASCII)
_NO_VAULT = "NoVault"


class Caller(Struct, frozen=True, kw_only=True):
    """One authenticated merchant.

    Args:
        demo: it is the platform's own demo mode, which promises that every payment token but the demo words is paid.

    """

    demo: bool
    has_vault: bool


def caller(key: str | None) -> Caller:
    """Read a security key.

    Raises:
        GatewayFault: it is missing, or none.

    """
    if not key:
        raise GatewayFault("Authentication Failed")
    if key != DEMO_SECURITY_KEY and not _KEY.fullmatch(key):
        raise GatewayFault("Specified API key not found")
    return Caller(demo=key == DEMO_SECURITY_KEY, has_vault=not key.startswith(_NO_VAULT))
