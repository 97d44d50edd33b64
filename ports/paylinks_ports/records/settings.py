"""What a brand has chosen for one plugin."""

from msgspec import Struct

__all__ = ["PluginSetting"]


class PluginSetting(Struct, frozen=True, kw_only=True):
    """One plugin in one brand; where there is no such row the plugin is on, without credentials, at priority 0.

    Args:
        priority: providers are offered in rising order.
        credentials: the whole credentials Struct as JSON, sealed; None: none entered.

    """

    brand_id: str
    plugin: str
    enabled: bool = True
    priority: int = 0
    credentials: str | None = None
    updated_at: int
