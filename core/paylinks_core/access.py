"""Who may pay for what: a checkout token read into a brand and its claims, and tokens made for links."""

import hashlib
import hmac
from collections.abc import Mapping

import msgspec
from msgspec import Struct

from paylinks_ports.errors import InvalidToken
from paylinks_ports.records.checkouts import Checkout, Claims
from paylinks_ports.records.tenants import Brand
from paylinks_ports.storage import SIGNING_SECRET, Reading

from .claims import check_texts, read_claims
from .errors import InvalidClaims
from .parts import Parts

__all__ = ["Access", "check_currency", "issue_token", "read_token"]


class Access(Struct, frozen=True, kw_only=True):
    """A proven right to pay for, or to act on, one order of one brand.

    Args:
        issued_at: the token's `iat`, Unix seconds; None: it says none and supersedes nothing.
        expires_at: when the right ends, Unix milliseconds.

    """

    brand: Brand
    claims: Claims
    issued_at: int | None
    expires_at: int


async def read_token(parts: Parts, token: str) -> Access:
    """Verify a checkout token.

    The secret is the deployment's for brands of the default organization; a `kid` names a brand's API key, and then
    its own signing secret counts and the brand is the key's; or it names a brand, for the links we made ourselves.

    Raises:
        InvalidToken, ExpiredToken: it is not ours, or over.
        InvalidClaims: it is ours and claims nonsense.
        RawCardRefused: it is ours, and a card number stands in it.

    """
    key_id = parts.tokens.key_id(token)
    async with parts.units.reading() as rows:
        if key_id is None:
            raw = _verify(parts, token, parts.token_secret)
            brand = await _brand_of_default_organization(rows, raw.get("brandId"))
        elif key_id.startswith("brand_"):
            raw = _verify(parts, token, _link_secret(parts, key_id))
            brand = await rows.brands.get(key_id)
        else:
            key = await rows.api_keys.get(key_id)
            if key is None:
                raise InvalidToken("Invalid token")
            raw = _verify(parts, token, parts.vault.open(key.signing_secret, SIGNING_SECRET.context(key.id)))
            brand = await rows.brands.get(key.brand_id)
    if brand is None or raw.get("brandId") not in (None, brand.id):
        raise InvalidToken("Invalid token")
    issued_at, expires_at = raw.get("iat"), raw["exp"]
    return Access(
        brand=brand,
        claims=read_claims(raw),
        issued_at=int(issued_at) if isinstance(issued_at, int | float) else None,
        expires_at=int(msgspec.convert(expires_at, float, strict=False) * 1000),
    )


def check_currency(brand: Brand, claims: Claims) -> None:
    """Refuse a new order in a currency that the brand does not sell in; one that is open can still be completed.

    Raises:
        InvalidClaims: it is one.

    """
    allowed = brand.allowed_currencies
    if allowed and claims.currency not in allowed:
        raise InvalidClaims(f"currency: {claims.currency} is none of the brand's: {', '.join(allowed)}")


def _verify(parts: Parts, token: str, secret: str) -> Mapping[str, object]:
    """Give the claims of a token that is ours, once a database can be asked for what they name."""
    raw = parts.tokens.verify(token, secret)
    check_texts(raw)
    return raw


async def _brand_of_default_organization(rows: Reading, brand_id: object) -> Brand | None:
    first = await rows.brands.first()
    if first is None or brand_id is None or brand_id == first.id:
        return first
    brand = await rows.brands.get(str(brand_id))
    return brand if brand is not None and brand.organization_id == first.organization_id else None


def issue_token(parts: Parts, checkout: Checkout) -> str:
    """Write the token of a checkout's newest link."""
    claims: Mapping[str, object] = msgspec.to_builtins(checkout.claims)
    return parts.tokens.sign(
        {
            **claims,
            "brandId": checkout.brand_id,
            "iat": checkout.issued_at,
            "exp": checkout.expires_at // 1000,
        },
        _link_secret(parts, checkout.brand_id),
        key_id=checkout.brand_id,
    )


def _link_secret(parts: Parts, brand_id: str) -> str:
    """Derive the secret for links of one brand, so that a link works for brands of every organization."""
    return hmac.new(parts.token_secret.encode(), f"link:{brand_id}".encode(), hashlib.sha256).hexdigest()
