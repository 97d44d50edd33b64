"""What a brand has chosen for one plugin."""

from msgspec import Struct

__all__ = ["PluginSetting"]


class PluginSetting(Struct, frozen=True, kw_only=True):
    """One plugin in one brand; where there is no such row the plugin is on, without credentials, at priority 0.

    Args:
        priority: providers are offered in rising order.
        credentials: what was entered, by field name as JSON, sealed; None: none entered.
        options: what was chosen, by field name as JSON; None: the plugin's defaults.

    """

    brand_id: str
    plugin: str
    enabled: bool = True
    priority: int = 0
    credentials: str | None = None
    options: str | None = None
    updated_at: int
