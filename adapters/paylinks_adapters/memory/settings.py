"""What brands have chosen for plugins, in memory."""

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
        """Add it, or replace the one of the same brand and plugin."""
        tables = self._view.changing
        self._view.need(holds=setting.brand_id in tables.brands)
        tables.plugin_settings[setting.brand_id, setting.plugin] = setting
