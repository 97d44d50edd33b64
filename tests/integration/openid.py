"""A stand-in for Google and Facebook, strict in their wire format, that a test can make lie."""

import base64
import hashlib
import hmac
import time
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

__all__ = ["CLIENT_ID", "CLIENT_SECRET", "StandIn"]

CLIENT_ID, CLIENT_SECRET = "1234567890", "not-a-secret-at-all"


class StandIn:
    """Answers as both providers do; `claims` go over what the ID token says, `person` over Facebook's profile."""

    def __init__(self) -> None:
        self.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.signing_key, self.key_id = self.key, "k1"
        self.claims: dict[str, Any] = {}
        self.person: dict[str, Any] = {}
        self.inspected: dict[str, Any] = {}
        self.algorithm = "RS256"
        self.codes: dict[str, dict[str, str]] = {}
        self.away = False
        self.calls: list[str] = []

    def log_in(self, address: str) -> dict[str, str]:
        """Play the browser at the provider: take what it was sent with, and give what it comes back with."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        assert asked["response_type"] == "code"
        assert asked["client_id"] == CLIENT_ID
        assert asked["code_challenge_method"] == "S256"
        code = f"code-{len(self.codes)}"
        self.codes[code] = asked
        return {"code": code, "state": asked["state"]}

    async def answer(self, request: httpx.Request) -> httpx.Response:
        """Answer one call of the deployment's."""
        if self.away:
            raise httpx.ConnectError("away")
        path = request.url.path
        self.calls.append(path)
        if path in {"/token", "/v26.0/oauth/access_token"}:
            return self._token({name: one[0] for name, one in parse_qs(request.content.decode()).items()}, path)
        if path == "/oauth2/v3/certs":
            key = RSAAlgorithm.to_jwk(self.key.public_key(), as_dict=True)
            return httpx.Response(200, json={"keys": [key | {"kid": "k1", "use": "sig", "alg": "RS256"}]})
        query = dict(request.url.params)
        if path == "/v26.0/debug_token":
            assert query["access_token"] == f"{CLIENT_ID}|{CLIENT_SECRET}"
            data = {"app_id": CLIENT_ID, "is_valid": True, "user_id": "fb-1"} | self.inspected
            return httpx.Response(200, json={"data": data})
        if path == "/v26.0/me":
            proof = hmac.new(CLIENT_SECRET.encode(), query["access_token"].encode(), hashlib.sha256).hexdigest()
            assert query["appsecret_proof"] == proof
            person = {"id": "fb-1", "name": "Ada", "email": "ada@example.com"} | self.person
            return httpx.Response(200, json={name: value for name, value in person.items() if value is not None})
        return httpx.Response(404)

    def _token(self, form: dict[str, str], path: str) -> httpx.Response:
        asked = self.codes.pop(form["code"], None)
        challenge = (
            base64.urlsafe_b64encode(hashlib.sha256(form["code_verifier"].encode()).digest()).decode().rstrip("=")
        )
        proven = (form["client_id"], form["client_secret"]) == (CLIENT_ID, CLIENT_SECRET)
        if asked is None or not proven or asked["redirect_uri"] != form["redirect_uri"]:
            return httpx.Response(400, json={"error": "invalid_grant"})
        if asked["code_challenge"] != challenge:
            return httpx.Response(400, json={"error": "invalid_grant"})
        if path == "/v26.0/oauth/access_token":
            return httpx.Response(200, json={"access_token": "fb-token", "token_type": "bearer"})
        now = int(time.time())
        claims = {
            "iss": "https://accounts.google.com",
            "aud": CLIENT_ID,
            "sub": "g-1",
            "email": "ada@example.com",
            "email_verified": True,
            "name": "Ada",
            "nonce": asked["nonce"],
            "iat": now,
            "exp": now + 3600,
        } | self.claims
        claims = {name: value for name, value in claims.items() if value is not None}
        key: Any = self.signing_key if self.algorithm == "RS256" else CLIENT_SECRET.ljust(32, ".")
        token = jwt.encode(claims, key, self.algorithm, headers={"kid": self.key_id})
        return httpx.Response(200, json={"id_token": token, "access_token": "g-token"})
