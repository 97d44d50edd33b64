"""The repository of what brands have chosen for plugins."""

from typing import Protocol

from ..records.settings import PluginSetting

__all__ = ["PluginSettings"]


class PluginSettings(Protocol):
    """What brands have chosen for plugins."""

    async def get(self, brand_id: str, plugin: str) -> PluginSetting | None:
        """Find one."""

    async def of_brand(self, brand_id: str) -> tuple[PluginSetting, ...]:
        """List a brand's, by plugin name."""

    async def put(self, setting: PluginSetting) -> None:
        """Add it, or replace the one of the same brand and plugin, whatever that is now."""

    async def replace(self, was: PluginSetting | None, now: PluginSetting) -> PluginSetting:
        """Change it if it is still `was` (by version; None: still absent), and give it back; else `Conflict`."""
