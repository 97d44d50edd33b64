"""Phone numbers for other systems: international, or left out; never guessed."""

import pytest

from paylinks_ports import international_phone


@pytest.mark.parametrize(
    ("phone", "country", "expected"),
    [
        ("+44 (0)20 7183-8750", "GB", "+442071838750"),
        ("0044 20 7183 8750", None, "+442071838750"),
        ("0044 20 7183 8750", "US", "+442071838750"),
        ("020 7183 8750", "GB", "+442071838750"),
        ("020 7183 8750", "US", None),
        ("020 7183 8750", None, None),
        ("1 (914) 844-0001", "CA", "+19148440001"),
        ("914.844.0001", "US", "+19148440001"),
        ("914.844.0001", "GB", None),
        ("+1---914---844---0001", None, "+19148440001"),
        ("+0123456789", "US", None),
        ("+49112", None, None),
        ("+15550132", None, None),
        ("+49" + "3" * 15, None, None),
        ("555-0132", "US", None),
        ("call me", "US", None),
        ("9" * 400, "US", None),
        ("", "US", None),
        (None, "US", None),
    ],
)
def test_international(phone: str | None, country: str | None, expected: str | None) -> None:
    """A number of the address's own country may go without its code."""
    assert international_phone(phone, country) == expected
