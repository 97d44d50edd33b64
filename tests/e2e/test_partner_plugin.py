"""The whole path of a partner: the wheel, a generated plugin, the kit, a server that finds it and takes a payment."""

import os
import subprocess
import sys
import sysconfig
import venv
from collections.abc import Callable
from pathlib import Path

import pytest
from msgspec import Struct

from .conftest import Server

pytestmark = pytest.mark.long

ROOT = Path(__file__).parents[2]
NAME = "zenith"
OURS = [
    ".",
    "ports",
    "core",
    "adapters",
    "web",
    *sorted(f"plugins/{path.parent.name}" for path in ROOT.glob("plugins/*/pyproject.toml")),
]
PIP = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", "--no-input"]
OFFLINE = ["--no-index", "--no-deps", "--no-build-isolation"]


class Partner(Struct, frozen=True):
    """A partner's machine: a fresh environment with our wheels in it, and no clone of ours."""

    python: str
    folder: Path

    def run(self, *command: str) -> str:
        """Run Python there, with nothing of this process's own environment that could lead back to the clone."""
        kept = {
            name: value for name, value in os.environ.items() if not name.startswith(("PAYLINKS_", "PYTEST", "PYTHON"))
        }
        done = subprocess.run(  # noqa: S603 - our own command
            [self.python, *command], cwd=self.folder, env=kept, capture_output=True, text=True, check=False, timeout=120
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout


def _fresh(folder: Path) -> str:
    """Make a virtual environment that has what the locks bring (by a path, not the network) and nothing of ours."""
    made = folder / "fresh"
    venv.create(made, symlinks=True)
    python = str(made / "bin" / "python")
    own = Path(sysconfig.get_path("purelib", vars={"base": str(made), "platbase": str(made)}))
    # A path in a .pth file is only searched: the editable installs of this environment are .pth files, and stay out.
    (own / "third_party.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return python


@pytest.fixture(scope="module")
def partner(tmp_path_factory: pytest.TempPathFactory) -> Partner:
    """Build every wheel of ours, and install them all into a fresh environment; generate and install a plugin."""
    folder = tmp_path_factory.mktemp("partner")
    wheels = folder / "wheels"
    sources = [str(ROOT / one) for one in OURS]
    subprocess.run([*PIP, "wheel", *OFFLINE, "--wheel-dir", str(wheels), *sources], check=True, capture_output=True)  # noqa: S603 - pip
    python = _fresh(folder)
    into = [*PIP, "--python", python, "install", *OFFLINE]
    subprocess.run([*into, *map(str, wheels.glob("*.whl"))], check=True, capture_output=True)  # noqa: S603 - pip
    made = Partner(python, folder)
    made.run("-m", "paylinks_ports.testing.new", NAME)
    subprocess.run([*into, str(folder / f"paylinks-{NAME}")], check=True, capture_output=True)  # noqa: S603 - pip
    return made


def test_the_wheel_is_enough(partner: Partner) -> None:
    """What runs is what was installed, and the generated plugin passes the kit as it comes."""
    for module in ("paylinks_ports", f"paylinks_{NAME}"):
        where = partner.run("-c", f"import {module}; print({module}.__file__)").strip()
        assert Path(where).is_relative_to(partner.folder)
    told = partner.run("-m", "pytest", "-p", "no:cacheprovider", "-q", f"paylinks-{NAME}")
    assert " passed" in told
    assert not {"failed", "skipped", "error"} & set(told.replace(",", " ").split())


def test_a_partner_needs_no_clone_of_ours(partner: Partner, make_server: Callable[..., Server]) -> None:
    """Installed beside the platform, the plugin is found, listed, and takes payments in every way."""
    server = make_server()
    server.python = partner.python

    listed = server.command("plugins")
    assert NAME in listed
    assert f"paylinks-{NAME} 0.1.0" in " ".join(listed.split())

    server.start()
    token = server.pay_link("order-1")
    opened = server.post("/api/checkout/initialize", {"token": token, "provider": NAME})
    assert (opened.status_code, opened.json()["data"]["demo"]) == (200, True)
    done = server.post("/api/checkout/complete", {"token": token, "paymentToken": "tok_visa"})
    assert done.json()["data"]["status"] == "paid"

    route = f"/api/providers/{NAME}/process-payment"
    body = {"orderId": "order-2", "amount": 1500, "currency": "KWD", "paymentToken": "tok_visa"}
    paid = server.post(route, body)
    assert (paid.status_code, paid.json()["data"]["status"]) == (200, "paid")
    again = server.post(route, body)
    assert paid.json()["data"] == again.json()["data"]
    other = server.post(route, body | {"amount": 1600})
    assert (other.status_code, other.json()["code"]) == (409, "already_paid")
    declined = server.post(route, body | {"orderId": "order-3", "paymentToken": "demo_decline"})
    assert (declined.status_code, declined.json()["declineCode"]) == (402, "card_declined")
    wrong = server.post(route, body | {"orderId": "order-4", "paymentToken": 5})
    assert (wrong.status_code, wrong.json()["code"]) == (400, "invalid_request")
    assert "paymentToken" in wrong.json()["details"]
