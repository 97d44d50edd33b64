"""What brands have chosen for plugins, in memory."""

from msgspec.structs import replace

from paylinks_ports.errors import Conflict
from paylinks_ports.records.settings import PluginSetting

from .tables import Repository

__all__ = ["PluginSettings"]


class PluginSettings(Repository):
    """What brands have chosen for plugins."""

    async def get(self, brand_id: str, plugin: str) -> PluginSetting | None:
        """Find one."""
        return self._view.rows.plugin_settings.get((brand_id, plugin))

    async def of_brand(self, brand_id: str) -> tuple[PluginSetting, ...]:
        """List a brand's, by plugin name."""
        settings = (one for one in self._view.rows.plugin_settings.values() if one.brand_id == brand_id)
        return tuple(sorted(settings, key=lambda setting: setting.plugin))

    async def put(self, setting: PluginSetting) -> None:
        """Add it, or replace the one of the same brand and plugin, whatever that is now."""
        tables, key = self._view.changing, (setting.brand_id, setting.plugin)
        self._view.need(holds=setting.brand_id in tables.brands)
        known = tables.plugin_settings.get(key)
        tables.plugin_settings[key] = replace(setting, version=known.version + 1) if known else setting

    async def replace(self, was: PluginSetting | None, now: PluginSetting) -> PluginSetting:
        """Change it if it is still `was` (by version; None: still absent), and give it back; else `Conflict`."""
        tables, key = self._view.changing, (now.brand_id, now.plugin)
        known = tables.plugin_settings.get(key)
        if (known.version if known else None) != (was.version if was else None):
            raise Conflict("This row has been changed")
        self._view.need(holds=now.brand_id in tables.brands)
        kept = replace(now, version=was.version + 1 if was else 1)
        tables.plugin_settings[key] = kept
        return kept
