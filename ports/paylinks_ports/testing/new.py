"""``python -m paylinks_ports.testing.new NAME [FOLDER]``: make a plugin that passes the kit and takes demo payments."""

import argparse
import keyword
import re
import sys
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

__all__ = ["main", "make_plugin"]

_NAME = re.compile(r"[a-z][a-z0-9]{1,30}")
_TEMPLATE = "acme"


def make_plugin(name: str, folder: Path) -> list[Path]:
    """Write the plugin into a new folder, and list its files.

    Raises:
        ValueError: the name can't be a word of a URL and of Python.
        FileExistsError: the folder is not empty.

    """
    if not _NAME.fullmatch(name) or keyword.iskeyword(name):
        message = f"{name!r} is no name for a plugin: give a word of small letters and digits, such as acme"
        raise ValueError(message)
    if folder.exists() and any(folder.iterdir()):
        message = f"{folder} is not empty"
        raise FileExistsError(message)
    return sorted(_write(files(__package__) / "template", folder, name))


def _write(source: Traversable, target: Path, name: str) -> list[Path]:
    written = []
    target.mkdir(parents=True, exist_ok=True)
    for one in source.iterdir():
        path = target / _named(one.name, name)
        if one.is_dir():
            written += [] if one.name == "__pycache__" else _write(one, path, name)
        else:
            # The template's test would else be found by our own tools, which have no such package.
            path = path.with_name(path.name.removesuffix(".txt"))
            path.write_text(_named(one.read_text(encoding="utf-8"), name), encoding="utf-8")
            written.append(path)
    return written


def _named(text: str, name: str) -> str:
    return text.replace(_TEMPLATE, name).replace(_TEMPLATE.title(), name.title())


def main(arguments: list[str] | None = None) -> int:
    """Run the command."""
    parser = argparse.ArgumentParser(prog="python -m paylinks_ports.testing.new", description=__doc__)
    parser.add_argument("name", help="one word of small letters, the provider's name in URLs")
    parser.add_argument("folder", nargs="?", type=Path, help="where to; paylinks-NAME without it")
    given = parser.parse_args(arguments)
    folder = given.folder or Path(f"paylinks-{given.name}")
    try:
        written = make_plugin(given.name, folder)
    except (ValueError, FileExistsError) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    lines = [f"Made {folder}:", *(f"  {path.relative_to(folder)}" for path in written), "Next:"]
    lines += [f"  pip install --editable '{folder}[testing]'", f"  pytest {folder}"]
    sys.stdout.write("\n".join(lines) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
