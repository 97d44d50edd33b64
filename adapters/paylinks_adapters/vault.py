"""Secrets at rest: AES-GCM under a ring of keys, each sealed text bound to what it is and whose."""

import base64
import hashlib
import secrets

from paylinks_ports.errors import VaultError

__all__ = ["SealedVault", "read_keys"]

_VERSION = "v1"
_KEY_BYTES = 32
_NONCE_BYTES = 12


class SealedVault:
    """Seals under the first key of the ring and opens with whichever fits.

    A sealed text is ``v1.{key id}.{nonce and ciphertext}``; the key id is the start of the key's SHA-256.
    """

    def __init__(self, keys: str) -> None:
        """Read a ring.

        Args:
            keys: as `read_keys` takes them.

        Raises:
            ValueError: a key is not that.

        """
        self._ring = {hashlib.sha256(key).hexdigest()[:12]: key for key in read_keys(keys)}
        self._newest = next(iter(self._ring))

    def seal(self, plain: str, context: str) -> str:
        """Seal a secret, bound to `context`."""
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        nonce = secrets.token_bytes(_NONCE_BYTES)
        sealed = AESGCM(self._ring[self._newest]).encrypt(nonce, plain.encode(), context.encode())
        return f"{_VERSION}.{self._newest}.{base64.urlsafe_b64encode(nonce + sealed).decode().rstrip('=')}"

    def is_current(self, sealed: str) -> bool:
        """Say whether a text is sealed under the newest key."""
        return sealed.startswith(f"{_VERSION}.{self._newest}.")

    def open(self, sealed: str, context: str) -> str:
        """Open a sealed text.

        Raises:
            VaultError: no key fits, or it was altered or moved.

        """
        from cryptography.exceptions import InvalidTag
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        version, _, rest = sealed.partition(".")
        key_id, _, text = rest.partition(".")
        if version != _VERSION:
            raise VaultError("A sealed value can't be opened", details="it is not of a format that is known here")
        if key_id not in self._ring:
            raise VaultError("A sealed value can't be opened", details="its key is not in PAYLINKS_SECRET_KEYS")
        try:
            raw = _read_base64(text)
            plain = AESGCM(self._ring[key_id]).decrypt(raw[:_NONCE_BYTES], raw[_NONCE_BYTES:], context.encode())
            return plain.decode()
        except (InvalidTag, ValueError):
            # Without the cause: nothing of what was sealed may reach a traceback.
            raise VaultError("A sealed value can't be opened", details="it was altered or moved") from None


def read_keys(text: str) -> tuple[bytes, ...]:
    """Read a ring of keys as `PAYLINKS_SECRET_KEYS` holds it.

    Args:
        text: comma-separated, newest first, each 32 bytes in base64url, with or without its padding.

    Raises:
        ValueError: a sentence that tells which key is wrong and how, and nothing of the key.

    """
    keys = [part.strip() for part in text.split(",") if part.strip()]
    if not keys:
        raise ValueError("there is no key")
    return tuple(_read_key(number, key) for number, key in enumerate(keys, start=1))


def _read_key(number: int, text: str) -> bytes:
    try:
        key = _read_base64(text)
    except ValueError:
        message = f"key {number} is not base64url"
        raise ValueError(message) from None
    if len(key) != _KEY_BYTES:
        message = f"key {number} is {len(key)} bytes long, not {_KEY_BYTES}"
        raise ValueError(message)
    return key


def _read_base64(text: str) -> bytes:
    text = text.rstrip("=")
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
