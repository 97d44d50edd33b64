"""Google and Facebook as sign-in providers, on httpx and PyJWT."""

from .facebook import FacebookAddresses, FacebookSignIn
from .google import GoogleAddresses, GoogleSignIn

__all__ = ["FacebookAddresses", "FacebookSignIn", "GoogleAddresses", "GoogleSignIn"]
