"""The kit passes an integration that keeps every promise, and finds the bugs planted in it."""

# ruff: noqa: ANN401 - bodies are JSON

import logging
from typing import Any

import httpx
import pytest
from msgspec.structs import replace

from paylinks_ports import MarketingList, OrderPlaced, PaylinksError, ProviderRefused, TryLater
from paylinks_ports.testing import ContractFailure, run

from .reference_marketing import INTEGRATION, URL, Gateway, MailContract


class TestMail(MailContract):
    """Every check."""


class FirstPage(Gateway):
    """Reads one page."""

    async def lists(self) -> tuple[MarketingList, ...]:
        """Fetch the first."""
        return (await super().lists())[:2]


class NewId(Gateway):
    """Gives an event another id each time."""

    count = 0

    async def order_placed(self, placed: OrderPlaced) -> None:
        """Tell of it."""
        NewId.count += 1
        await super().order_placed(replace(placed, event_id=f"{placed.event_id}-{NewId.count}"))


class NoConsent(Gateway):
    """Subscribes whoever pays."""

    async def order_placed(self, placed: OrderPlaced) -> None:
        """Tell of it."""
        await super().order_placed(replace(placed, consent=True))


class NeverSubscribes(Gateway):
    """Subscribes nobody."""

    async def order_placed(self, placed: OrderPlaced) -> None:
        """Tell of it."""
        await super().order_placed(replace(placed, consent=False))


class ForgetsToWait(Gateway):
    """Does not read Retry-After."""

    async def send(self, method: str, path: str, body: Any = None) -> httpx.Response:
        """Send."""
        try:
            return await super().send(method, path, body)
        except TryLater as error:
            raise TryLater(error.message) from error


class RefusesErrors(Gateway):
    """Tells an error of the system as a refusal, so that it is never repeated."""

    async def send(self, method: str, path: str, body: Any = None) -> httpx.Response:
        """Send."""
        try:
            return await super().send(method, path, body)
        except TryLater:
            raise
        except PaylinksError as error:
            raise ProviderRefused("Refused") from error


class Swallows(Gateway):
    """Takes for done what did not work."""

    async def order_placed(self, placed: OrderPlaced) -> None:
        """Tell of it."""
        try:
            await super().order_placed(placed)
        except httpx.HTTPError:
            return


class LogsEmail(Gateway):
    """Logs an e-mail address."""

    async def order_placed(self, placed: OrderPlaced) -> None:
        """Tell of it."""
        logging.getLogger("mail").info("order placed", extra={"who": placed.customer.email})
        await super().order_placed(placed)


class TellsSecret(Gateway):
    """Puts the key into an error."""

    async def send(self, method: str, path: str, body: Any = None) -> httpx.Response:
        """Send."""
        headers = {"authorization": self.credentials.api_key}
        answer = await self.client.request(method, URL + path, json=body, headers=headers)
        if answer.status_code >= 400:
            raise ProviderRefused("Refused", details=str(headers))
        return answer


BUGS = {
    FirstPage: "test_lists",
    NewId: "test_an_order_is_one_event",
    NoConsent: "test_consent",
    NeverSubscribes: "test_consent",
    ForgetsToWait: "test_try_later",
    RefusesErrors: "test_accidents",
    Swallows: "test_accidents",
    LogsEmail: "test_an_order_is_one_event",
    TellsSecret: "test_accidents",
}


@pytest.mark.parametrize("gateway", BUGS)
def test_a_mutant_is_found(gateway: type[Gateway]) -> None:
    """The check that is meant for this bug fails."""
    contract = type("MutantContract", (MailContract,), {"integration": replace(INTEGRATION, gateway=gateway)})
    [failure] = run(contract, BUGS[gateway]).values()
    assert isinstance(failure, ContractFailure)
