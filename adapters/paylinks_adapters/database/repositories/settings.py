"""What brands have chosen for plugins, in SQL."""

from msgspec.structs import replace

from paylinks_ports.records.settings import PluginSetting

from ..rows import Rows
from ..tables.settings import PluginSettingTable
from .repository import Repository

__all__ = ["PluginSettings"]

_PLUGIN_SETTINGS = Rows(PluginSettingTable, PluginSetting, "brand_id", "plugin")


class PluginSettings(Repository):
    """What brands have chosen for plugins."""

    async def get(self, brand_id: str, plugin: str) -> PluginSetting | None:
        """Find one."""
        return await _PLUGIN_SETTINGS.one(self._session, "WHERE brand_id = ? AND plugin = ?", brand_id, plugin)

    async def of_brand(self, brand_id: str) -> tuple[PluginSetting, ...]:
        """List a brand's, by plugin name."""
        return await _PLUGIN_SETTINGS.many(self._session, "WHERE brand_id = ? ORDER BY plugin", brand_id)

    async def put(self, setting: PluginSetting) -> None:
        """Add it, or replace the one of the same brand and plugin, whatever that is now."""
        await _PLUGIN_SETTINGS.upsert(self._session, setting, "brand_id", "plugin")

    async def replace(self, was: PluginSetting | None, now: PluginSetting) -> PluginSetting:
        """Change it if it is still `was` (by version; None: still absent), and give it back; else `Conflict`."""
        if was is None:
            now = replace(now, version=1)
            await _PLUGIN_SETTINGS.add(self._session, now)
            return now
        return await _PLUGIN_SETTINGS.replace(self._session, was, now)
