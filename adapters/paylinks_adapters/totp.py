"""One-time codes of authenticator apps, with pyotp."""

__all__ = ["ISSUER", "TotpCodes"]

ISSUER = "Paylinks"
_DRIFT = 1  # steps of 30 s, for clocks that differ
_LENGTH = 6


class TotpCodes:
    """TOTP as all apps have it: SHA-1, 6 digits, 30 seconds."""

    def secret(self) -> str:
        """Make the secret of a new app: 160 bits in base32."""
        import pyotp

        return pyotp.random_base32()

    def url(self, secret: str, account: str) -> str:
        """Write the ``otpauth://`` address that apps read from a QR code."""
        import pyotp

        return pyotp.TOTP(secret).provisioning_uri(name=account, issuer_name=ISSUER)

    def step(self, secret: str, code: str, now: int) -> int | None:
        """Tell the time step whose code this is, within 30 s of `now`; None: of none."""
        import pyotp

        if len(code) != _LENGTH or not (code.isascii() and code.isdigit()):
            return None
        try:
            return pyotp.TOTP(secret).verify_and_get_timecode(code, for_time=now // 1000, valid_window=_DRIFT)
        except pyotp.OTPVerificationError:
            return None
