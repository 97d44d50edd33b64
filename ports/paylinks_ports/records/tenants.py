"""Organizations, their brands, and the keys that a brand's own servers call with."""

from typing import Literal

from msgspec import Struct, field

__all__ = ["ApiKey", "Brand", "Organization"]


class Organization(Struct, frozen=True, kw_only=True):
    """A tenant: everything belongs to one, and nothing crosses."""

    id: str
    name: str
    slug: str
    created_at: int


class Brand(Struct, frozen=True, kw_only=True):
    """A shop of an organization; what customers see, and what providers and orders hang on.

    Args:
        allowed_origins: origins whose pages may call checkout and upsell endpoints.
        default_provider: chosen where a checkout names none.
        routes_payments: after a proven failure the next of its providers may be tried, by their priority.
        allowed_currencies: those that its orders may have; none named: all.
        theme: how its pages look, by the names that the pages know.
        test: may use demo mode in production.

    """

    id: str
    organization_id: str
    name: str
    slug: str
    allowed_origins: tuple[str, ...] = ()
    default_provider: str | None = None
    routes_payments: bool = False
    allowed_currencies: tuple[str, ...] = ()
    theme: dict[str, str] = field(default_factory=dict)
    test: bool = False
    created_at: int


class ApiKey(Struct, frozen=True, kw_only=True):
    """A brand's API key: only its SHA-256 is kept; its signing secret is sealed.

    Args:
        prefix: the key's first characters, to recognize it by.
        key_hash: hex SHA-256 of the whole key.
        signing_secret: sealed; signs checkout tokens that name the key as `kid`.
        scopes: the permissions it has; none named: all that a key can have.
        last_used_at: within a minute.

    """

    id: str
    brand_id: str
    name: str
    mode: Literal["live", "test"]
    prefix: str
    key_hash: str
    signing_secret: str
    scopes: tuple[str, ...] = ()
    last_used_at: int | None = None
    created_at: int
