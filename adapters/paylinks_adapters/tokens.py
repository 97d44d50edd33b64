"""Checkout tokens: HS256 JWTs and nothing else; what their claims mean is the core's."""

from collections.abc import Mapping
from typing import Any

from paylinks_ports.errors import ExpiredToken, InvalidToken

__all__ = ["JwtTokens"]

_ALGORITHM = "HS256"
_LEEWAY_SECONDS = 30
_MAX_LENGTH = 16_384
_LEAST_SECRET = 32  # bytes: RFC 7518 §3.2, a key as long as the hash
_LAST_SECOND = 253_402_300_799  # of the year 9999; what lies behind it is a time in milliseconds, or nonsense


class JwtTokens:
    """Signs and verifies with PyJWT, which is loaded at first use.

    A secret of less than 32 bytes is a mistake of the deployment, not of the caller: a `ValueError` on both sides.
    """

    def sign(self, claims: Mapping[str, object], secret: str, *, key_id: str | None = None) -> str:
        """Write a token; `key_id` is its `kid`."""
        import jwt

        _check(secret)
        try:
            return jwt.encode(dict(claims), secret, algorithm=_ALGORITHM, headers={"kid": key_id} if key_id else None)
        except jwt.InvalidKeyError:
            raise ValueError(_UNFIT) from None

    def key_id(self, token: str) -> str | None:
        """Read the `kid` of a token, unverified.

        Raises:
            InvalidToken: it is no JWT, or of another algorithm.

        """
        import jwt

        if len(token) > _MAX_LENGTH:
            raise InvalidToken("Invalid token", details="token: is too long")
        try:
            header = jwt.get_unverified_header(token)
        except (jwt.InvalidTokenError, ValueError, RecursionError):
            raise InvalidToken("Invalid token", details="token: is no JWT") from None
        if header.get("alg") != _ALGORITHM:
            raise InvalidToken("Invalid token", details=f"token: is not signed with {_ALGORITHM}")
        key_id = header.get("kid")
        if not isinstance(key_id, str) or not key_id:
            return None
        if not key_id.isascii() or not key_id.isprintable():  # no key of ours, and maybe no text that can be looked for
            raise InvalidToken("Invalid token", details="kid: is no key's id")
        return key_id

    def verify(self, token: str, secret: str) -> dict[str, object]:
        """Check signature, algorithm and time and give the claims.

        Raises:
            InvalidToken, ExpiredToken: it is not ours, or over.

        """
        import jwt

        _check(secret)
        if len(token) > _MAX_LENGTH:
            raise InvalidToken("Invalid token", details="token: is too long")
        try:
            claims: dict[str, Any] = jwt.decode(
                token,
                secret,
                algorithms=[_ALGORITHM],
                leeway=_LEEWAY_SECONDS,
                # Whom it is for says the order itself; an integrator's `aud`, `sub` or `iss` is no business of ours.
                options={
                    "require": ["exp"],
                    "verify_aud": False,
                    "verify_iss": False,
                    "verify_sub": False,
                    "verify_jti": False,
                },
            )
        except jwt.ExpiredSignatureError:
            raise ExpiredToken("Invalid token", details="token: has expired") from None
        except jwt.InvalidKeyError:
            raise ValueError(_UNFIT) from None
        except (jwt.InvalidTokenError, ValueError, TypeError, OverflowError, RecursionError) as error:
            # By its kind alone, and without the cause: PyJWT's words may quote the token.
            raise InvalidToken("Invalid token", details=f"token: {type(error).__name__}") from None
        _check_times(claims)
        return claims


_UNFIT = "a secret that signs tokens is an empty or a public key"


def _check(secret: str) -> None:
    if len(secret.encode()) < _LEAST_SECRET:
        message = f"a secret that signs tokens has fewer than {_LEAST_SECRET} bytes"
        raise ValueError(message)


def _check_times(claims: Mapping[str, object]) -> None:
    """Refuse times that PyJWT lets pass: text, `true`, and numbers that no calendar holds."""
    for name in ("exp", "iat", "nbf"):
        if name not in claims:
            continue
        value = claims[name]
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= _LAST_SECOND:
            raise InvalidToken("Invalid token", details=f"{name}: is no time in Unix seconds")
