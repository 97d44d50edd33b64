"""What every route works with; the one dependency that is injected."""

from msgspec import Struct

from paylinks_core.entrance import Entrance
from paylinks_core.parts import Parts

from ..guards import Guards
from ..house import House

__all__ = ["Desk"]


class Desk(Struct, frozen=True, kw_only=True):
    """The parts that verbs take, those of signing in, and the guards at the doors."""

    house: House
    parts: Parts
    entrance: Entrance
    guards: Guards
