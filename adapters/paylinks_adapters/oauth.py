"""Google (OpenID Connect) and Facebook Login as sign-in providers, on httpx and PyJWT.

Facts: https://developers.google.com/identity/openid-connect/openid-connect,
https://developers.facebook.com/docs/facebook-login/guides/advanced/manual-flow and …/docs/graph-api/securing-requests.
"""

import base64
import hashlib
import hmac
from typing import Any, TypeVar
from urllib.parse import urlencode

import httpx
import msgspec
from msgspec import Struct

from paylinks_ports.errors import ProviderUnavailable
from paylinks_ports.services import Clock
from paylinks_ports.sign_in import Profile, SignInUnproven

__all__ = ["FacebookAddresses", "FacebookSignIn", "GoogleAddresses", "GoogleSignIn"]

T = TypeVar("T")
_LEEWAY_SECONDS = 60
_KEYS_LIFE = 3_600_000
_KEYS_REST = 60_000
_MOST_BYTES = 256 * 1024


class GoogleAddresses(Struct, frozen=True, kw_only=True):
    """Where Google is; tests put an OpenID provider of their own in its place."""

    authorize: str = "https://accounts.google.com/o/oauth2/v2/auth"
    token: str = "https://oauth2.googleapis.com/token"  # noqa: S105 - an address
    keys: str = "https://www.googleapis.com/oauth2/v3/certs"
    issuers: tuple[str, ...] = ("https://accounts.google.com", "accounts.google.com")


class FacebookAddresses(Struct, frozen=True, kw_only=True):
    """Where Facebook is; Graph v26.0 lives until 2028."""

    authorize: str = "https://www.facebook.com/v26.0/dialog/oauth"
    token: str = "https://graph.facebook.com/v26.0/oauth/access_token"  # noqa: S105 - an address
    debug: str = "https://graph.facebook.com/v26.0/debug_token"
    profile: str = "https://graph.facebook.com/v26.0/me"


class _IdToken(Struct):
    id_token: str


class _AccessToken(Struct):
    access_token: str


class _Inspected(Struct):
    app_id: str
    is_valid: bool
    user_id: str


class _Inspection(Struct):
    data: _Inspected


class _FacebookPerson(Struct):
    id: str
    name: str | None = None
    email: str | None = None


class GoogleSignIn:
    """Signs in with Google: state, nonce and PKCE, and an ID token that is checked against Google's keys."""

    def __init__(
        self,
        client_id: str,
        client_secret: str,
        client: httpx.AsyncClient,
        clock: Clock,
        addresses: GoogleAddresses | None = None,
    ) -> None:
        self._client_id = client_id
        self._client_secret = client_secret
        self._client = client
        self._clock = clock
        self._addresses = addresses or GoogleAddresses()
        self._keys: dict[str, Any] = {}
        self._keys_at = 0

    def address(self, *, state: str, nonce: str, verifier: str, back: str) -> str:
        """Write where a browser is sent to sign in."""
        asked = {
            "client_id": self._client_id,
            "redirect_uri": back,
            "response_type": "code",
            "scope": "openid email profile",
            "state": state,
            "nonce": nonce,
            "code_challenge": _challenge(verifier),
            "code_challenge_method": "S256",
        }
        return f"{self._addresses.authorize}?{urlencode(asked)}"

    async def profile(self, *, code: str, nonce: str, verifier: str, back: str) -> Profile:
        """Exchange a code for an ID token, and believe only what that proves.

        Raises:
            SignInUnproven: it proves nothing.
            ProviderUnavailable: Google can't be reached.

        """
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "client_id": self._client_id,
            "client_secret": self._client_secret,
            "redirect_uri": back,
            "code_verifier": verifier,
        }
        request = self._client.build_request("POST", self._addresses.token, data=form)
        token = _read(await _ask(self._client, request), _IdToken).id_token
        claims = await self._claims(token)
        if not hmac.compare_digest(str(claims.get("nonce", "")).encode(), nonce.encode()):
            raise SignInUnproven("The ID token belongs to another sign-in")
        if claims.get("azp", self._client_id) != self._client_id:
            raise SignInUnproven("The ID token was made for another client")
        email, name = claims.get("email"), claims.get("name")
        return Profile(
            subject=str(claims["sub"]),
            email=email if isinstance(email, str) else None,
            email_verified=claims.get("email_verified") is True,
            name=name if isinstance(name, str) else None,
        )

    async def _claims(self, token: str) -> dict[str, Any]:
        import jwt

        try:
            key = await self._key(str(jwt.get_unverified_header(token).get("kid")))
            # Times are checked by our own clock below; PyJWT would take the system's.
            claims: dict[str, Any] = jwt.decode(
                token,
                key,
                algorithms=["RS256"],
                audience=self._client_id,
                issuer=list(self._addresses.issuers),
                options={
                    "require": ["iss", "aud", "exp", "iat", "sub"],
                    "verify_exp": False,
                    "verify_iat": False,
                    "verify_nbf": False,
                },
            )
        except (jwt.PyJWTError, ValueError, TypeError):
            # Without the cause: PyJWT's words may quote the token.
            raise SignInUnproven("The ID token is not Google's for this deployment") from None
        now, times = self._clock.now() / 1000, (claims["exp"], claims["iat"])
        if not all(isinstance(time, int | float) and not isinstance(time, bool) for time in times):
            raise SignInUnproven("The ID token has no times")
        if not claims["iat"] - _LEEWAY_SECONDS <= now < claims["exp"] + _LEEWAY_SECONDS:
            raise SignInUnproven("The ID token is over, or not yet")
        return claims

    async def _key(self, key_id: str) -> Any:  # noqa: ANN401 - whatever PyJWT makes of a key
        """Find one of Google's keys; an unknown one has them fetched anew, once a minute at most."""
        age = self._clock.now() - self._keys_at
        if age > _KEYS_LIFE or (key_id not in self._keys and age > _KEYS_REST):
            from jwt import PyJWKSet

            request = self._client.build_request("GET", self._addresses.keys)
            content = await _ask(self._client, request)
            found = PyJWKSet.from_json(content.decode())
            self._keys = {str(one.key_id): one.key for one in found.keys if one.key_type == "RSA"}
            self._keys_at = self._clock.now()
        if key_id not in self._keys:
            raise SignInUnproven("The ID token is signed with an unknown key")
        return self._keys[key_id]


class FacebookSignIn:
    """Signs in with Facebook: state and PKCE, and an access token that is checked to be this deployment's.

    Facebook vouches for no address: it is never taken as verified.
    """

    def __init__(
        self, client_id: str, client_secret: str, client: httpx.AsyncClient, addresses: FacebookAddresses | None = None
    ) -> None:
        self._client_id = client_id
        self._client_secret = client_secret
        self._client = client
        self._addresses = addresses or FacebookAddresses()

    def address(self, *, state: str, nonce: str, verifier: str, back: str) -> str:
        """Write where a browser is sent to sign in; Facebook's code flow knows no nonce."""
        del nonce
        asked = {
            "client_id": self._client_id,
            "redirect_uri": back,
            "response_type": "code",
            "scope": "email,public_profile",
            "state": state,
            "code_challenge": _challenge(verifier),
            "code_challenge_method": "S256",
        }
        return f"{self._addresses.authorize}?{urlencode(asked)}"

    async def profile(self, *, code: str, nonce: str, verifier: str, back: str) -> Profile:
        """Exchange a code for an access token, check whose it is, and read the person with it.

        Raises:
            SignInUnproven: it proves nothing.
            ProviderUnavailable: Facebook can't be reached.

        """
        del nonce
        form = {
            "client_id": self._client_id,
            "client_secret": self._client_secret,
            "redirect_uri": back,
            "code": code,
            "code_verifier": verifier,
        }
        request = self._client.build_request("POST", self._addresses.token, data=form)
        token = _read(await _ask(self._client, request), _AccessToken).access_token
        own = f"{self._client_id}|{self._client_secret}"
        inspected = await self._get(self._addresses.debug, _Inspection, input_token=token, access_token=own)
        if not inspected.data.is_valid or inspected.data.app_id != self._client_id:
            raise SignInUnproven("The access token was made for another client")
        proof = hmac.new(self._client_secret.encode(), token.encode(), hashlib.sha256).hexdigest()
        person = await self._get(
            self._addresses.profile,
            _FacebookPerson,
            fields="id,name,email",
            access_token=token,
            appsecret_proof=proof,
        )
        if person.id != inspected.data.user_id:
            raise SignInUnproven("The access token is somebody else's")
        return Profile(subject=person.id, email=person.email, email_verified=False, name=person.name)

    async def _get(self, address: str, kind: type[T], **asked: str) -> T:
        request = self._client.build_request("GET", address, params=asked)
        return _read(await _ask(self._client, request), kind)


def _challenge(verifier: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")


async def _ask(client: httpx.AsyncClient, request: httpx.Request) -> bytes:
    try:
        answer = await client.send(request)
    except httpx.HTTPError:
        raise ProviderUnavailable("The sign-in provider could not be reached") from None
    if answer.is_server_error:
        raise ProviderUnavailable("The sign-in provider has an error of its own")
    if not answer.is_success or len(answer.content) > _MOST_BYTES:
        raise SignInUnproven("The sign-in provider refused what came back")
    return answer.content


def _read(content: bytes, kind: type[T]) -> T:
    try:
        return msgspec.json.decode(content, type=kind)
    except msgspec.DecodeError:
        raise SignInUnproven("The sign-in provider's answer can't be read") from None
