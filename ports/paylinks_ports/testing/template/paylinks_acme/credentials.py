"""What a merchant enters to have Acme charge for it."""

from paylinks_ports import Credentials, Secret

__all__ = ["AcmeCredentials"]


class AcmeCredentials(Credentials, frozen=True, kw_only=True, rename="camel"):
    """One key; the admin's form is made from these fields."""

    api_key: Secret
