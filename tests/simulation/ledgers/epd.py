"""Easy Pay Direct's books, which are NMI's."""

from .nmi import LEDGER

__all__ = ["LEDGER"]
