"""The ports beside the storage: time, ids, tokens, the vault, the accounts at providers, and the sender of webhooks."""

from collections.abc import Awaitable, Mapping
from typing import Any, Protocol, TypeVar

from msgspec import Struct, field

from .cards import Card
from .payments import Unknown
from .providers import DemoWord
from .records.settings import PluginSetting

__all__ = [
    "Account",
    "Accounts",
    "Clock",
    "Ids",
    "MarketingAccount",
    "MarketingAccounts",
    "Reply",
    "Resolver",
    "Sender",
    "TextRecords",
    "Tokens",
    "Vault",
]

R = TypeVar("R")


class Clock(Protocol):
    """The time."""

    def now(self) -> int:
        """Tell it in Unix milliseconds."""

    async def sleep(self, milliseconds: int) -> None:
        """Wait that long by this clock."""


class Ids(Protocol):
    """New names for things."""

    def new(self, prefix: str) -> str:
        """Make ``prefix_…``, time-ordered, with 96 random bits."""

    def code(self) -> str:
        """Make the unguessable last word of a short link, at least 96 random bits."""

    def secret(self, prefix: str) -> str:
        """Make ``prefix…`` and 256 random bits: an API key or a signing secret."""


class Tokens(Protocol):
    """Signed checkout tokens (HS256 JWT)."""

    def sign(self, claims: Mapping[str, object], secret: str, *, key_id: str | None = None) -> str:
        """Write a token; `key_id` is its `kid`."""

    def key_id(self, token: str) -> str | None:
        """Read which key a token says it is signed with, unverified.

        Raises:
            InvalidToken: it is no JWT.

        """

    def verify(self, token: str, secret: str) -> dict[str, object]:
        """Check signature, algorithm and time (30 s leeway) and give the claims.

        Raises:
            InvalidToken, ExpiredToken: it is not ours, or over.

        """


class Vault(Protocol):
    """Seals secrets for the database (AES-GCM under a key ring)."""

    def seal(self, plain: str, context: str) -> str:
        """Seal under the newest key, bound to `context` (what it is and whose), so that it can't be moved."""

    def is_current(self, sealed: str) -> bool:
        """Say whether a text is sealed under the newest key."""

    def open(self, sealed: str, context: str) -> str:
        """Open with whichever key of the ring sealed it.

        Raises:
            VaultError: no key fits, or it was altered or moved.

        """


class Account(Protocol):
    """One brand's opened merchant account at one provider, or its double in demo mode.

    Args:
        gateway: the plugin's own gateway; its powers are its methods.
        demo: it is the simulator.
        lease: milliseconds after which an ask that has not been remembered is certainly over.

    """

    provider: str
    gateway: Any  # Any: one of the two generic seams, a gateway is its powers
    demo: bool
    lease: int

    async def ask(self, call: Awaitable[R], word: DemoWord | None = None) -> R | Unknown:
        """Await one call of the gateway and turn every accident into what it means.

        `Unknown` is whatever left in doubt whether the request took effect: a timeout, a lost reply, nonsense, a bug.

        Args:
            call: of the gateway.
            word: what a simulator is to let it come to, where its payment token says nothing.

        Raises:
            ProviderUnavailable, CredentialsRejected, ProviderRefused: nothing happened at the provider.

        """

    def plays(self) -> bool:
        """Say whether the customer's part in the browser can be played: in demo mode, at some providers."""

    async def play(self, reference: str, word: str) -> None:
        """Play the customer who pays in the browser; to be awaited through `ask`."""

    def card(self, word: str) -> Card | None:
        """Give the simulator's own test card for a word, at a provider that takes cards; None outside demo mode."""


class Accounts(Protocol):
    """Opens merchant accounts."""

    async def open(self, brand_id: str, provider: str, setting: PluginSetting | None) -> Account:
        """Open a brand's account; without credentials in `setting`, its double.

        Raises:
            VaultError: the credentials can't be unsealed.

        """


class Reply(Struct, frozen=True, kw_only=True):
    """What came of sending to an address.

    Args:
        status: of the answer; None: there was none, and `error` says why.
        body: the answer's beginning.
        retry_after: milliseconds that the receiver asks to be left alone for.

    """

    status: int | None = None
    headers: dict[str, str] = field(default_factory=dict)
    body: str = ""
    error: str | None = None
    retry_after: int = 0

    @property
    def received(self) -> bool:
        """Whether it was received: any 2xx."""
        return self.status is not None and 200 <= self.status < 300  # noqa: PLR2004 - as HTTP has it


class Sender(Protocol):
    """Posts to addresses that customers of the platform have chosen, which may be anyone's."""

    async def refusal(self, url: str) -> str | None:
        """Say why nothing is ever sent there, such as an address inside our own network; None: it may be."""

    async def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> Reply:
        """Send once, within 30 seconds, to an address that was checked for this very connection; never raises."""


class MarketingAccount(Protocol):
    """One brand's opened account at one marketing system, or its double for demo orders.

    Args:
        gateway: the plugin's own gateway; its powers are its methods.
        timeout: seconds that one call may take.

    """

    gateway: Any  # Any: as for `Account`
    timeout: float


class MarketingAccounts(Protocol):
    """Opens accounts at marketing systems."""

    async def open(self, brand_id: str, integration: str, setting: PluginSetting | None) -> MarketingAccount:
        """Open a brand's account; without credentials in `setting`, its double.

        Raises:
            VaultError: the credentials can't be unsealed.

        """


class TextRecords(Struct, frozen=True, kw_only=True):
    """What the DNS says of a name.

    Args:
        values: its TXT records; none: it is certain that there are none.
        problem: why nothing could be learned, as the end of a sentence.

    """

    values: tuple[str, ...] = ()
    problem: str | None = None


class Resolver(Protocol):
    """Asks the DNS."""

    async def texts(self, name: str) -> TextRecords:
        """Read the TXT records of a name, from its zone's own servers where these answer; never raises."""
