"""What a merchant enters to have Acme charge for it."""

from msgspec import Struct

from paylinks_ports import Secret

__all__ = ["AcmeCredentials"]


class AcmeCredentials(Struct, frozen=True, kw_only=True, rename="camel"):
    """One key; the admin's form is made from these fields."""

    api_key: Secret

    def __repr__(self) -> str:
        """Show no secret, wherever a traceback or a log line shows this."""
        return "AcmeCredentials(…)"
