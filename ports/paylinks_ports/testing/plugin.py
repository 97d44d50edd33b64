"""The kit's pytest plugin: leaves out checks of powers that a gateway has not, and lets nobody skip the others."""

import pytest

from .checks import Contract, powers_of_check

__all__ = ["pytest_collection_modifyitems"]

_EVASIONS = ("skip", "skipif", "xfail")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Sort the checks out before they run."""
    left_out = []
    for item in items:
        contract = getattr(item, "cls", None)
        if not (isinstance(contract, type) and issubclass(contract, Contract)):
            continue
        name = item.name.partition("[")[0]
        if name not in contract.checks:
            continue
        for mark in item.iter_markers():
            if mark.name in _EVASIONS:
                message = f"{item.nodeid} is marked {mark.name}; a contract's checks are kept or not"
                raise pytest.UsageError(message)
        powers = powers_of_check(contract, name)
        if powers and not set(powers) & set(contract().powers):
            left_out.append(item)
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]
