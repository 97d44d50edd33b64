"""docs/write-a-plugin.md can't rot: its files are the generated plugin's, and it names all that a partner may give."""

import inspect
import re
from pathlib import Path

from paylinks_ports.providers import POWERS
from paylinks_ports.testing.contract import ProviderParts
from paylinks_ports.testing.new import make_plugin

PAGE = (Path(__file__).parents[2] / "docs" / "write-a-plugin.md").read_text()
EXAMPLES = inspect.getsource(ProviderParts).partition("    @property")[0]


def test_its_files_are_real(tmp_path: Path) -> None:
    """Each file in the page is, to the letter, one that the generator writes."""
    make_plugin("acme", tmp_path)
    shown = dict(re.findall(r"<!-- file: (\S+) -->\n```python\n(.*?)```\n", PAGE, re.DOTALL))
    assert shown.keys() == {"paylinks_acme/gateway.py", "tests/test_conformance.py"}
    for name, text in shown.items():
        assert text == (tmp_path / name).read_text(), f"docs/write-a-plugin.md shows an old {name}"


def test_it_names_every_example_and_power() -> None:
    """What the contract asks for, in the contract's own words."""
    described = re.findall(r'    (\w+): ClassVar\[[^\n]*\n    """(.*?)"""', EXAMPLES, re.DOTALL)
    described += re.findall(r'    def (\w+)\(self, [^\n]*\n        """(.*?)"""', EXAMPLES, re.DOTALL)
    assert len(described) > 10
    for name, text in described:
        assert re.search(rf"\| `{name}\b[^|]*\| {re.escape(' '.join(text.split()))} \|", PAGE), name
    for power in POWERS:
        assert f"`{power}(" in PAGE, power
