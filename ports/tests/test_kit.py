"""The kit itself: nobody gets around a check, and providers of other kinds than Reference Pay can pass."""

import os
import sys
import textwrap
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest
from msgspec.structs import replace

from paylinks_ports import Lookup, LookUpResult, Order, SimulatedWorld, providers
from paylinks_ports.testing import ContractFailure, ProviderContract, run
from paylinks_ports.testing.accounts import Accounts
from paylinks_ports.testing.capabilities import capability_table
from paylinks_ports.testing.checks import check

from .contracts import ReferenceContract
from .reference import PROVIDER, Gateway
from .reference_simulator import SIMULATOR_KEY


class Replacing:
    """Brings a check of its own under the kit's name."""

    def test_declines(self) -> None:
        """Find nothing."""


@pytest.mark.parametrize(
    "names", [{"test_declines": None}, {"checks": ()}, {"powers": ()}, {"test_a_refund": lambda _: None}]
)
def test_a_check_cant_be_replaced(names: dict[str, Any]) -> None:
    """Neither with another nor with nothing, nor by a class that comes before."""
    with pytest.raises(TypeError, match="a contract's checks are the kit's"):
        type("Evading", (ReferenceContract,), names)
    with pytest.raises(TypeError, match="test_declines"):
        type("Evading", (Replacing, ReferenceContract), {})


def test_a_check_cant_be_replaced_later() -> None:
    """By assignment to the class."""
    evading = type("Evading", (ReferenceContract,), {})
    evading.test_declines = lambda _: None  # type: ignore[attr-defined]  # that is the evasion
    assert isinstance(run(evading, "test_a_refund")["test_a_refund"], TypeError)


def test_a_power_without_a_check_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    """As when the plugin API has a power that this kit does not know."""
    monkeypatch.setitem(providers.POWERS, "amount", object)
    failure = run(ReferenceContract, "test_every_power_has_a_check")["test_every_power_has_a_check"]
    assert isinstance(failure, ContractFailure)
    assert "no check exercises amount" in str(failure)


def test_a_check_that_calls_nothing_fails() -> None:
    """A check is for powers, and each of them must have been called in it."""

    class Idle(ReferenceContract):
        """Has one more check, of which nothing comes."""

        @check("refund", "charge")
        async def test_idle(self) -> None:
            """Call nothing."""

    failure = run(Idle, "test_idle")["test_idle"]
    assert "refund, charge was never called" in str(failure)


def test_a_failure_says_what_to_do() -> None:
    """Each check of the kit has its paragraph, and a failure shows it."""
    for name in ProviderContract.checks:
        assert "Troubleshooting:" in (getattr(ProviderContract, name).__doc__ or ""), name
    contract = type("Without", (ReferenceContract,), {"operations": {}})
    assert "Troubleshooting: give in `operations`" in str(run(contract, "test_operations")["test_operations"])
    assert Accounts in ProviderContract.__mro__


def test_the_table_tells_what_was_exercised() -> None:
    """One column a provider, and none for one that fails."""
    lines = capability_table([ReferenceContract, TestTokensOnly]).splitlines()
    assert lines[0] == "|  | Reference Pay | Reference Pay |"
    assert "| charge_saved | yes |  |" in lines
    assert "| decimals of currencies | 0, 2, 3 | 0, 2, 3 |" in lines
    assert "| operations | pay, pay-again | pay |" in lines
    broken = type("Broken", (ReferenceContract,), {"operations": {}})
    with pytest.raises(ContractFailure):
        capability_table([broken])


@pytest.mark.parametrize("mark", ["skip", "xfail", "skipif(True, reason='x')"])
def test_a_check_cant_be_skipped(mark: str, tmp_path: Path) -> None:
    """Under pytest, a mark that would excuse it ends the run."""
    text = f"""
        import pytest
        from paylinks_ports.testing import ProviderContract

        @pytest.mark.{mark}
        class TestEvading(ProviderContract):
            pass
    """
    (tmp_path / "test_evading.py").write_text(textwrap.dedent(text))
    done = pytest_in(tmp_path)
    assert done.returncode == pytest.ExitCode.USAGE_ERROR
    assert "a contract's checks are kept or not" in done.stderr


_PLUGINS = ("-p", "anyio.pytest_plugin", "-p", "paylinks_ports.testing.plugin")


def pytest_in(folder: Path) -> Any:  # noqa: ANN401 - a finished process
    """Run pytest in a process of its own."""
    import subprocess

    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *_PLUGINS, str(folder)]
    environment = {
        **os.environ,
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
    }  # loading the others takes longer than the tests
    return subprocess.run(  # noqa: S603 - our own
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False
    )


def only(*powers: str) -> type:
    """Make a gateway of Reference Pay's that has no other powers."""
    others: dict[str, object] = dict.fromkeys({*providers.POWERS, "verify_webhook", "pay", "pay_again"} - {*powers})
    return type("Fewer", (Gateway,), others)


async def play(reference: str, word: str, world: SimulatedWorld) -> None:
    """Pay at the provider as a customer would."""
    headers = {"authorization": f"Bearer {SIMULATOR_KEY}"}
    async with httpx.AsyncClient(headers=headers, transport=Direct(world)) as client:
        url = f"https://api.reference.example/payments/{reference}"
        payment = (await client.get(url)).json()
        await client.post(f"{url}/charge", json={"attempt": payment["attempt"], "token": word})


class Direct(httpx.AsyncBaseTransport):
    """Leads to the simulator."""

    def __init__(self, world: SimulatedWorld) -> None:
        self.world = world

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Answer."""
        await request.aread()
        return await PROVIDER.simulator.answer(request, self.world)


class PostOnly(Gateway):
    """Shortens the attempt's id, and needs more of an order than its money."""

    def sale(self, order: Order) -> dict[str, str]:
        """Send half of the id."""
        assert order.extra["cvvToken"] == "cvv_1"
        return super().sale(order) | {"attempt": order.attempt_id[:24]}

    async def look_up(self, order: Order, reference: str | None) -> LookUpResult:
        """Search for the half."""
        return await super().look_up(replace(order, attempt_id=order.attempt_id[:24]), reference)


class TestTokensOnly(ReferenceContract):
    """A provider that charges from the server and little else."""

    provider = replace(PROVIDER, gateway=only("charge", "look_up", "refund", "pay"))


class TestBrowserOnly(ReferenceContract):
    """A provider that is paid in the browser."""

    provider = replace(
        PROVIDER,
        gateway=only("start", "look_up", "cancel", "refund"),
        browser_pays=True,
        simulator=replace(PROVIDER.simulator, pay=play, card=None),
        lookup=Lookup(by_reference="authoritative", by_attempt="positive"),
    )


class TestShortIds(ReferenceContract):
    """A provider whose field is too short for the attempt's id."""

    provider = replace(PROVIDER, gateway=PostOnly)

    def change_order(self, order: Order) -> Order:
        """Add what its fields in the page gave."""
        return msgspec.structs.replace(order, extra={"cvvToken": "cvv_1"})

    def wire_attempt(self, order: Order) -> str:
        """It is cut off."""
        return order.attempt_id[:24]
