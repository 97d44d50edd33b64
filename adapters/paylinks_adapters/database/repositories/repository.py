"""What all repositories stand on."""

from ..sessions import Session

__all__ = ["Repository"]


class Repository:
    """One kind of row, as one session sees it."""

    def __init__(self, session: Session) -> None:
        self._session = session
