"""The noes of signing in, and of people, organizations and brands; `errors` has them all."""

from .refusals import Refusal

__all__ = [
    "AddressTaken",
    "AlreadyEnabled",
    "Forbidden",
    "InvalidCode",
    "InvalidCredentials",
    "LastOwner",
    "NoOrganization",
    "ReauthenticationRequired",
    "RegistrationClosed",
    "SignInNotConfigured",
    "SignInRefused",
    "SignInRequired",
    "SlugTaken",
    "Throttled",
    "UnfitPassword",
]


class InvalidCredentials(Refusal):
    """Address and password don't belong together; which of the two is wrong is not said."""

    code = "invalid_credentials"
    sentence = "Invalid credentials"


class InvalidCode(Refusal):
    """A one-time or recovery code is wrong, or has been used."""

    code = "invalid_code"
    sentence = "Invalid code"


class SignInRequired(Refusal):
    """Nobody is signed in, or not any more."""

    code = "unauthorized"
    sentence = "Unauthorized"


class SignInRefused(Refusal):
    """A way of signing in has led nowhere; `word` is what the sign-in page is told."""

    code = "sign_in_refused"
    sentence = "This sign-in was refused"

    def __init__(self, word: str) -> None:
        super().__init__(word)
        self.word = word


class SignInNotConfigured(Refusal):
    """The deployment has no client at that sign-in provider."""

    code = "oauth_not_configured"
    sentence = "This way of signing in is not configured"


class NoOrganization(Refusal):
    """The person belongs to no organization."""

    code = "no_organization"
    sentence = "This account belongs to no organization"


class Forbidden(Refusal):
    """The caller is known, and may not do this."""

    code = "forbidden"
    sentence = "You may not do this"


class ReauthenticationRequired(Refusal):
    """The sign-in is too old for a change as sensitive as this."""

    code = "reauthentication_required"
    sentence = "Please confirm that it is you"


class Throttled(Refusal):
    """Too many wrong passwords or codes."""

    code = "rate_limited"
    sentence = "Too many tries"

    def __init__(self, seconds: int) -> None:
        super().__init__()
        self.seconds = seconds


class RegistrationClosed(Refusal):
    """New people come by invitation only."""

    code = "registration_closed"
    sentence = "New user registration is currently disabled"


class AddressTaken(Refusal):
    """Somebody has an account with that address."""

    code = "email_exists"
    sentence = "Email already exists"


class SlugTaken(Refusal):
    """Something else has that slug."""

    code = "slug_exists"
    sentence = "Slug already exists"


class UnfitPassword(Refusal):
    """Too short, too long, or among those that are tried first."""

    code = "unfit_password"
    sentence = "This password can't be used"


class AlreadyEnabled(Refusal):
    """The second factor is on; it has to be turned off before another can be set up."""

    code = "already_enabled"
    sentence = "Two-factor authentication is already enabled"


class LastOwner(Refusal):
    """An organization keeps at least one owner."""

    code = "last_owner"
    sentence = "An organization keeps at least one owner"
