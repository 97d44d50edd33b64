"""What a brand has chosen for one plugin."""

from msgspec import Struct, field

__all__ = ["PluginSetting"]


class PluginSetting(Struct, frozen=True, kw_only=True):
    """One plugin in one brand; where there is no such row the plugin is on, without credentials, at priority 0.

    Args:
        priority: providers are offered in rising order.
        credentials: what was entered, by field name as JSON, sealed; None: none entered.
        options: what was chosen, by field name as JSON; None: the plugin's defaults.
        list_ids: of a marketing system: the lists that customers who agree are subscribed to; none: the plugin's own.
        list_names: of a marketing system: what its lists are called here, by their ids.
        version: rises with every change; `replace` compares it.

    """

    brand_id: str
    plugin: str
    enabled: bool = True
    priority: int = 0
    credentials: str | None = None
    options: str | None = None
    list_ids: tuple[str, ...] = ()
    list_names: dict[str, str] = field(default_factory=dict)
    updated_at: int
    version: int = 1
