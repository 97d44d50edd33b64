"""The table of what each provider can do, made from conformance runs: only what a check has exercised is in it."""

from collections.abc import Sequence

from ..money import exponent
from ..operations import operations_of
from ..providers import POWERS
from . import ProviderContract, run

__all__ = ["capability_table"]


def capability_table(contracts: Sequence[type[ProviderContract]]) -> str:
    """Run each contract, and write its provider's column in Markdown.

    Raises:
        ContractFailure, or whatever else a check has raised: the first failure; nothing is written of such a provider.

    """
    columns = [_column(contract) for contract in contracts]
    rows = [["", *(contract.provider.title for contract in contracts)], ["---"] * (len(contracts) + 1)]
    rows += [[name, *(column[name] for column in columns)] for name in columns[0]]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in rows)


def _column(contract: type[ProviderContract]) -> dict[str, str]:
    for failure in run(contract).values():
        if failure is not None:
            raise failure
    provider = contract.provider
    powers = contract().powers
    cells = {power: "yes" if power in powers else "" for power in POWERS}
    digits = sorted({exponent(one.money.currency) for one in contract.amounts})
    cells["decimals of currencies"] = ", ".join(map(str, digits))
    cells["signed webhooks"] = "yes" if "read_webhook" in powers and contract.signed_webhooks else ""
    cells["asks the customer to act"] = "yes" if contract.asks_customer else ""
    cells["idempotent"] = ", ".join(sorted(provider.idempotency.powers))
    cells["look-up by reference"] = provider.lookup.by_reference
    cells["look-up by attempt"] = provider.lookup.by_attempt
    cells["operations"] = ", ".join(one.name for one in operations_of(provider.gateway))
    return cells
