"""The workspace agrees with itself: plugins, locks, dependencies and the size of files. Not what any code does."""

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
FLOORS = ("ports", "core", "adapters", "web")
PLUGINS = sorted(path.name for path in (ROOT / "plugins").iterdir() if path.is_dir() and path.name[0] not in "._")
DISTRIBUTIONS = (".", *FLOORS, *(f"plugins/{name}" for name in PLUGINS))
LOCKS = ("run", "dev")
LONGEST_FILE = 400


def read(folder: str) -> dict[str, Any]:
    """Read the pyproject.toml of one of our distributions."""
    return tomllib.loads((ROOT / folder / "pyproject.toml").read_text())


def pins(lock: str) -> dict[str, str]:
    """Read a lock: each pinned name and its version."""
    lines = (ROOT / f"requirements/{lock}.lock").read_text().splitlines()
    return dict(line.split()[0].split("==") for line in lines if not line.startswith((" ", "#")))


def asked(*locks: str) -> Iterator[Requirement]:
    """List what the distributions, or the .in files of `locks`, ask for that is not ours."""
    texts: list[str] = []
    for folder in DISTRIBUTIONS:
        project = read(folder)["project"]
        texts += project.get("dependencies", [])
        extras = project.get("optional-dependencies", {})
        # What the extra `testing` brings is no part of a running server.
        texts += [text for name in extras if name != "testing" or "dev" in locks for text in extras[name]]
        texts += read(folder)["build-system"]["requires"]
    for lock in locks:
        lines = (ROOT / f"requirements/{lock}.in").read_text().splitlines()
        texts += [line for line in lines if line and not line.startswith(("-", "#"))]
    return (one for one in map(Requirement, texts) if not one.name.startswith("paylinks"))


def python_files(*folders: str) -> list[Path]:
    """List the Python files below some folders of the workspace."""
    return sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))


@pytest.mark.parametrize("plugin", PLUGINS)
def test_a_plugin_stands_in_every_import_contract(plugin: str) -> None:
    """A plugin left out of a contract could import anything."""
    package = f"paylinks_{plugin}"
    linter = read(".")["tool"]["importlinter"]
    assert package in linter["root_packages"]
    for contract in linter["contracts"]:
        named = " ".join(contract.get("layers", contract.get("source_modules", ())))
        assert package in re.split(r"[ |]+", named), contract["name"]


@pytest.mark.parametrize("plugin", PLUGINS)
def test_a_plugin_is_typed_tested_and_installed(plugin: str) -> None:
    """The test runner, the locks and the `paylinks` distribution know each plugin."""
    folder = f"plugins/{plugin}"
    root = read(".")
    assert "plugins/*/tests" in root["tool"]["pytest"]["testpaths"]
    assert f"-e ./{folder}" in (ROOT / "requirements/run.in").read_text().splitlines()
    assert f"paylinks-{plugin}" in {Requirement(text).name for text in root["project"]["dependencies"]}


@pytest.mark.parametrize("plugin", PLUGINS)
def test_a_plugin_announces_itself_under_its_folders_name(plugin: str) -> None:
    """Folder x holds distribution paylinks-x, announced as x and imported as paylinks_x."""
    project = read(f"plugins/{plugin}")["project"]
    assert project["name"] == f"paylinks-{plugin}"
    assert project["entry-points"]["paylinks"] == {plugin: f"paylinks_{plugin}"}
    assert "paylinks-ports>=1,<2" in project["dependencies"]


@pytest.mark.parametrize("folder", DISTRIBUTIONS[1:])
def test_a_distribution_says_that_it_is_typed(folder: str) -> None:
    """Without py.typed a type checker takes everything of ours for Any."""
    assert (ROOT / folder / f"paylinks_{Path(folder).name}" / "py.typed").exists()


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_names_no_place(lock: str) -> None:
    """Where packages come from is the machine's affair: no host, no path, no option."""
    text = (ROOT / f"requirements/{lock}.lock").read_text()
    assert "://" not in text
    assert not re.search(r"^-|^\s*/|\s@\s", text, re.MULTILINE)


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_pins_and_hashes_everything(lock: str) -> None:
    """A pin without a hash would install whatever the name brings that day."""
    text = (ROOT / f"requirements/{lock}.lock").read_text()
    blocks = re.split(r"^(?=\S)", text, flags=re.MULTILINE)[1:]
    assert blocks
    loose = [block for block in blocks if not re.match(r"[\w.-]+==\S+ .*\\\n    --hash=sha256:[0-9a-f]{64}", block)]
    assert loose == []


def test_the_locks_agree() -> None:
    """The development lock holds all of the run lock in the same versions, so one .venv serves both."""
    assert pins("run").items() <= pins("dev").items()


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_keeps_up_with_what_is_asked_for(lock: str) -> None:
    """After a change of dependencies `make lock` writes the locks anew."""
    pinned = pins(lock)
    for one in asked(*LOCKS[: LOCKS.index(lock) + 1]):
        assert one.specifier.contains(pinned.get(canonicalize_name(one.name), "0"), prereleases=True), one


def test_every_direct_dependency_has_its_reason() -> None:
    """docs/dependencies.md has a line for what is asked for, and for nothing else."""
    kept, _, _ = (ROOT / "docs/dependencies.md").read_text().partition("\n## Looked at and left out\n")
    reasons = re.findall(r"^- `([a-z0-9-]+)`: \S.+$", kept, re.MULTILINE)
    assert sorted(reasons) == sorted({canonicalize_name(one.name) for one in asked(*LOCKS)})


def test_no_file_holds_two_rooms() -> None:
    """A file of more than 400 lines is two concepts; tests may be long."""
    files = [path for path in python_files(*FLOORS, "plugins") if "tests" not in path.relative_to(ROOT).parts]
    assert files
    lengths = {str(path.relative_to(ROOT)): len(path.read_text().splitlines()) for path in files}
    assert {name: lines for name, lines in lengths.items() if lines > LONGEST_FILE} == {}


@pytest.mark.parametrize(
    "path", [one for one in python_files("tests/house") if one.name.startswith("test_")], ids=lambda path: path.name
)
def test_a_house_test_says_what_it_holds(path: Path) -> None:
    """Each module here opens with a docstring, and each test has one of one line."""
    module = ast.parse(path.read_text())
    assert ast.get_docstring(module)
    tests = [
        node
        for node in ast.walk(module)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_")
    ]
    assert tests
    assert [test.name for test in tests if len((ast.get_docstring(test) or "").splitlines()) != 1] == []
