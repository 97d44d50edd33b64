"""The configuration: what it makes of the environment, and that it reports every problem at once."""

import base64
import stat
from pathlib import Path

import pytest

from paylinks_web.config import ConfigError, read_config

KEY = base64.urlsafe_b64encode(bytes(32)).decode()
REAL = {
    "PAYLINKS_ENV": "production",
    "PAYLINKS_BASE_URL": "https://pay.example",
    "PAYLINKS_DATABASE_URL": "postgresql://db.example/paylinks",
    "PAYLINKS_SMTP_URL": "smtps://mail.example",
    "PAYLINKS_SECRET_KEYS": KEY,
    "CHECKOUT_TOKEN_SECRET": "s" * 32,
}


def problems(environment: dict[str, str]) -> list[str]:
    """Read a wrong configuration and give what is said of it."""
    with pytest.raises(ConfigError) as caught:
        read_config(environment)
    assert all(f"  - {problem}" in str(caught.value) for problem in caught.value.problems)
    return caught.value.problems


def test_development_needs_nothing(tmp_path: Path) -> None:
    """An empty environment is a working one."""
    config = read_config({"PAYLINKS_DATA_DIR": str(tmp_path)})
    assert config.development
    assert (config.host, config.port, config.base_url) == ("127.0.0.1", 8000, "http://127.0.0.1:8000")
    assert config.database_url == f"sqlite:///{tmp_path}/paylinks.db"
    assert config.demo_everywhere
    assert (config.rate_limit_authenticated, config.rate_limit_unauthenticated) == (100, 20)
    assert config.rate_limit_webhook == 1000


def test_secrets_are_generated_once(tmp_path: Path) -> None:
    """A restart reads what the first start wrote, in a file that is its owner's alone."""
    environment = {"PAYLINKS_DATA_DIR": str(tmp_path / "made")}
    first, second = read_config(environment), read_config(environment)
    assert (first.token_secret, first.secret_keys) == (second.token_secret, second.secret_keys)
    assert len(first.token_secret) >= 32
    assert first.token_secret != first.secret_keys
    written = list((tmp_path / "made").iterdir())
    assert [path.name for path in written] == ["development-secrets.json"]
    assert stat.S_IMODE(written[0].stat().st_mode) == 0o600


def test_a_given_secret_wins_over_a_generated_one(tmp_path: Path) -> None:
    """Each of the two secrets may be set on its own."""
    config = read_config({"PAYLINKS_DATA_DIR": str(tmp_path), "CHECKOUT_TOKEN_SECRET": "g" * 40})
    assert config.token_secret == "g" * 40
    assert config.secret_keys


def test_production_with_all_it_needs(tmp_path: Path) -> None:
    """What is complete starts, generates nothing, and keeps demo mode to test brands."""
    config = read_config(REAL | {"PAYLINKS_DATA_DIR": str(tmp_path / "none")})
    assert not config.development
    assert not config.demo_everywhere
    assert not (tmp_path / "none").exists()


def test_production_lists_all_it_misses() -> None:
    """One start tells everything, so that nobody goes from start to start."""
    found = problems({"PAYLINKS_ENV": "production"})
    for name in REAL.keys() - {"PAYLINKS_ENV"}:
        assert any(problem.startswith(name) for problem in found), name
    assert len(found) == len(REAL) - 1


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PAYLINKS_BASE_URL", "http://pay.example"),
        ("CHECKOUT_TOKEN_SECRET", "s3cret"),
        ("PAYLINKS_SECRET_KEYS", "not-32-bytes"),
        ("PAYLINKS_WORKERS", "2"),
    ],
)
def test_production_refuses_what_is_unsafe(name: str, value: str) -> None:
    """No plain http, no weak secrets, and no workers that each count limits alone; no value is repeated."""
    found = problems(REAL | {name: value})
    assert len(found) == 1
    assert value == "2" or value not in found[0]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PAYLINKS_ENV", "staging"),
        ("PAYLINKS_PORT", "80000"),
        ("PAYLINKS_PORT", "-1"),
        ("PAYLINKS_PORT", "٨"),
        ("PAYLINKS_BASE_URL", "pay.example"),
        ("PAYLINKS_DATABASE_URL", "mysql://db"),
        ("PAYLINKS_REDIS_URL", "db.example:6379"),
        ("PAYLINKS_TRUSTED_PROXIES", "10.0.0.0/8, here"),
        ("PAYLINKS_MAINTENANCE", "yes"),
        ("PAYLINKS_DEMO", "everyone"),
        ("PAYLINKS_WORKERS", "2"),
        ("PAYLINKS_RATE_LIMIT_AUTHENTICATED", "many"),
        ("PAYLINKS_PLUGINS", "/nowhere/plugins.toml"),
    ],
)
def test_a_wrong_value_is_named(tmp_path: Path, name: str, value: str) -> None:
    """A wrong value is one problem, under its variable's name."""
    found = problems({"PAYLINKS_DATA_DIR": str(tmp_path), name: value})
    assert len(found) == 1
    assert name in found[0]


def test_problems_come_all_at_once(tmp_path: Path) -> None:
    """Several wrong values are several lines of one message."""
    found = problems({"PAYLINKS_DATA_DIR": str(tmp_path), "PAYLINKS_PORT": "x", "PAYLINKS_DEMO": "x"})
    assert len(found) == 2


def test_a_misspelt_variable_is_found(tmp_path: Path) -> None:
    """A setting that would silently do nothing stops the start; tests' own variables do not."""
    found = problems({"PAYLINKS_DATA_DIR": str(tmp_path), "PAYLINKS_PROT": "80", "PAYLINKS_TEST_ANY": "1"})
    assert found == ["PAYLINKS_PROT is no setting; is it misspelt?"]


def test_settings_of_later_features_are_known(tmp_path: Path) -> None:
    """What the contract names is not called misspelt before its feature is there."""
    read_config({"PAYLINKS_DATA_DIR": str(tmp_path), "PAYLINKS_REGISTRATION": "closed"})


@pytest.mark.parametrize(
    ("host", "base"),
    [("0.0.0.0", "127.0.0.1"), ("::", "127.0.0.1"), ("::1", "[::1]"), ("pay.test", "pay.test")],  # noqa: S104
)
def test_links_lead_to_an_address_that_answers(tmp_path: Path, host: str, base: str) -> None:
    """Without a base URL, links name where the server can be reached."""
    config = read_config({"PAYLINKS_DATA_DIR": str(tmp_path), "PAYLINKS_HOST": host, "PAYLINKS_PORT": "81"})
    assert config.base_url == f"http://{base}:81"


def test_webhooks_to_private_networks_are_for_development(tmp_path: Path) -> None:
    """On there, off in production, and either can be said; a secret has the shape that receivers know."""
    here = {"PAYLINKS_DATA_DIR": str(tmp_path)}
    name = "PAYLINKS_ALLOW_PRIVATE_WEBHOOKS"
    assert read_config(here).allow_private_webhooks
    assert not read_config(here | {name: "0"}).allow_private_webhooks
    assert not read_config(REAL).allow_private_webhooks
    assert read_config(REAL | {name: "1"}).allow_private_webhooks
    assert name in problems(here | {name: "yes"})[0]

    secret = "whsec_" + base64.b64encode(bytes(24)).decode()
    assert read_config(here | {"PAYLINKS_WEBHOOK_SECRET": secret}).webhook_secret == secret
    for wrong in ("whsec_short", "secret_" + "A" * 40, "whsec_!" + "A" * 40):
        (problem,) = problems(here | {"PAYLINKS_WEBHOOK_SECRET": wrong})
        assert problem.startswith("PAYLINKS_WEBHOOK_SECRET is not")
        assert wrong not in problem


def test_sign_in_settings(tmp_path: Path) -> None:
    """Open registration, ten wrong passwords and the known password by default; half a client is none."""
    config = read_config({"PAYLINKS_DATA_DIR": str(tmp_path)})
    assert (config.registration_open, config.rate_limit_login) == (True, 10)
    assert config.admin_password == "paylinks-development"
    assert (config.google, config.facebook, config.smtp_url) == (None, None, None)
    given = {
        "PAYLINKS_REGISTRATION": "closed",
        "PAYLINKS_GOOGLE_CLIENT_ID": "id",
        "PAYLINKS_GOOGLE_CLIENT_SECRET": "secret",
        "PAYLINKS_RATE_LIMIT_LOGIN": "0",
    }
    config = read_config({"PAYLINKS_DATA_DIR": str(tmp_path), **given})
    assert (config.registration_open, config.rate_limit_login, config.google) == (False, 0, ("id", "secret"))
    found = problems({"PAYLINKS_FACEBOOK_CLIENT_ID": "id", "PAYLINKS_SMTP_URL": "mail.example"})
    assert found == [
        "PAYLINKS_SMTP_URL is not smtp(s)://user:password@host:port",
        "PAYLINKS_FACEBOOK_CLIENT_ID and PAYLINKS_FACEBOOK_CLIENT_SECRET go together, and one of them is missing",
    ]
