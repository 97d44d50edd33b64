"""The tables of organizations, their brands, and the brands' API keys."""

from piccolo.columns import JSON, BigInt, Boolean, Text, Varchar
from piccolo.table import Table

__all__ = ["ApiKeyTable", "BrandTable", "OrganizationTable"]


class OrganizationTable(Table, tablename="organizations"):
    """Tenants."""

    id = Varchar(primary_key=True)
    name = Text()
    slug = Text()
    created_at = BigInt()


class BrandTable(Table, tablename="brands"):
    """Shops."""

    id = Varchar(primary_key=True)
    organization_id = Varchar()
    name = Text()
    slug = Text()
    allowed_origins = JSON()
    default_provider = Text(null=True)
    routes_payments = Boolean()
    allowed_currencies = JSON()
    theme = JSON()
    test = Boolean()
    created_at = BigInt()


class ApiKeyTable(Table, tablename="api_keys"):
    """Keys of brands' servers."""

    id = Varchar(primary_key=True)
    brand_id = Varchar()
    name = Text()
    mode = Text()
    prefix = Text()
    key_hash = Text()
    signing_secret = Text()
    scopes = JSON()
    last_used_at = BigInt(null=True)
    created_at = BigInt()
