"""The table of what brands have chosen for plugins."""

from piccolo.columns import JSON, BigInt, Boolean, Text, Varchar
from piccolo.table import Table

__all__ = ["PluginSettingTable"]


class PluginSettingTable(Table, tablename="plugin_settings"):
    """What brands have chosen for plugins; the primary key in the database is brand and plugin."""

    brand_id = Varchar(primary_key=True)
    plugin = Varchar()
    enabled = Boolean()
    priority = BigInt()
    credentials = Text(null=True)
    options = Text(null=True)
    list_ids = JSON()
    list_names = JSON()
    updated_at = BigInt()
    version = BigInt()
