"""What the verbs of signing in stand on beside the parts of every verb."""

from collections.abc import Mapping

from msgspec import Struct

from paylinks_ports.records.people import SignInProviderName
from paylinks_ports.sign_in import Mailer, OneTimeCodes, Passwords, SignInProvider, Throttle

from .parts import Parts

__all__ = ["Entrance"]


class Entrance(Struct, frozen=True, kw_only=True):
    """Passed to every verb of signing in; `web` makes the real one, tests make one of fakes.

    Args:
        sign_in_providers: those that the deployment is a client of.
        registration_open: whoever comes may make an account.
        wrong_passwords: how many a minute, of one account from one address; 0: however many.

    """

    parts: Parts
    passwords: Passwords
    one_time_codes: OneTimeCodes
    throttle: Throttle
    mailer: Mailer
    sign_in_providers: Mapping[SignInProviderName, SignInProvider]
    registration_open: bool
    wrong_passwords: int
