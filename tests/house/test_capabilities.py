"""docs/capabilities.md says what each provider can do, as the conformance kit has just seen it."""

import importlib.util
from pathlib import Path

from paylinks_ports.testing import ProviderContract
from paylinks_ports.testing.capabilities import capability_table

ROOT = Path(__file__).parents[2]
HEAD = """# What each provider can do

Made from conformance runs: a cell says yes where a check has exercised that power. `positive`: finding a payment is
proof that it exists; `authoritative`: not finding it is proof that it does not. To write it anew:
`python tests/house/test_capabilities.py`.

"""


def _contracts() -> list[type[ProviderContract]]:
    found = []
    for path in sorted(ROOT.glob("plugins/*/tests/test_conformance.py")):
        name = f"conformance_of_{path.parts[-3]}"
        spec = importlib.util.spec_from_file_location(name, path)
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        own = [one for one in vars(module).values() if isinstance(one, type) and one.__module__ == name]
        found += [one for one in own if issubclass(one, ProviderContract)]
    return found


def _table() -> str:
    return HEAD + capability_table(_contracts())


def test_the_capability_table_is_what_the_kit_has_seen() -> None:
    """All seven are in it, and every cell is of today."""
    table = _table()
    assert (ROOT / "docs/capabilities.md").read_text() == table
    for plugin in ("Stripe", "NMI", "Easy Pay Direct", "Sticky.io", "Konnektive", "UltraCart", "Shopify"):
        assert plugin in table


if __name__ == "__main__":
    (ROOT / "docs/capabilities.md").write_text(_table())
