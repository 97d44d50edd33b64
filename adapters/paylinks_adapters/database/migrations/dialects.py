"""One text of DDL for both dialects."""

import re
from typing import Literal, TypeAlias

__all__ = ["Dialect", "statements_of"]

Dialect: TypeAlias = Literal["sqlite", "postgres"]


def statements_of(tables: str, dialect: Dialect) -> list[str]:
    """Part a text at its semicolons; text sorts by its code points in both dialects, whatever the server's language."""
    if dialect == "postgres":
        tables = re.sub(r"(VARCHAR\(64\)|TEXT)", r'\1 COLLATE "C"', tables)
    return [statement.strip() for statement in tables.split(";") if statement.strip()]
