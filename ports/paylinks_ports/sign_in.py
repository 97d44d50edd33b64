"""The ports that signing in stands on: passwords, one-time codes, throttles, mail and sign-in providers."""

from collections.abc import Sequence
from typing import Protocol

from msgspec import Struct

from .errors import PaylinksError
from .records.mails import Mail

__all__ = ["Mailer", "OneTimeCodes", "Passwords", "Profile", "SignInProvider", "SignInUnproven", "Throttle"]


class Passwords(Protocol):
    """Hashes passwords, slowly and beside the event loop."""

    async def hash(self, password: str, salt: str | None = None) -> str:
        """Hash a new one.

        Args:
            password: the new one.
            salt: a secret, of which hashes get the same salt; None: a random one.

        """

    async def verify(self, password: str, password_hash: str | None) -> bool:
        """Say whether it is the one; with None it takes as long and says no."""

    async def fitting(self, password: str, password_hashes: Sequence[str]) -> frozenset[str]:
        """Give those that are of the password. Those of the same salt take as long as one, and so do none at all."""

    def outdated(self, password_hash: str) -> bool:
        """Say whether a hash was made with other parameters than today's."""


class OneTimeCodes(Protocol):
    """Codes of authenticator apps (TOTP, RFC 6238)."""

    def secret(self) -> str:
        """Make the secret of a new app, in base32."""

    def url(self, secret: str, account: str) -> str:
        """Write the ``otpauth://`` address that apps read from a QR code."""

    def step(self, secret: str, code: str, now: int) -> int | None:
        """Tell the time step whose code this is, within 30 s of `now` (Unix milliseconds); None: of none."""


class Throttle(Protocol):
    """Counts tries within minutes. It holds in this process even while what it shares with others is away."""

    async def take(self, key: str, limit: int) -> int | None:
        """Count one try; None: it is within the limit, else the seconds to wait."""

    async def give_back(self, key: str) -> None:
        """Uncount one try: it was a good one."""


class Mailer(Protocol):
    """Sends mail."""

    async def send(self, mail: Mail) -> None:
        """Send one, or keep it to be read; a failure is logged and told to nobody, for whom it is stays unsaid."""


class Profile(Struct, frozen=True, kw_only=True):
    """Who somebody is at a sign-in provider.

    Args:
        subject: the one thing that never changes hands.
        email: None: the provider tells none.
        email_verified: the provider vouches for it.

    """

    subject: str
    email: str | None = None
    email_verified: bool = False
    name: str | None = None


class SignInUnproven(PaylinksError):
    """What came back from a sign-in provider proves nothing: wrong, forged, over, or meant for someone else."""


class SignInProvider(Protocol):
    """Google, or Facebook: the authorization code flow with PKCE."""

    def address(self, *, state: str, nonce: str, verifier: str, back: str) -> str:
        """Write where a browser is sent to sign in.

        Args:
            state: comes back with the browser.
            nonce: comes back in what the provider signs.
            verifier: the PKCE secret; only its hash is sent.
            back: the address the browser comes back to.

        """

    async def profile(self, *, code: str, nonce: str, verifier: str, back: str) -> Profile:
        """Exchange what the browser brought back for who it is.

        Raises:
            SignInUnproven: it proves nothing.
            ProviderUnavailable: the provider can't be reached.

        """
