"""Sticky.io's errors as it writes them: HTTP 200, a code and a sentence."""

__all__ = ["TOO_BUSY", "StickyFault", "missing"]

TOO_BUSY = ("410", "API user: exceeded the number of requests per minute")
_REQUIRED = {
    "campaignId": "400",
    "creditCardType": "318",
    "email": "317",
    "firstName": "303",
    "ipAddress": "321",
    "lastName": "304",
    "offers": "602",
    "phone": "316",
    "previousOrderId": "331",
    "prospectId": "330",
    "shippingAddress1": "305",
    "shippingCity": "306",
    "shippingCountry": "309",
    "shippingId": "322",
    "shippingState": "307",
    "shippingZip": "308",
    "tranType": "339",
    "order_id": "350",
    "amount": "370",
    "keep_recurring": "371",
}


class StickyFault(Exception):
    """One error answer."""

    def __init__(self, code: str, message: str, **more: str) -> None:
        super().__init__(message)
        self.body = {"response_code": code, "error_found": "1", "error_message": message, **more}


def missing(name: str) -> StickyFault:
    """A required parameter is not there, or wrong; some have a code of their own."""
    return StickyFault(_REQUIRED.get(name, "303"), f"Invalid {name}")
