"""A bar chart of the last days, as the numbers that a template draws in SVG."""

from collections.abc import Sequence

from msgspec import Struct

from paylinks_core.figures import Day

__all__ = ["Bar", "Chart", "draw"]

_WIDTH, _HEIGHT = 560, 160
_GAP = 8
_ROOM = 4  # above the highest bar


class Bar(Struct, frozen=True, kw_only=True):
    """One day's bar, in the chart's own units."""

    day: Day
    x: float
    y: float
    width: float
    height: float


class Chart(Struct, frozen=True, kw_only=True):
    """A chart; `most` is what a bar of full height stands for."""

    width: int
    height: int
    most: int
    total: int
    bars: tuple[Bar, ...]


def draw(days: Sequence[Day]) -> Chart:
    """Give every day a bar; a day without any has one of no height."""
    most = max((one.paid for one in days), default=0)
    room = _WIDTH / max(len(days), 1)
    bars = []
    for number, day in enumerate(days):
        height = round((_HEIGHT - _ROOM) * day.paid / most, 1) if most else 0.0
        x, y = round(number * room + _GAP / 2, 1), round(_HEIGHT - height, 1)
        bars.append(Bar(day=day, x=x, y=y, width=round(room - _GAP, 1), height=height))
    return Chart(width=_WIDTH, height=_HEIGHT, most=most, total=sum(one.paid for one in days), bars=tuple(bars))
