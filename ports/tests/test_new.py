"""A generated plugin: whatever its name, it passes the kit as it comes."""

import importlib
import sys
from pathlib import Path

import pytest

from paylinks_ports.testing import ProviderContract, run
from paylinks_ports.testing.new import main, make_plugin


@pytest.mark.parametrize("name", ["zenith", "pay24"])
def test_a_new_plugin_passes(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It needs no touch, and nothing in it is still called as in the template."""
    written = make_plugin(name, tmp_path)
    assert {"pyproject.toml", "README.md", "gateway.py", "simulator.py", "test_conformance.py"} <= {
        p.name for p in written
    }
    assert not [path for path in written if "acme" in (path.read_text() + str(path.relative_to(tmp_path))).lower()]
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.syspath_prepend(str(tmp_path / "tests"))
    tests = importlib.import_module("test_conformance")
    del sys.modules["test_conformance"]
    contract: type[ProviderContract] = getattr(tests, f"Test{name.title()}")
    assert {check: failure for check, failure in run(contract).items() if failure is not None} == {}


def test_it_is_short(tmp_path: Path) -> None:
    """About a hundred lines of code: a partner reads them in a few minutes."""
    written = [path for path in make_plugin("zenith", tmp_path) if path.suffix == ".py" and "tests" not in path.parts]
    code = [line for path in written for line in path.read_text().splitlines() if line.strip()]
    assert len(code) < 250


def test_a_name_that_is_none(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It says so, and writes nothing."""
    for name in ("Acme", "class", "a-b", "1st"):
        assert main([name, str(tmp_path / "new")]) == 2
    assert main(["zenith", str(tmp_path)]) == 0
    assert main(["zenith", str(tmp_path)]) == 2
    assert "is not empty" in capsys.readouterr().err
    assert not (tmp_path / "new").exists()
