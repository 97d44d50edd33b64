"""Finding the installed plugins through entry points, and the operator's settings for them."""

import tomllib
from collections.abc import Mapping
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from typing import Any

import msgspec
import pluggy
from msgspec import Struct

from paylinks_ports import hookspecs
from paylinks_ports.marketing import MarketingIntegration
from paylinks_ports.operations import Operation, operations_of
from paylinks_ports.providers import PaymentProvider, powers_of

from .config import ConfigError

__all__ = ["Installed", "InstalledIntegration", "OperatorSettings", "Plugins", "find_plugins"]


class OperatorSettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One plugin's table in `plugins.toml`, for what holds in the whole deployment.

    Args:
        api_base: takes the place of scheme and host wherever the plugin calls out.
        timeout_seconds: how long one call to the provider may take; None: as the plugin says.
        raw_cards: Konnektive's rule of api.md §5.

    """

    enabled: bool = True
    api_base: str | None = None
    timeout_seconds: float | None = None
    raw_cards: bool = False


class Installed(Struct, frozen=True, kw_only=True):
    """One plugin that is installed: what it announces, and the distribution it came in."""

    provider: PaymentProvider[Any]
    distribution: str
    version: str
    settings: OperatorSettings

    @property
    def powers(self) -> tuple[str, ...]:
        """What its gateway can do."""
        return powers_of(self.provider.gateway)

    @property
    def operations(self) -> tuple[Operation, ...]:
        """What it offers in its own words."""
        return operations_of(self.provider.gateway)


class InstalledIntegration(Struct, frozen=True, kw_only=True):
    """One marketing plugin that is installed, likewise."""

    integration: MarketingIntegration[Any]
    distribution: str
    version: str
    settings: OperatorSettings


class Plugins(Struct, frozen=True, kw_only=True):
    """All plugins that are installed and not switched off by the operator, by name."""

    payment: Mapping[str, Installed]
    marketing: Mapping[str, InstalledIntegration]
    switched_off: tuple[str, ...] = ()


def find_plugins(path: Path) -> Plugins:
    """Load every installed plugin that the operator has not switched off.

    Raises:
        ConfigError: `plugins.toml` is wrong or names a plugin that is not installed, a plugin can't be loaded, or two
            have one name.

    """
    tables, problems = _read_tables(path)
    points = {point.name: point for point in sorted(entry_points(group=hookspecs.ENTRY_POINTS), key=_by_name)}
    missing = sorted(tables.keys() - points)
    problems += [f"{path.name} has a table [{name}], but no such plugin is installed" for name in missing]
    payment: dict[str, Installed] = {}
    marketing: dict[str, InstalledIntegration] = {}
    for name, point in points.items():
        settings = tables.get(name, OperatorSettings())
        if not settings.enabled:
            continue  # and so not imported
        try:
            announced = _announced(point)
        except Exception as error:  # noqa: BLE001 - a partner's module may fail in any way; the start names it
            problems.append(f"plugin {name} can't be loaded: {type(error).__name__}: {error}")
            continue
        if announced.name != name:
            problems.append(f"plugin {name} announces itself as {announced.name}")
        distribution = point.dist.name if point.dist else "unknown"
        version = point.dist.version if point.dist else "unknown"
        if isinstance(announced, PaymentProvider):
            payment[name] = Installed(provider=announced, distribution=distribution, version=version, settings=settings)
        else:
            marketing[name] = InstalledIntegration(
                integration=announced, distribution=distribution, version=version, settings=settings
            )
    if problems:
        raise ConfigError(problems)
    off = tuple(name for name in points if not tables.get(name, OperatorSettings()).enabled)
    return Plugins(payment=payment, marketing=marketing, switched_off=off)


def _by_name(point: EntryPoint) -> str:
    return point.name


def _announced(point: EntryPoint) -> PaymentProvider[Any] | MarketingIntegration[Any]:
    """Import one plugin and ask it what it is, in a manager of its own, so that a broken one names itself."""
    manager = pluggy.PluginManager(hookspecs.ENTRY_POINTS)
    manager.add_hookspecs(hookspecs)
    manager.register(point.load(), name=point.name)
    manager.check_pending()
    announced = [*manager.hook.payment_provider(), *manager.hook.marketing_integration()]
    if len(announced) != 1 or not isinstance(announced[0], PaymentProvider | MarketingIntegration):
        message = "it does not announce exactly one PaymentProvider or MarketingIntegration"
        raise TypeError(message)
    return announced[0]


def _read_tables(path: Path) -> tuple[dict[str, OperatorSettings], list[str]]:
    if not path.is_file():
        return {}, []
    try:
        raw = tomllib.loads(path.read_text())
    except tomllib.TOMLDecodeError as error:
        return {}, [f"{path.name} is not TOML: {error}"]
    tables, problems = {}, []
    for name, table in raw.items():
        try:
            tables[name] = msgspec.convert(table, OperatorSettings)
        except msgspec.ValidationError as error:
            problems.append(f"{path.name}, [{name}]: {error}")
    return tables, problems
