"""What the verbs stand on: the ports, and the few settings of a deployment that they need."""

from collections.abc import Mapping
from typing import Any

from msgspec import Struct, field

from paylinks_ports.marketing import MarketingIntegration
from paylinks_ports.providers import PaymentProvider
from paylinks_ports.services import Accounts, Clock, Ids, MarketingAccounts, Resolver, Tokens, Vault
from paylinks_ports.storage import Units

__all__ = ["Parts"]


class Parts(Struct, frozen=True, kw_only=True):
    """Passed to every verb; `web` makes the real one, tests make one of fakes.

    Args:
        providers: the installed and enabled payment plugins, by name.
        integrations: the installed and enabled marketing plugins, by name; `marketing` opens accounts at these.
        token_secret: signs checkout tokens of the default organization's brands.
        base_url: where the deployment is reached, without a slash at its end.
        raw_cards: providers that may be given a raw card outside demo mode, by the operator's word.
        demo_everywhere: any brand may use demo mode; otherwise only test brands.
        webhook_secret: signs deliveries to the own addresses of the default brand's checkouts; None: a derived one.

    """

    units: Units
    clock: Clock
    ids: Ids
    tokens: Tokens
    vault: Vault
    accounts: Accounts
    providers: Mapping[str, PaymentProvider[Any]]
    token_secret: str
    base_url: str
    demo_everywhere: bool
    raw_cards: frozenset[str] = frozenset()
    webhook_secret: str | None = None
    integrations: Mapping[str, MarketingIntegration[Any]] = field(default_factory=dict)
    marketing: MarketingAccounts | None = None
    resolver: Resolver | None = None
