"""Texts that no database can keep are found and named, without one of them in the name."""

import pytest

from paylinks_core.texts import find_unfit


@pytest.mark.parametrize(
    ("value", "path"),
    [
        ({"a": "x", "b": [1, None, True, 1.5, "\u00e9\U0001f600"]}, None),
        ("\0", "body"),
        ({"a": {"b": ["x", "\ud800"]}}, "a.b[1]"),
        ([{"a": "\udfff"}], "[0].a"),
        ({"a": {"\0": 1}}, "a"),
        ({"\ud800": 1}, "body"),
    ],
)
def test_finds_what_can_not_be_kept(value: object, path: str | None) -> None:
    """NUL and half of a pair, in values and keys, however deep."""
    assert find_unfit(value, "body") == path


def test_depth_is_no_matter() -> None:
    """A body may be nested as deeply as its decoder allows."""
    value: object = "\0"
    for _ in range(10_000):
        value = [value]

    assert find_unfit(value, "body") == "[0]" * 10_000
