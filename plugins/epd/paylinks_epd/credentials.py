"""What a merchant enters to have Easy Pay Direct charge for it: the same keys, from the same menus, as at NMI."""

from paylinks_nmi import NmiCredentials

__all__ = ["EpdCredentials"]


class EpdCredentials(NmiCredentials, frozen=True, kw_only=True, rename="camel"):
    """NMI's fields, with keys of the Easy Pay Direct Gateway; keys of EPD Commerce (``epd_live_…``) are no use here."""
