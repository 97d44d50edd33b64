"""Signing in with Google or Facebook: there and back, and whose account it is that comes back."""

import hmac

from msgspec import Struct

from paylinks_ports.errors import Conflict, ExpiredToken, InvalidToken, ProviderUnavailable
from paylinks_ports.records.people import Identity, SignInProviderName, User
from paylinks_ports.records.sessions import LoginToken
from paylinks_ports.sign_in import Profile, SignInProvider, SignInUnproven

from .accounts import found, new_user
from .digests import digest
from .entrance import Entrance
from .errors import AddressTaken, InvalidInput, SignInNotConfigured, SignInRefused
from .identification import read_email
from .mailed_links import new_token, take_token
from .sessions import Admission, admit

__all__ = ["Departure", "come_back", "depart"]

_LIFE = 600_000
_DAY = 86_400_000  # so long a token that is over is still told from one that never was
_LONGEST_NAME = 100


class Departure(Struct, frozen=True, kw_only=True):
    """Where a browser is sent, and what it keeps so that nobody else can come back in its place."""

    address: str
    browser: str


def _provider(entrance: Entrance, name: SignInProviderName) -> SignInProvider:
    provider = entrance.sign_in_providers.get(name)
    if provider is None:
        raise SignInNotConfigured
    return provider


def _back(entrance: Entrance, name: SignInProviderName) -> str:
    """Give the address to come back to: one a provider, so that an answer of one is never taken to another."""
    return f"{entrance.parts.base_url}/api/auth/{name}/callback"


async def depart(entrance: Entrance, name: SignInProviderName) -> Departure:
    """Begin a sign-in.

    Raises:
        SignInNotConfigured: the deployment is no client there.

    """
    provider, parts = _provider(entrance, name), entrance.parts
    browser, nonce, verifier = (parts.ids.secret("") for _ in range(3))
    # The state alone finds the record, and the browser has to be the one it was made for.
    data = {
        "provider": name,
        "browser": digest(browser),
        "nonce": nonce,
        "verifier": parts.vault.seal(verifier, "verifier"),
    }
    state, token = new_token(entrance, "sign_in", None, _LIFE, data)
    async with parts.units() as work:
        await work.login_tokens.sweep(parts.clock.now() - _DAY)
        await work.login_tokens.add(token)
        await work.commit()
    address = provider.address(state=state, nonce=nonce, verifier=verifier, back=_back(entrance, name))
    return Departure(address=address, browser=browser)


async def come_back(
    entrance: Entrance, name: SignInProviderName, *, code: str | None, state: str | None, browser: str | None
) -> Admission:
    """Finish a sign-in with what the browser brought back.

    Raises:
        SignInNotConfigured: the deployment is no client there.
        SignInRefused: with the word for the sign-in page.
        NoOrganization: the person belongs to none.

    """
    provider, parts = _provider(entrance, name), entrance.parts
    token = await _take_state(entrance, name, state, browser)
    if not code:
        raise SignInRefused("access_denied")
    verifier = parts.vault.open(token.data["verifier"], "verifier")
    try:
        profile = await provider.profile(
            code=code, nonce=token.data["nonce"], verifier=verifier, back=_back(entrance, name)
        )
    except SignInUnproven:
        raise SignInRefused("oauth_failed") from None
    except ProviderUnavailable:
        raise SignInRefused("oauth_unavailable") from None
    return await _admit(entrance, name, profile)


async def _take_state(
    entrance: Entrance, name: SignInProviderName, state: str | None, browser: str | None
) -> LoginToken:
    async with entrance.parts.units() as work:
        try:
            token = await take_token(entrance, work, state or "", "sign_in")
        except (InvalidToken, ExpiredToken):
            raise SignInRefused("invalid_state") from None
        await work.commit()
    same_browser = hmac.compare_digest(token.data["browser"], digest(browser or ""))
    if not same_browser or token.data["provider"] != name:
        raise SignInRefused("invalid_state")
    return token


async def _admit(entrance: Entrance, name: SignInProviderName, profile: Profile) -> Admission:
    parts = entrance.parts
    identity = await _identity(entrance, name, profile)
    if isinstance(identity, Admission):
        return identity
    async with parts.units() as work:
        user = await work.users.hold(identity.user_id)
        if user is None or await work.identities.get(name, profile.subject) is None:
            raise SignInRefused("oauth_failed")
        admission = await admit(parts, work, user)
        await work.commit()
    return admission


async def _identity(entrance: Entrance, name: SignInProviderName, profile: Profile) -> Identity | Admission:
    """Find whose it is; else link the account of a verified address, or make a new one.

    An account is linked only where both sides have proven the address: whoever registered it here without reading its
    mail would otherwise keep a key to the account of whoever does.
    """
    parts = entrance.parts
    async with parts.units.reading() as rows:
        known = await rows.identities.get(name, profile.subject)
    if known is not None:
        return known
    if profile.email is None:
        raise SignInRefused("email_missing")
    try:
        address = read_email(profile.email)
    except InvalidInput:
        raise SignInRefused("email_missing") from None
    async with parts.units.reading() as rows:
        user = await rows.users.by_email(address)
    if user is None:
        return await _newcomer(entrance, name, profile, address)
    if not (profile.email_verified and user.email_verified):
        raise SignInRefused("account_exists")
    return await _link(entrance, name, profile.subject, user)


async def _link(entrance: Entrance, name: SignInProviderName, subject: str, user: User) -> Identity:
    parts = entrance.parts
    identity = Identity(provider=name, subject=subject, user_id=user.id, created_at=parts.clock.now())
    try:
        async with parts.units() as work:
            await work.identities.add(identity)
            await work.commit()
    except Conflict:
        raise SignInRefused("oauth_failed") from None  # it has just become somebody's
    return identity


async def _newcomer(entrance: Entrance, name: SignInProviderName, profile: Profile, address: str) -> Admission:
    if not entrance.registration_open:
        raise SignInRefused("registration_disabled")
    called = "".join(sign for sign in profile.name or "" if sign.isprintable()).strip()[:_LONGEST_NAME]
    called = called or address.partition("@")[0]
    user = new_user(entrance.parts, address, called, None, email_verified=profile.email_verified)
    try:
        registered = await found(entrance, user, called, None)
    except AddressTaken:
        raise SignInRefused("account_exists") from None
    await _link(entrance, name, profile.subject, user)
    return registered.admission
