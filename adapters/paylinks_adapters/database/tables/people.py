"""The tables of people, their memberships and their accounts at sign-in providers."""

from piccolo.columns import JSON, BigInt, Boolean, Text, Varchar
from piccolo.table import Table

__all__ = ["IdentityTable", "MembershipTable", "UserTable"]


class UserTable(Table, tablename="users"):
    """People."""

    id = Varchar(primary_key=True)
    email = Text()
    name = Text()
    email_verified = Boolean()
    password_hash = Text(null=True)
    second_factor = Text(null=True)
    second_factor_enabled = Boolean()
    second_factor_step = BigInt()
    second_factor_misses = BigInt()
    created_at = BigInt()
    updated_at = BigInt()
    version = BigInt()


class MembershipTable(Table, tablename="memberships"):
    """Who belongs to which organization."""

    id = Varchar(primary_key=True)
    user_id = Varchar()
    organization_id = Varchar()
    email = Text()
    name = Text()
    role = Text()
    brand_ids = JSON()
    accepted_at = BigInt(null=True)
    created_at = BigInt()
    version = BigInt()
    searched = Text()


class IdentityTable(Table, tablename="identities"):
    """Accounts at sign-in providers."""

    provider = Varchar(primary_key=True)
    subject = Text()
    user_id = Varchar()
    created_at = BigInt()
