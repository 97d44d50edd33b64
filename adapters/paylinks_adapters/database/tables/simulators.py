"""The table of what simulators remember."""

from piccolo.columns import Text
from piccolo.table import Table

__all__ = ["SimulatorEntryTable"]


class SimulatorEntryTable(Table, tablename="simulator_entries"):
    """What simulators remember; the primary key in the database is space and name."""

    space = Text(primary_key=True)
    name = Text()
    value = Text()
