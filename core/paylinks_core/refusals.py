"""What all noes of the verbs have in common."""

from typing import ClassVar

from paylinks_ports.errors import PaylinksError

__all__ = ["Refusal"]


class Refusal(PaylinksError):
    """A verb says no; nothing was changed by the call."""

    code: ClassVar[str]
    sentence: ClassVar[str]

    def __init__(self, details: str | None = None, *, sentence: str | None = None) -> None:
        super().__init__(sentence or self.sentence, details=details)
