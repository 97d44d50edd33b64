"""A domain that a brand wants its pages on, and what is known of whose it is."""

from msgspec import Struct

__all__ = ["Domain"]


class Domain(Struct, frozen=True, kw_only=True):
    """One brand's claim to one host; only one brand's can be verified, and claims that are not block nobody.

    Args:
        host: in the form of the DNS: lower case, xn-- where it has other letters, without a dot at its end.
        nonce: random; part of what the brand must publish, so that nobody else's record proves this claim.
        preferred: the primary one, that is the one of the brand's domains that its links are on, once it is verified.
        reason: why it is not verified, or may soon not be any more, for a person.
        missing_since: a verified one's record has not been there since then, Unix milliseconds.
        lapses_at: when a claim that is not verified ends, Unix milliseconds.
        checked_at: when the DNS was asked last; None: never.
        check_at: when it is asked next, Unix milliseconds.
        version: rises with every change; `replace` compares it.

    """

    id: str
    brand_id: str
    host: str
    nonce: str
    verified: bool = False
    preferred: bool = False
    reason: str | None = None
    missing_since: int | None = None
    lapses_at: int | None = None
    checked_at: int | None = None
    check_at: int
    created_at: int
    version: int = 1
