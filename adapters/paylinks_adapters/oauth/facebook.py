"""Facebook as a sign-in provider.

Facts: https://developers.facebook.com/docs/facebook-login/guides/advanced/manual-flow and
https://developers.facebook.com/docs/graph-api/securing-requests.
"""

import hashlib
import hmac
from typing import TypeVar
from urllib.parse import urlencode

import httpx
from msgspec import Struct

from paylinks_ports.sign_in import Profile, SignInUnproven

from .exchange import ask, challenge, read

__all__ = ["FacebookAddresses", "FacebookSignIn"]

T = TypeVar("T")


class FacebookAddresses(Struct, frozen=True, kw_only=True):
    """Where Facebook is; Graph v26.0 lives until 2028."""

    authorize: str = "https://www.facebook.com/v26.0/dialog/oauth"
    token: str = "https://graph.facebook.com/v26.0/oauth/access_token"  # noqa: S105 - an address
    debug: str = "https://graph.facebook.com/v26.0/debug_token"
    profile: str = "https://graph.facebook.com/v26.0/me"


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
            "code_challenge": challenge(verifier),
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
        token = read(await ask(self._client, request), _AccessToken).access_token
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
        return read(await ask(self._client, request), kind)
