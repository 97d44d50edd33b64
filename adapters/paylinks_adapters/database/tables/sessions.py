"""The tables of sessions and of tokens that work once."""

from piccolo.columns import JSON, BigInt, Boolean, Text, Varchar
from piccolo.table import Table

__all__ = ["LoginTokenTable", "SessionTable"]


class SessionTable(Table, tablename="sessions"):
    """Who is signed in."""

    id = Varchar(primary_key=True)
    kind = Text()
    person_id = Varchar()
    organization_id = Varchar()
    brand_id = Varchar(null=True)
    pending = Boolean()
    tries = BigInt()
    proved_at = BigInt()
    used_at = BigInt()
    expires_at = BigInt()
    created_at = BigInt()
    version = BigInt()


class LoginTokenTable(Table, tablename="login_tokens"):
    """Secrets that work once."""

    id = Varchar(primary_key=True)
    purpose = Text()
    user_id = Varchar(null=True)
    data = JSON()
    expires_at = BigInt()
    created_at = BigInt()
