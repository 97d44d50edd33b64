"""Finding plugins: the operator's file is checked, and whatever is wrong is named. Not what a plugin does."""

import sys
from importlib.metadata import EntryPoint
from pathlib import Path
from types import ModuleType

import pytest

from paylinks_ports import hookimpl
from paylinks_stripe import PROVIDER
from paylinks_web import plugins
from paylinks_web.config import ConfigError
from paylinks_web.plugins import find_plugins


def install(monkeypatch: pytest.MonkeyPatch, **modules: str) -> None:
    """Have these plugins installed and no others, each under its module's name."""
    points = [EntryPoint(name=name, value=module, group="paylinks") for name, module in modules.items()]
    monkeypatch.setattr(plugins, "entry_points", lambda **_: points)


def write(folder: Path, text: str) -> Path:
    """Write the operator's file."""
    path = folder / "plugins.toml"
    path.write_text(text)
    return path


def problems(path: Path) -> list[str]:
    """Look for plugins where something is wrong and give what is said of it."""
    with pytest.raises(ConfigError) as caught:
        find_plugins(path)
    return caught.value.problems


def test_without_a_file_every_plugin_is_on(tmp_path: Path) -> None:
    """The file is optional, and a plugin without a table has the defaults."""
    stripe = find_plugins(tmp_path / "none.toml").payment["stripe"]
    assert stripe.distribution == "paylinks-stripe"
    assert stripe.settings.enabled
    assert stripe.settings.api_base is None
    assert "charge" in stripe.powers
    assert [one.name for one in stripe.operations] == ["confirm", "create-intent"]


def test_the_operators_settings_are_read(tmp_path: Path) -> None:
    """A table holds for its plugin."""
    path = write(tmp_path, '[stripe]\napi_base = "http://127.0.0.1:1"\ntimeout_seconds = 5\n')
    settings = find_plugins(path).payment["stripe"].settings
    assert (settings.api_base, settings.timeout_seconds) == ("http://127.0.0.1:1", 5)


def test_no_plugin_at_all_is_fine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A platform without plugins starts."""
    install(monkeypatch)
    assert dict(find_plugins(tmp_path / "none.toml").payment) == {}


def test_what_is_switched_off_is_not_imported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A plugin that is broken can be switched off."""
    install(monkeypatch, acme="no_such_module_anywhere")
    found = find_plugins(write(tmp_path, "[acme]\nenabled = false\n"))
    assert (dict(found.payment), found.switched_off) == ({}, ("acme",))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[stripe", "plugins.toml is not TOML"),
        ("[stripe]\ntimeout = 3\n", "plugins.toml, [stripe]"),
        ('[stripe]\ntimeout_seconds = "3"\n', "plugins.toml, [stripe]"),
        ("stripe = 1\n", "plugins.toml, [stripe]"),
        ("[nobody]\n", "plugins.toml has a table [nobody], but no such plugin is installed"),
    ],
)
def test_a_wrong_file_stops_the_start(tmp_path: Path, text: str, said: str) -> None:
    """What is wrong in the file is told with the table's name."""
    found = problems(write(tmp_path, text))
    assert len(found) == 1
    assert found[0].startswith(said)


def test_all_problems_are_told_at_once(tmp_path: Path) -> None:
    """Two wrong tables are two problems."""
    assert len(problems(write(tmp_path, "[nobody]\n[stripe]\ntimeout = 3\n"))) == 2


def test_a_broken_plugin_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A plugin that can't be imported stops the start with its name, and the others are still looked at."""
    install(monkeypatch, acme="no_such_module_anywhere", broken="no_such_module_either")
    found = problems(tmp_path / "none.toml")
    assert [problem.split(":")[0] for problem in found] == [
        "plugin acme can't be loaded",
        "plugin broken can't be loaded",
    ]


def test_a_plugin_that_announces_nothing_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An entry point without the hook is no plugin."""
    install(monkeypatch, acme="string")
    assert problems(tmp_path / "none.toml") == [
        (
            "plugin acme can't be loaded: TypeError: "
            "it does not announce exactly one PaymentProvider or MarketingIntegration"
        )
    ]


def test_a_plugin_under_a_wrong_name_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The entry point's name is the word in the URL, so the two must agree."""
    module = ModuleType("acme_plugin")
    module.payment_provider = hookimpl(lambda: PROVIDER, specname="payment_provider")  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "acme_plugin", module)
    install(monkeypatch, acme="acme_plugin")
    assert problems(tmp_path / "none.toml") == ["plugin acme announces itself as stripe"]
