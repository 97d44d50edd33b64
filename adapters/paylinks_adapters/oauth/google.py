"""Google as a sign-in provider: OpenID Connect.

Facts: https://developers.google.com/identity/openid-connect/openid-connect.
"""

import hmac
from typing import Any
from urllib.parse import urlencode

import httpx
from msgspec import Struct

from paylinks_ports.services import Clock
from paylinks_ports.sign_in import Profile, SignInUnproven

from .exchange import ask, challenge, read

__all__ = ["GoogleAddresses", "GoogleSignIn"]

_LEEWAY_SECONDS = 60
_KEYS_LIFE = 3_600_000
_KEYS_REST = 60_000


class GoogleAddresses(Struct, frozen=True, kw_only=True):
    """Where Google is; tests put an OpenID provider of their own in its place."""

    authorize: str = "https://accounts.google.com/o/oauth2/v2/auth"
    token: str = "https://oauth2.googleapis.com/token"  # noqa: S105 - an address
    keys: str = "https://www.googleapis.com/oauth2/v3/certs"
    issuers: tuple[str, ...] = ("https://accounts.google.com", "accounts.google.com")


class _IdToken(Struct):
    id_token: str


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
            "code_challenge": challenge(verifier),
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
        token = read(await ask(self._client, request), _IdToken).id_token
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
            content = await ask(self._client, request)
            found = PyJWKSet.from_json(content.decode())
            self._keys = {str(one.key_id): one.key for one in found.keys if one.key_type == "RSA"}
            self._keys_at = self._clock.now()
        if key_id not in self._keys:
            raise SignInUnproven("The ID token is signed with an unknown key")
        return self._keys[key_id]
