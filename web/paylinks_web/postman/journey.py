"""In which order the collection goes through the API, what each call must answer, and what later calls take from it."""

from collections.abc import Mapping
from typing import Any, Final

from msgspec import Struct

from .scripts import NEXT_RECOVERY_CODE, ONE_TIME_CODE

__all__ = ["JOURNEY", "Step"]


class Step(Struct, frozen=True, kw_only=True):
    """One call.

    Args:
        call: method and path, as the document spells them.
        statuses: what it must answer; none: whatever the document tells.
        keeps: names of variables, and where their values stand in the answer.
        before: what to do first, in JavaScript.
        name: where the same call stands twice.
        body: in place of the one the document shows.

    """

    call: str
    statuses: tuple[int, ...] = ()
    keeps: Mapping[str, str] = {}
    before: tuple[str, ...] = ()
    name: str | None = None
    body: Mapping[str, Any] | None = None


def _get(path: str, *statuses: int, **keeps: str) -> Step:
    return Step(call=f"get {path}", statuses=statuses or (200,), keeps=keeps)


def _post(path: str, *statuses: int, **keeps: str) -> Step:
    return Step(call=f"post {path}", statuses=statuses or (200,), keeps=keeps)


_SIGN_IN = "post /api/admin/auth"
_PLACES = {"organizationId": "answer.data.session.organizationId", "brandId": "answer.data.session.brandId"}

JOURNEY: Final[tuple[Step, ...]] = (
    _post("/api/token/generate", 201, token="answer.data.token", orderId="answer.data.orderId"),  # noqa: S106 - a place
    _post("/api/checkout/initialize"),
    _post("/api/checkout/complete"),
    _post("/api/checkout/get-payment-token"),
    _post("/api/upsell/create-session", 201, sessionId="answer.data.sessionId"),
    _get("/api/upsell/session/{sessionId}"),
    _post("/api/upsell/accept"),
    _post("/api/upsell/decline"),
    _post("/api/providers/stripe/create-intent", paymentIntentId="answer.data.paymentIntentId"),
    _post("/api/providers/stripe/confirm"),
    _post("/api/providers/nmi/process-payment", customerVaultId="answer.data.customerVaultId"),
    _post("/api/providers/nmi/process-upsell"),
    _post("/api/providers/sticky/create-order"),
    _post("/api/providers/sticky/process-payment"),
    _post("/api/providers/konnektive/process-payment"),
    _post("/api/providers/ultracart/create-cart", cartId="answer.data.cartId"),
    _post("/api/providers/ultracart/process-payment"),
    _post("/api/providers/epd/process-payment"),
    _post("/api/providers/shopify/create-checkout"),
    _post("/api/auth/register", 201),
    _get("/api/auth/2fa/setup", secret="answer.data.secret"),  # noqa: S106 - a place
    Step(
        call="post /api/auth/2fa/confirm",
        statuses=(200,),
        before=ONE_TIME_CODE,
        keeps={"recoveryCode": "answer.data.recoveryCodes[0]", "nextRecoveryCode": "answer.data.recoveryCodes[1]"},
    ),
    Step(
        call=_SIGN_IN,
        name="Sign in, before the second factor",
        statuses=(200,),
        body={"email": "{{email}}", "password": "{{password}}"},
    ),
    _post("/api/auth/2fa/verify"),
    Step(call="delete /api/auth/2fa", statuses=(200,), before=NEXT_RECOVERY_CODE),
    _post("/api/auth/reauthenticate"),
    _post("/api/auth/password"),
    _post("/api/auth/magic-link"),
    _get("/api/auth/magic-link/verify", 302),
    _post("/api/auth/password/reset"),
    _post("/api/auth/password/reset/confirm", 200, 401),
    _post("/api/auth/invitation/accept", 200, 401),
    _get("/api/auth/google", 302, 503),
    _get("/api/auth/google/callback", 302, 503),
    _get("/api/auth/facebook", 302, 503),
    _get("/api/auth/facebook/callback", 302, 503),
    Step(call=_SIGN_IN, statuses=(200,), keeps=_PLACES),
    _get("/api/admin/auth"),
    Step(call="delete /api/admin/auth", statuses=(200,)),
    Step(call=_SIGN_IN, name="Sign in once more", statuses=(200,)),
    _post("/api/admin/auth/switch-org"),
    _post("/api/admin/auth/switch-brand"),
    _get("/api/admin/users"),
    _post("/api/admin/users", 201, userId="answer.data.id"),
    _get("/api/admin/users/{userId}"),
    Step(call="put /api/admin/users/{userId}", statuses=(200,)),
    Step(call="delete /api/admin/users/{userId}", statuses=(200,)),
    _get("/api/admin/organizations"),
    _post("/api/admin/organizations", 201),
    _get("/api/admin/brands"),
    _post("/api/admin/brands", 201),
    Step(call="put /api/admin/brands/{brandId}", statuses=(200,)),
    _get("/api/admin/api-keys"),
    _post("/api/admin/api-keys", 201, keyId="answer.data.id"),
    Step(call="delete /api/admin/api-keys/{keyId}", statuses=(200,)),
    _get("/api/admin/settings"),
    _post("/api/admin/settings"),
    _post("/api/admin/settings/test", 200, 409),
    _get("/api/admin/webhooks"),
    _post("/api/admin/webhooks", 201, webhookId="answer.data.id"),
    Step(call="put /api/admin/webhooks/{webhookId}", statuses=(200,)),
    _post("/api/admin/webhooks/{webhookId}/rotate-secret"),
    _post("/api/admin/webhooks/{webhookId}/test", deliveryId="answer.data.id"),
    _get("/api/admin/webhooks/{webhookId}/deliveries"),
    _get("/api/admin/webhooks/deliveries/{deliveryId}"),
    _post("/api/admin/webhooks/{webhookId}/retry"),
    _post("/api/admin/webhooks/deliveries/{deliveryId}/retry"),
    Step(call="delete /api/admin/webhooks/{webhookId}", statuses=(200,)),
    _get("/api/admin/domains"),
    _post("/api/admin/domains", 201, domain="answer.data.domain"),
    _post("/api/admin/domains/{domain}/verify"),
    Step(call="delete /api/admin/domains/{domain}", statuses=(200,)),
    *(_get(f"/api/admin/{name}/lists", 200, 409) for name in ("klaviyo", "maropost", "attentive")),
    _get("/api/admin/orders"),
    _get("/api/admin/orders/{orderId}", paymentId="answer.data.payments[0].paymentId"),
    _post("/api/admin/orders/{orderId}/refund"),
    _post("/api/admin/orders/{orderId}/resolve", 200, 409),
    _get("/api/admin/inbox"),
    _get("/api/admin/audit-log"),
    _get("/api/admin/salespeople"),
    _post("/api/admin/salespeople", 201, salespersonId="answer.data.id"),
    Step(call="put /api/admin/salespeople/{salespersonId}", statuses=(200,)),
    _post("/api/salesperson/auth"),
    _get("/api/salesperson/auth"),
    _post("/api/salesperson/links", 201),
    _get("/api/salesperson/links"),
    _get("/api/salesperson/commissions"),
    Step(call="delete /api/salesperson/auth", statuses=(200,)),
    *(
        _post(f"/api/webhooks/{name}", 200, 401)
        for name in ("stripe", "sticky", "shopify", "konnektive", "nmi", "ultracart")
    ),
    _get("/health"),
    _get("/health/ready"),
)
"""Every call that is not named here comes last in the folder of its tag.

Providers' webhooks are refused until the brand has entered the provider's webhook secret.
"""
