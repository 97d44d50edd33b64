"""Request bodies that work: the examples of the document, and what the collection sends.

A `{{name}}` is a variable, which an earlier answer of the collection has filled; in the document it has a value of
`vocabulary`.
"""

import json
import re
from collections.abc import Mapping
from typing import Any, Final

from .vocabulary import VALUES

__all__ = ["BODIES", "VARIABLES", "filled"]

Body = Mapping[str, Any]

VARIABLES: Final[Mapping[str, str]] = (
    {
        "run": "1001",
        "email": "ada@example.com",
        "adminEmail": "admin@example.com",
        "adminPassword": "paylinks-development",
        "password": "a horse on the moon",
        "oneTimeCode": "123456",
        "recoveryCode": "abcd-efgh-jkmn",
        "mailedToken": "mailed-token",
    }
    | {
        name: VALUES[name]
        for name in ("token", "orderId", "sessionId", "paymentIntentId", "cartId", "customerVaultId", "brandId")
    }
    | {"organizationId": VALUES["organizationId"], "paymentId": VALUES["paymentId"]}
)
"""Every variable of a body, and what stands for it in the document."""

_CUSTOMER = {"email": "ada@example.com", "firstName": "Ada", "lastName": "Lovelace", "phone": "+12025550123"}
_ADDRESS = {"line1": "1 Main Street", "city": "Springfield", "state": "IL", "postalCode": "62701", "country": "US"}
_ORDER = {"amount": 4999, "currency": "USD"}


def _direct(name: str, **more: Any) -> Body:  # noqa: ANN401 - JSON
    """Write the body of a provider's own call."""
    who = {"customer": _CUSTOMER, "billingAddress": _ADDRESS, "shippingAddress": _ADDRESS}
    return {"orderId": f"{name}-{{{{run}}}}", **_ORDER, **who, **more}


_STICKY = {"campaignId": "1", "offers": [{"offerId": "1", "productId": "1", "billingModelId": "1", "quantity": 1}]}
_ULTRACART_FIELDS = {"cvvToken": "cvv_example", "cardExpirationMonth": 12, "cardExpirationYear": 2040}

BODIES: Final[Mapping[tuple[str, str], Body]] = {
    ("post", "/api/token/generate"): {
        "orderId": "order-{{run}}",
        **_ORDER,
        "productName": "Blue shirt",
        "customer": _CUSTOMER,
        "shippingAddress": _ADDRESS,
        "expiresIn": 3600,
    },
    ("post", "/api/checkout/initialize"): {"token": "{{token}}", "provider": "stripe", "customer": _CUSTOMER},
    ("post", "/api/checkout/complete"): {"token": "{{token}}", "billingAddress": _ADDRESS},
    ("post", "/api/checkout/get-payment-token"): {"token": "{{token}}"},
    ("post", "/api/upsell/create-session"): {
        "orderId": "upsell-{{run}}",
        "originalOrderId": "{{orderId}}",
        "customerEmail": "ada@example.com",
        "provider": "stripe",
        "currency": "USD",
        "offers": [
            {"id": "socks", "name": "Socks", "price": 1999, "originalPrice": 2999},
            {"id": "cap", "name": "Cap", "price": 999},
        ],
    },
    ("post", "/api/upsell/accept"): {"sessionId": "{{sessionId}}", "offerId": "socks"},
    ("post", "/api/upsell/decline"): {"sessionId": "{{sessionId}}", "offerId": "cap"},
    ("post", "/api/providers/stripe/create-intent"): _direct("stripe"),
    ("post", "/api/providers/stripe/confirm"): _direct("stripe", paymentIntentId="{{paymentIntentId}}"),
    ("post", "/api/providers/nmi/process-payment"): _direct("nmi", paymentToken="tok_example", saveCard=True),
    ("post", "/api/providers/nmi/process-upsell"): _direct(
        "nmi-upsell", customerVaultId="{{customerVaultId}}", originalOrderId="nmi-{{run}}"
    ),
    ("post", "/api/providers/sticky/create-order"): _direct("sticky", **_STICKY),
    ("post", "/api/providers/sticky/process-payment"): _direct("sticky", **_STICKY, paymentToken="tok_example"),
    ("post", "/api/providers/konnektive/process-payment"): _direct(
        "konnektive", products=[{"productId": "1", "quantity": 1}], paymentToken="tok_example"
    ),
    ("post", "/api/providers/ultracart/create-cart"): _direct("ultracart", items=[{"itemId": "SHIRT", "quantity": 1}]),
    ("post", "/api/providers/ultracart/process-payment"): _direct(
        "ultracart", cartId="{{cartId}}", paymentToken="tok_example", **_ULTRACART_FIELDS
    ),
    ("post", "/api/providers/epd/process-payment"): _direct("epd", paymentToken="tok_example", saveCard=True),
    ("post", "/api/providers/shopify/create-checkout"): _direct("shopify", lines=[{"variantId": "1", "quantity": 1}]),
    ("post", "/api/auth/register"): {
        "name": "Ada Lovelace",
        "email": "{{email}}",
        "password": "{{password}}",
        "orgName": "Ada's shop {{run}}",
    },
    ("post", "/api/auth/magic-link"): {"email": "{{email}}"},
    ("post", "/api/auth/password/reset"): {"email": "{{email}}"},
    ("post", "/api/auth/password/reset/confirm"): {"token": "{{mailedToken}}", "password": "{{password}}"},
    ("post", "/api/auth/invitation/accept"): {"token": "{{mailedToken}}", "password": "{{password}}"},
    ("post", "/api/auth/password"): {"currentPassword": "{{password}}", "newPassword": "two horses on the moon"},
    ("post", "/api/auth/reauthenticate"): {"password": "{{password}}"},
    ("post", "/api/auth/2fa/confirm"): {"code": "{{oneTimeCode}}"},
    ("post", "/api/auth/2fa/verify"): {"recoveryCode": "{{recoveryCode}}"},
    ("delete", "/api/auth/2fa"): {"code": "{{recoveryCode}}"},
    ("post", "/api/admin/auth"): {"email": "{{adminEmail}}", "password": "{{adminPassword}}"},
    ("post", "/api/admin/auth/switch-org"): {"organizationId": "{{organizationId}}"},
    ("post", "/api/admin/auth/switch-brand"): {"brandId": "{{brandId}}"},
    ("post", "/api/admin/users"): {
        "email": "grace-{{run}}@example.com",
        "name": "Grace Hopper",
        "role": "admin",
        "password": "{{password}}",
    },
    ("put", "/api/admin/users/{userId}"): {"name": "Grace Brewster Hopper"},
    ("post", "/api/admin/organizations"): {"name": "Second shop {{run}}"},
    ("post", "/api/admin/brands"): {"name": "Second brand {{run}}", "test": True},
    ("put", "/api/admin/brands/{brandId}"): {"allowedOrigins": ["https://shop.example.com"]},
    ("post", "/api/admin/settings"): {"provider": "stripe", "enabled": True, "priority": 10},
    ("post", "/api/admin/settings/test"): {"provider": "stripe"},
    **{
        ("put", f"/api/admin/{name}/lists"): {"mappings": {"list-1": "Newsletter"}}
        for name in ("klaviyo", "maropost", "attentive")
    },
    ("post", "/api/admin/domains"): {"domain": "pay-{{run}}.example.com"},
    ("put", "/api/admin/domains/{domain}"): {"primary": True},
    ("post", "/api/admin/webhooks"): {
        "url": "http://127.0.0.1:9/webhooks",
        "events": ["checkout.completed", "refund.succeeded"],
        "description": "The shop's back office",
    },
    ("put", "/api/admin/webhooks/{webhookId}"): {"events": ["*"], "enabled": True},
    ("post", "/api/admin/api-keys"): {"name": "Shop server", "mode": "test"},
    ("post", "/api/admin/salespeople"): {
        "email": "sam-{{run}}@example.com",
        "name": "Sam Seller",
        "password": "{{password}}",
        "commissionRate": 0.1,
        "brandId": "{{brandId}}",
    },
    ("put", "/api/admin/salespeople/{salespersonId}"): {"commissionRate": 0.15},
    ("post", "/api/salesperson/auth"): {"email": "sam-{{run}}@example.com", "password": "{{password}}"},
    ("post", "/api/salesperson/links"): {"orderId": "sale-{{run}}", **_ORDER, "productName": "Blue shirt"},
    ("post", "/api/admin/orders/{orderId}/refund"): {"amount": 1000, "reason": "Returned"},
    ("post", "/api/admin/orders/{orderId}/resolve"): {
        "outcome": "charged",
        "note": "The provider's own desk shows the charge",
        "paymentId": "{{paymentId}}",
    },
}
"""By method and path."""

_VARIABLE = re.compile(r"\{\{(\w+)\}\}")


def filled(body: Body) -> Any:  # noqa: ANN401 - JSON
    """Put values in place of variables, for the document."""
    return json.loads(_VARIABLE.sub(lambda found: VARIABLES[found[1]], json.dumps(body)))
