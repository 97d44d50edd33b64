"""Salespeople: they make pay links for a brand and earn a part of what is paid by them."""

from typing import Literal, TypeAlias

from msgspec import Struct

__all__ = ["RATE_UNIT", "Salesperson", "SalespersonStatus"]

SalespersonStatus: TypeAlias = Literal["active", "inactive"]

RATE_UNIT = 1_000_000
"""Commission rates are kept in millionths, so that no part of money is ever a float."""


class Salesperson(Struct, frozen=True, kw_only=True):
    """One salesperson of one brand.

    Args:
        email: in one form for all its spellings; nobody else's in the brand.
        commission_rate: in millionths of what is paid.
        version: rises with every change; `replace` compares it.

    """

    id: str
    brand_id: str
    email: str
    name: str
    password_hash: str
    commission_rate: int = 0
    status: SalespersonStatus = "active"
    created_at: int
    version: int = 1
