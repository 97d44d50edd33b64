"""Configuration: the environment, and a `.env` beside the process, read once into one frozen Struct.

Nothing reads the environment later. Every problem is found and reported at once.
"""

import base64
import ipaddress
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

import msgspec
from msgspec import Struct

from paylinks_core.signatures import is_secret

__all__ = ["Config", "ConfigError", "read_config"]

_SETTINGS = frozenset(
    {
        "PAYLINKS_ALLOW_PRIVATE_WEBHOOKS",
        "PAYLINKS_ADMIN_PASSWORD",
        "PAYLINKS_BASE_URL",
        "PAYLINKS_DATABASE_URL",
        "PAYLINKS_DATA_DIR",
        "PAYLINKS_DEMO",
        "PAYLINKS_ENV",
        "PAYLINKS_FACEBOOK_CLIENT_ID",
        "PAYLINKS_FACEBOOK_CLIENT_SECRET",
        "PAYLINKS_GOOGLE_CLIENT_ID",
        "PAYLINKS_GOOGLE_CLIENT_SECRET",
        "PAYLINKS_HOST",
        "PAYLINKS_MAINTENANCE",
        "PAYLINKS_PLUGINS",
        "PAYLINKS_PORT",
        "PAYLINKS_RATE_LIMIT_AUTHENTICATED",
        "PAYLINKS_RATE_LIMIT_LOGIN",
        "PAYLINKS_RATE_LIMIT_UNAUTHENTICATED",
        "PAYLINKS_RATE_LIMIT_WEBHOOK",
        "PAYLINKS_REDIS_URL",
        "PAYLINKS_REGISTRATION",
        "PAYLINKS_SECRET_KEYS",
        "PAYLINKS_SMTP_URL",
        "PAYLINKS_TRUSTED_PROXIES",
        "PAYLINKS_WEBHOOK_SECRET",
        "PAYLINKS_WORKERS",
    }
)
_CLIENTS = ("GOOGLE", "FACEBOOK")
_TESTS = "PAYLINKS_TEST_"
_SECRET_LENGTH = 32
_MAX_PORT = 65_535


class Config(Struct, frozen=True, kw_only=True):
    """One deployment's settings, as api.md §14 lists them.

    Args:
        token_secret: `CHECKOUT_TOKEN_SECRET`.
        secret_keys: `PAYLINKS_SECRET_KEYS`, newest first, each 32 bytes in base64url.
        rate_limit_authenticated: calls a minute; 0 is no limit, likewise for the others.
        trusted_proxies: networks whose `X-Forwarded-For` is believed.
        allow_private_webhooks: outgoing webhooks may go to loopback and private addresses.
        webhook_secret: signs deliveries to the own addresses of the default brand's checkouts; None: a derived one.
        rate_limit_login: wrong passwords a minute of one account; 0 is no limit.
        admin_password: of the owner that development is seeded with.
        smtp_url: it may hold a password; None: mail is kept in the local outbox.
        google, facebook: client id and secret; None: not configured.

    """

    env: Literal["development", "production"]
    host: str
    port: int
    base_url: str
    database_url: str
    redis_url: str | None
    data_dir: Path
    token_secret: str
    secret_keys: str
    maintenance: bool
    demo_everywhere: bool
    plugins_file: Path
    workers: int
    rate_limit_authenticated: int
    rate_limit_unauthenticated: int
    rate_limit_webhook: int
    trusted_proxies: tuple[str, ...]
    allow_private_webhooks: bool
    webhook_secret: str | None
    rate_limit_login: int
    admin_password: str
    registration_open: bool
    smtp_url: str | None
    google: tuple[str, str] | None
    facebook: tuple[str, str] | None

    @property
    def development(self) -> bool:
        """Whether the deployment is for development."""
        return self.env == "development"


class ConfigError(Exception):
    """The configuration is wrong; the message lists every problem, one a line."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("The configuration is wrong:\n" + "\n".join(f"  - {problem}" for problem in problems))
        self.problems = problems


class _DevelopmentSecrets(Struct, frozen=True):
    token_secret: str
    secret_keys: str


class _Reader:
    """Reads variables and gathers what is wrong with them; no value is put into a problem, it may be secret."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self.environment = environment
        self.problems: list[str] = []

    def text(self, name: str, default: str) -> str:
        return self.environment.get(name, "").strip() or default

    def choice(self, name: str, *choices: str) -> str:
        value = self.text(name, choices[0])
        if value not in choices:
            self.problems.append(f"{name} is neither {' nor '.join(choices)}")
            return choices[0]
        return value

    def number(self, name: str, default: int, most: int) -> int:
        value = self.text(name, str(default))
        if not value.isascii() or not value.isdigit() or int(value) > most:
            self.problems.append(f"{name} is not a whole number from 0 to {most}")
            return default
        return int(value)

    def pair(self, *names: str) -> tuple[str, str] | None:
        values = [self.text(name, "") for name in names]
        if any(values) and not all(values):
            self.problems.append(f"{names[0]} and {names[1]} go together, and one of them is missing")
        return (values[0], values[1]) if all(values) else None


def read_config(environment: Mapping[str, str]) -> Config:
    """Read all settings; in development, what is missing is generated once and kept in the data folder.

    Raises:
        ConfigError: listing every problem.

    """
    read = _Reader(environment)
    env = read.choice("PAYLINKS_ENV", "development", "production")
    host = read.text("PAYLINKS_HOST", "127.0.0.1")
    port = read.number("PAYLINKS_PORT", 8000, _MAX_PORT)
    data_dir = Path(read.text("PAYLINKS_DATA_DIR", "./data"))
    plugins_file = Path(read.text("PAYLINKS_PLUGINS", "./plugins.toml"))
    if "PAYLINKS_PLUGINS" in environment and not plugins_file.is_file():
        read.problems.append("PAYLINKS_PLUGINS names no file")
    workers = max(read.number("PAYLINKS_WORKERS", 1, 64), 1)
    database_url = read.text("PAYLINKS_DATABASE_URL", f"sqlite:///{data_dir}/paylinks.db")
    redis_url = read.text("PAYLINKS_REDIS_URL", "") or None
    base_url = read.text("PAYLINKS_BASE_URL", f"http://{_reachable(host)}:{port}").rstrip("/")
    proxies = tuple(part.strip() for part in read.text("PAYLINKS_TRUSTED_PROXIES", "").split(",") if part.strip())
    demo = read.choice("PAYLINKS_DEMO", "test-brands", "all")
    limits = {
        name: read.number(f"PAYLINKS_RATE_LIMIT_{name}", default, 1_000_000)
        for name, default in (("AUTHENTICATED", 100), ("UNAUTHENTICATED", 20), ("WEBHOOK", 1000), ("LOGIN", 10))
    }
    registration = read.choice("PAYLINKS_REGISTRATION", "open", "closed")
    smtp_url = read.text("PAYLINKS_SMTP_URL", "") or None
    if smtp_url and (urlsplit(smtp_url).scheme not in ("smtp", "smtps") or not urlsplit(smtp_url).hostname):
        read.problems.append("PAYLINKS_SMTP_URL is not smtp(s)://user:password@host:port")
    clients = {name: read.pair(f"PAYLINKS_{name}_CLIENT_ID", f"PAYLINKS_{name}_CLIENT_SECRET") for name in _CLIENTS}
    maintenance = read.choice("PAYLINKS_MAINTENANCE", "0", "1") == "1"
    read.problems += _wrong_urls(base_url, database_url, redis_url, proxies)
    if workers > 1 and database_url.startswith("sqlite:"):
        read.problems.append("PAYLINKS_WORKERS is above 1, which needs PostgreSQL in PAYLINKS_DATABASE_URL")
    if env == "production":
        read.problems += _missing_in_production(environment, base_url, workers, redis_url)
    read.problems += _unknown(environment)
    token_secret = read.text("CHECKOUT_TOKEN_SECRET", "")
    if token_secret and len(token_secret.encode()) < _SECRET_LENGTH:
        read.problems.append(f"CHECKOUT_TOKEN_SECRET is shorter than {_SECRET_LENGTH} bytes")
    allow_private = read.choice(
        "PAYLINKS_ALLOW_PRIVATE_WEBHOOKS", *(("1", "0") if env == "development" else ("0", "1"))
    )
    webhook_secret = read.text("PAYLINKS_WEBHOOK_SECRET", "") or None
    if webhook_secret and not is_secret(webhook_secret):
        read.problems.append("PAYLINKS_WEBHOOK_SECRET is not whsec_ and 24 to 64 bytes in base64")
    secret_keys = read.text("PAYLINKS_SECRET_KEYS", "")
    read.problems += _wrong_keys(secret_keys)
    if read.problems:
        raise ConfigError(read.problems)
    if not (token_secret and secret_keys):  # only in development: production has been told above
        generated = _development_secrets(data_dir)
        token_secret = token_secret or generated.token_secret
        secret_keys = secret_keys or generated.secret_keys
    return Config(
        env="production" if env == "production" else "development",
        host=host,
        port=port,
        base_url=base_url,
        database_url=database_url,
        redis_url=redis_url,
        data_dir=data_dir,
        token_secret=token_secret,
        secret_keys=secret_keys,
        maintenance=maintenance,
        demo_everywhere=env == "development" or demo == "all",
        plugins_file=plugins_file,
        workers=workers,
        rate_limit_authenticated=limits["AUTHENTICATED"],
        rate_limit_unauthenticated=limits["UNAUTHENTICATED"],
        rate_limit_webhook=limits["WEBHOOK"],
        trusted_proxies=proxies,
        allow_private_webhooks=allow_private == "1",
        webhook_secret=webhook_secret,
        rate_limit_login=limits["LOGIN"],
        admin_password=read.text("PAYLINKS_ADMIN_PASSWORD", "paylinks-development"),
        registration_open=registration == "open",
        smtp_url=smtp_url,
        google=clients["GOOGLE"],
        facebook=clients["FACEBOOK"],
    )


def _reachable(host: str) -> str:
    if host in ("0.0.0.0", "::"):  # noqa: S104 - a link needs an address that can be called
        return "127.0.0.1"
    return f"[{host}]" if ":" in host else host


def _wrong_urls(base_url: str, database_url: str, redis_url: str | None, proxies: tuple[str, ...]) -> list[str]:
    problems = []
    if urlsplit(base_url).scheme not in ("http", "https") or not urlsplit(base_url).hostname:
        problems.append("PAYLINKS_BASE_URL is not an http or https URL")
    if not database_url.startswith(("sqlite:///", "postgresql://", "postgres://")):
        problems.append("PAYLINKS_DATABASE_URL starts with neither sqlite:/// nor postgresql://")
    if redis_url and not redis_url.startswith(("redis://", "rediss://", "unix://")):
        problems.append("PAYLINKS_REDIS_URL starts with neither redis:// nor rediss:// nor unix://")
    for proxy in proxies:
        try:
            ipaddress.ip_network(proxy)
        except ValueError:
            problems.append(f"PAYLINKS_TRUSTED_PROXIES has {proxy!r}, which is no network such as 10.0.0.0/8")
    return problems


def _missing_in_production(
    environment: Mapping[str, str], base_url: str, workers: int, redis_url: str | None
) -> list[str]:
    needed = ("CHECKOUT_TOKEN_SECRET", "PAYLINKS_SECRET_KEYS", "PAYLINKS_DATABASE_URL", "PAYLINKS_SMTP_URL")
    problems = [f"{name} is missing, which production needs" for name in needed if not environment.get(name)]
    if not base_url.startswith("https://"):
        problems.append("PAYLINKS_BASE_URL is not https, which production needs")
    if workers > 1 and redis_url is None:
        problems.append("PAYLINKS_REDIS_URL is missing, which several workers need in production")
    return problems


def _unknown(environment: Mapping[str, str]) -> list[str]:
    known = _SETTINGS
    return [
        f"{name} is no setting; is it misspelt?"
        for name in sorted(environment)
        if name.startswith("PAYLINKS_") and not name.startswith(_TESTS) and name not in known
    ]


def _wrong_keys(secret_keys: str) -> list[str]:
    for number, key in enumerate(filter(None, secret_keys.split(",")), 1):
        try:
            raw = base64.urlsafe_b64decode(key.strip() + "=" * (-len(key.strip()) % 4))
        except ValueError:
            raw = b""
        if len(raw) != _SECRET_LENGTH:
            return [f"PAYLINKS_SECRET_KEYS: key {number} is not {_SECRET_LENGTH} bytes in base64url"]
    return []


def _development_secrets(data_dir: Path) -> _DevelopmentSecrets:
    """Read the generated secrets, or generate them; only the owner may read the file."""
    path = data_dir / "development-secrets.json"
    if path.is_file():
        return msgspec.json.decode(path.read_bytes(), type=_DevelopmentSecrets)
    data_dir.mkdir(parents=True, exist_ok=True)
    generated = _DevelopmentSecrets(secrets.token_urlsafe(_SECRET_LENGTH), secrets.token_urlsafe(_SECRET_LENGTH))
    draft = path.with_suffix(f".{secrets.token_hex(4)}")
    draft.touch(mode=0o600)
    draft.write_bytes(msgspec.json.encode(generated))
    try:
        path.hardlink_to(draft)  # the first process wins, the others read what it wrote
    except FileExistsError:
        pass
    finally:
        draft.unlink()
    return msgspec.json.decode(path.read_bytes(), type=_DevelopmentSecrets)
