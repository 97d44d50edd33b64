"""Opens brands' accounts at marketing systems, with the machine that opens merchant accounts."""

from typing import Any

from paylinks_ports.records.settings import PluginSetting

from .gateways import MerchantAccounts

__all__ = ["MarketingAccount", "OpenedMarketing"]


class MarketingAccount:
    """One opened account; see the port."""

    def __init__(self, gateway: Any, timeout: float) -> None:  # noqa: ANN401 - its powers
        self.gateway = gateway
        self.timeout = timeout


class OpenedMarketing:
    """Opens accounts at marketing systems; a call there has no third outcome, so nothing is asked through `ask`."""

    def __init__(self, accounts: MerchantAccounts) -> None:
        """Use a machine of its own: a system that hangs holds no connection that a payment needs."""
        self._accounts = accounts

    async def open(self, brand_id: str, integration: str, setting: PluginSetting | None) -> MarketingAccount:
        """Open a brand's account; without credentials in `setting`, its double.

        Raises:
            VaultError: the credentials can't be unsealed.

        """
        account = await self._accounts.open(brand_id, integration, setting)
        return MarketingAccount(account.gateway, account.timeout)

    async def close(self) -> None:
        """Close all clients and connections."""
        await self._accounts.close()
