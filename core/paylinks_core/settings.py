"""What a brand chooses for its plugins: credentials, sealed before they reach the database."""

from collections.abc import Mapping

import msgspec
from msgspec.structs import replace

from paylinks_ports.records.settings import PluginSetting

from .claims import field_message
from .errors import InvalidInput, NotKnown, UnknownProvider
from .parts import Parts

__all__ = ["set_credentials"]


async def set_credentials(parts: Parts, brand_id: str, plugin: str, values: Mapping[str, str]) -> PluginSetting:
    """Replace a brand's credentials for a plugin; they count from the next call on, in every process.

    Args:
        values: by field name as the plugin declares it; an unknown one is refused, so none is lost by misspelling.

    Raises:
        UnknownProvider: no such plugin is installed.
        NotKnown: there is no such brand.
        InvalidInput: naming the field, never its value.

    """
    provider = parts.providers.get(plugin)
    if provider is None:
        raise UnknownProvider(f"provider: {plugin[:64]!r} is not installed")
    names = {field.encode_name for field in msgspec.structs.fields(provider.credentials)}
    if unknown := sorted(set(values) - names):
        raise InvalidInput(f"credentials.{unknown[0]}: is unknown; {plugin} has {', '.join(sorted(names))}")
    try:
        credentials = msgspec.convert(values, provider.credentials)
    except msgspec.ValidationError as error:
        raise InvalidInput(f"credentials.{field_message(error)}") from None
    sealed = parts.vault.seal(msgspec.json.encode(credentials).decode(), f"credentials:{brand_id}:{plugin}")
    now = parts.clock.now()
    async with parts.units() as work:
        if await work.brands.get(brand_id) is None:
            raise NotKnown(f"brand: there is no {brand_id}")
        setting = await work.plugin_settings.get(brand_id, plugin)
        setting = setting or PluginSetting(brand_id=brand_id, plugin=plugin, updated_at=now)
        setting = replace(setting, credentials=sealed, updated_at=now)
        await work.plugin_settings.put(setting)
        await work.commit()
    return setting
