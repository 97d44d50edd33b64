"""Maropost's errors; of their bodies no document tells, these are the forms that its clients have met."""

__all__ = ["MaropostFault", "absent", "invalid"]


class MaropostFault(Exception):
    """One error answer."""

    def __init__(self, status: int, body: dict[str, object], *, told_in_body: bool = False) -> None:
        super().__init__(status)
        self.status = 200 if told_in_body else status
        self.body = body | {"status": status} if told_in_body else body


def invalid(sentence: str) -> MaropostFault:
    """Something in the call is wrong."""
    return MaropostFault(422, {"base": [sentence]})


def absent(sentence: str) -> MaropostFault:
    """What was looked for is not there: Maropost answers 200, and tells it in the body."""
    return MaropostFault(404, {"message": sentence}, told_in_body=True)
