"""The kit finds every planted bug: a check that no longer kills its mutant fails here."""

import pytest
from msgspec.structs import replace

from paylinks_ports.testing import ContractFailure, ProviderContract, run

from .contracts import ReferenceContract
from .mutants import MUTANTS, Mutant
from .reference import PROVIDER


def _contract(mutant: Mutant) -> type[ProviderContract]:
    provider = replace(PROVIDER, **mutant.changes)
    return type("MutantContract", (ReferenceContract,), {"provider": provider, **mutant.attributes})


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)
def test_a_mutant_is_found(mutant: Mutant) -> None:
    """The check that is meant for this bug fails."""
    [failure] = run(_contract(mutant), mutant.check).values()
    assert isinstance(failure, ContractFailure), f"{mutant.check} passes a provider that {mutant.name}: {failure!r}"


def test_the_unchanged_provider_passes() -> None:
    """And no check fails without a bug."""
    outcomes = run(ReferenceContract)
    assert {name: failure for name, failure in outcomes.items() if failure is not None} == {}
    assert set(outcomes) == set(ReferenceContract.checks)


def test_every_check_has_a_mutant() -> None:
    """A check without one may find nothing."""
    assert set(ReferenceContract.checks) - {mutant.check for mutant in MUTANTS} == set()
