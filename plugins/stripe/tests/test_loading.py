"""What importing the plugin costs, and what it announces."""

import subprocess
import sys

import msgspec
import pytest

from paylinks_ports import operations_of, powers_of
from paylinks_ports.providers import POWERS
from paylinks_stripe import PROVIDER, StripeCredentials, StripeGateway

_IMPORTS = "import sys, paylinks_stripe as plugin; plugin.payment_provider(); print('stripe' in sys.modules)"


def test_importing_does_not_load_the_sdk() -> None:
    """The SDK takes a third of a second and waits for the first call."""
    done = subprocess.run(  # noqa: S603 - our own interpreter and words
        [sys.executable, "-c", _IMPORTS], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout == "False\n"


def test_announcement() -> None:
    """All powers, both operations, and a simulator that its own credentials fit."""
    assert powers_of(StripeGateway) == tuple(power for power in POWERS if power != "charge_card")
    assert [(one.name, one.verb) for one in operations_of(StripeGateway)] == [
        ("confirm", "look_up"),
        ("create-intent", "start"),
    ]
    simulated = msgspec.json.encode(PROVIDER.simulator.credentials)
    assert msgspec.json.decode(simulated, type=StripeCredentials) == PROVIDER.simulator.credentials


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"secretKey": "pk_test_51"},
        {"secretKey": "sk_test_51\r\nHost: elsewhere"},
        {"secretKey": "sk_test_51", "publishableKey": "sk_test_51"},
        {"secretKey": "sk_test_51", "webhookSecret": "secret"},
    ],
)
def test_credentials_are_checked(given: dict[str, str]) -> None:
    """Keys in the wrong field, and what is no key at all, are refused when they are entered."""
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(given, StripeCredentials)
