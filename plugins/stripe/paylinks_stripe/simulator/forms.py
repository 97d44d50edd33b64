"""Form bodies and query strings with nested keys: ``metadata[order_id]=1&expand[0]=latest_charge``."""

import re
from typing import TypeAlias
from urllib.parse import parse_qsl

from .faults import invalid

__all__ = ["Form", "parse"]

Form: TypeAlias = "str | dict[str, Form]"
"""A value as it was sent: text, or names and values; a list has numbers for names."""

_NAME = re.compile(r"(?P<first>[^\[\]]+)(?P<rest>(\[[^\[\]]*\])*)")


def parse(text: str) -> dict[str, Form]:
    """Read a form.

    Raises:
        StripeFault: a name is malformed, given twice, or both a value and a group.

    """
    form: dict[str, Form] = {}
    for name, value in parse_qsl(text, keep_blank_values=True):
        match = _NAME.fullmatch(name)
        if match is None:
            raise invalid(f"Invalid parameter name: {name}", param=name)
        path = [match["first"], *re.findall(r"\[([^\[\]]*)\]", match["rest"])]
        group = form
        for step in path[:-1]:
            inner = group.setdefault(step, {})
            if isinstance(inner, str):
                raise invalid(f"Invalid parameter: {name}", param=name)
            group = inner
        last = path[-1] or str(len(group))  # expand[]=a&expand[]=b
        if last in group:
            raise invalid(f"Parameter given twice: {name}", param=name)
        group[last] = value
    return form
