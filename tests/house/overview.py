"""The published overview's 59 endpoints, each with the test that proves it; as a script it writes docs/overview.md.

.venv/bin/python -m tests.house.overview
"""

import sys
import tempfile
from pathlib import Path
from typing import Any, NamedTuple

from paylinks_web.app import App, create_app
from paylinks_web.config import read_config
from paylinks_web.openapi import describe

__all__ = ["ENDPOINTS", "PAGE", "ROOT", "Endpoint", "application", "table"]

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs/overview.md"
_TESTS = "tests/integration/test_"


class Endpoint(NamedTuple):
    """One endpoint as the overview spells it, and the test that proves it."""

    category: str
    method: str
    spelling: str
    proof: str

    @property
    def path(self) -> str:
        """As the document spells it."""
        return self.spelling.replace("[id]", "{sessionId}")


def _rows(category: str, *rows: tuple[str, str, str]) -> list[Endpoint]:
    return [Endpoint(category, method, path, _proof(proof)) for method, path, proof in rows]


def _proof(proof: str) -> str:
    return proof if proof.startswith("plugins/") else f"{_TESTS}{proof}"


_OWN = "every_provider.py::test_its_own_operations"
_VAULTED = "every_provider.py::test_a_vaulted_card_is_charged_for_its_own_order_only"
_WEBHOOK = "plugins/{}/tests/test_webhooks.py::{}"

ENDPOINTS: tuple[Endpoint, ...] = (
    *_rows(
        "Core Checkout",
        ("POST", "/api/checkout/initialize", "every_provider.py::test_paid"),
        ("POST", "/api/checkout/complete", "every_provider.py::test_paid"),
        ("POST", "/api/checkout/get-payment-token", "contract.py::test_limits_are_shown_and_kept"),
        ("POST", "/api/token/generate", "contract.py::test_a_cart_sums_up"),
    ),
    *_rows(
        "Upsell Flow",
        ("POST", "/api/upsell/create-session", "every_provider.py::test_upsells"),
        ("POST", "/api/upsell/accept", "every_provider.py::test_upsells"),
        ("POST", "/api/upsell/decline", "every_provider.py::test_upsells"),
        ("GET", "/api/upsell/session/[id]", "every_provider.py::test_upsells"),
    ),
    *_rows(
        "Payment Providers",
        ("POST", "/api/providers/stripe/create-intent", "demo_mode.py::test_stripe_in_its_own_words"),
        ("POST", "/api/providers/stripe/confirm", "demo_mode.py::test_stripe_in_its_own_words"),
        ("POST", "/api/providers/nmi/process-payment", _OWN),
        ("POST", "/api/providers/nmi/process-upsell", _VAULTED),
        ("POST", "/api/providers/sticky/create-order", _OWN),
        ("POST", "/api/providers/sticky/process-payment", _OWN),
        ("POST", "/api/providers/konnektive/process-payment", _OWN),
        ("POST", "/api/providers/ultracart/create-cart", _OWN),
        ("POST", "/api/providers/ultracart/process-payment", _OWN),
        ("POST", "/api/providers/epd/process-payment", _OWN),
        ("POST", "/api/providers/shopify/create-checkout", _OWN),
    ),
    *_rows(
        "User Authentication",
        ("POST", "/api/auth/register", "sign_in.py::test_registering"),
        ("POST", "/api/auth/magic-link", "sign_in.py::test_a_magic_link_works_once"),
        ("GET", "/api/auth/magic-link/verify", "sign_in.py::test_a_magic_link_works_once"),
        ("GET", "/api/auth/google", "oauth.py::test_a_newcomer_signs_in_with_google_and_comes_again"),
        ("GET", "/api/auth/facebook", "oauth.py::test_facebook"),
        ("GET", "/api/auth/2fa/setup", "second_factor.py::test_a_sign_in_is_completed_with_a_code_once"),
        ("POST", "/api/auth/2fa/confirm", "second_factor.py::test_a_sign_in_is_completed_with_a_code_once"),
        ("POST", "/api/auth/2fa/verify", "second_factor.py::test_a_sign_in_is_completed_with_a_code_once"),
    ),
    *_rows(
        "Admin Authentication",
        ("POST", "/api/admin/auth", "sign_in.py::test_the_seeded_owner_signs_in_and_out"),
        ("GET", "/api/admin/auth", "sign_in.py::test_the_seeded_owner_signs_in_and_out"),
        ("DELETE", "/api/admin/auth", "sign_in.py::test_the_seeded_owner_signs_in_and_out"),
        ("POST", "/api/admin/auth/switch-org", "members.py::test_another_organization_is_made_and_owned"),
        ("POST", "/api/admin/auth/switch-brand", "members.py::test_a_member_sees_the_brands_it_is_given"),
    ),
    *_rows(
        "User & Organization Management",
        ("GET", "/api/admin/users", "members.py::test_an_invitation_is_mailed_and_accepted"),
        ("POST", "/api/admin/users", "members.py::test_an_invitation_is_mailed_and_accepted"),
        ("GET", "/api/admin/organizations", "members.py::test_short_lists_are_read_in_parts_too"),
        ("POST", "/api/admin/organizations", "members.py::test_another_organization_is_made_and_owned"),
        ("GET", "/api/admin/brands", "members.py::test_a_member_sees_the_brands_it_is_given"),
        ("POST", "/api/admin/brands", "members.py::test_a_member_sees_the_brands_it_is_given"),
    ),
    *_rows(
        "Settings & Configuration",
        ("GET", "/api/admin/settings", "settings.py::test_credentials_are_entered_in_parts_and_masked"),
        ("POST", "/api/admin/settings", "settings.py::test_credentials_are_entered_in_parts_and_masked"),
        ("GET", "/api/admin/webhooks", "webhooks.py::test_endpoints_are_made_changed_and_deleted"),
        ("POST", "/api/admin/webhooks", "webhooks.py::test_endpoints_are_made_changed_and_deleted"),
        ("GET", "/api/admin/domains", "domains.py::test_a_domain_is_claimed_and_verified"),
        ("POST", "/api/admin/domains", "domains.py::test_a_domain_is_claimed_and_verified"),
    ),
    *_rows(
        "Marketing Integrations",
        ("GET", "/api/admin/klaviyo/lists", "marketing.py::test_lists_have_the_brands_names"),
        ("PUT", "/api/admin/klaviyo/lists", "marketing.py::test_lists_have_the_brands_names"),
        ("GET", "/api/admin/maropost/lists", "marketing.py::test_lists_have_the_brands_names"),
        ("PUT", "/api/admin/maropost/lists", "marketing.py::test_lists_have_the_brands_names"),
        ("GET", "/api/admin/attentive/lists", "marketing.py::test_lists_have_the_brands_names"),
        ("PUT", "/api/admin/attentive/lists", "marketing.py::test_lists_have_the_brands_names"),
    ),
    *_rows(
        "Salesperson Portal",
        ("POST", "/api/salesperson/auth", "salespeople.py::test_signing_in_and_out"),
        ("GET", "/api/salesperson/auth", "salespeople.py::test_signing_in_and_out"),
        ("DELETE", "/api/salesperson/auth", "salespeople.py::test_signing_in_and_out"),
    ),
    *_rows(
        "Incoming Webhooks",
        ("POST", "/api/webhooks/stripe", _WEBHOOK.format("stripe", "test_a_signed_event_passes")),
        ("POST", "/api/webhooks/sticky", _WEBHOOK.format("sticky", "test_read")),
        ("POST", "/api/webhooks/shopify", _WEBHOOK.format("shopify", "test_signature")),
        ("POST", "/api/webhooks/konnektive", _WEBHOOK.format("konnektive", "test_read")),
        ("POST", "/api/webhooks/nmi", _WEBHOOK.format("nmi", "test_signature")),
        ("POST", "/api/webhooks/ultracart", _WEBHOOK.format("ultracart", "test_password")),
    ),
)


def application() -> App:
    """Make the application, which nothing is asked of but what it has."""
    with tempfile.TemporaryDirectory() as folder:
        return create_app(read_config({"PAYLINKS_DATA_DIR": folder}), reconcile=False)


def table(document: Any) -> str:  # noqa: ANN401 - JSON
    """Write the page."""
    lines = [
        "# The overview, endpoint by endpoint",
        "",
        "Every endpoint of the published overview as the running application tells it, and the test that proves it.",
        "Written by `.venv/bin/python -m tests.house.overview`; a test fails where it and the application differ.",
    ]
    category = ""
    for one in ENDPOINTS:
        if one.category != category:
            category = one.category
            lines += ["", f"## {category}", "", "| Method | Endpoint | What it does | Proven by |", "|---|---|---|---|"]
        told = document["paths"][one.path][one.method.lower()]["summary"]
        lines.append(f"| {one.method} | `{one.spelling}` | {told} | `{one.proof}` |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.stdout.write(f"{PAGE.write_text(table(describe(application())))} characters\n")
