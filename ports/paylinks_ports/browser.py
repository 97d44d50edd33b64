"""The browser's part of a payment provider: an ES module that puts its fields into our pages, and the hosts these need.

The module has one function: ``export async function mount(element, options)``. It puts the provider's own fields into
``element`` and gives an object with

- ``pay(details)``: a promise of ``{paymentToken, …}`` to be charged by the server, where further names are fields in
  the provider's own words; of ``{}`` where the customer has paid at the provider and the server is to read what came
  of it, with ``message`` for when it turns out that nothing did; of ``{redirect}``, a page to go on at; or of
  ``{error}``, a sentence for the customer, where nothing has left the page;
- ``act(action)``, if a bank's step can be taken in the page: a promise of what `pay` gives;
- ``unmount()``, if there is something to take away.

``options`` has ``values`` (what `start` told the browser), ``amount``, ``currency``, ``locale``, ``returnUrl``,
``look`` (``accent``, ``ink``, ``paper``, ``edge``, ``bad``: colours as the page has them, and ``dark``), and
``acting``: only `act` will be asked for, and no fields are to be shown. ``details`` has ``customer`` and
``billingAddress`` as the API has them.
"""

from importlib.resources import files
from urllib.parse import urlsplit

from msgspec import Struct

__all__ = ["BrowserHosts", "BrowserPart"]


class BrowserHosts(Struct, frozen=True, kw_only=True):
    """The origins that the page's policy opens for a provider, such as ``https://js.stripe.com``; nothing else is."""

    script: tuple[str, ...] = ()
    frame: tuple[str, ...] = ()
    connect: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse what would open more than a host.

        Raises:
            ValueError: one is no https origin.

        """
        for origin in (*self.script, *self.frame, *self.connect):
            parts = urlsplit(origin)
            host = (parts.hostname or "").removeprefix("*.")
            if (
                origin != f"https://{parts.netloc}"
                or "." not in host
                or not origin.isascii()
                or set(origin) & set("; '")
            ):
                message = f"{origin!r} is no https origin"
                raise ValueError(message)


class BrowserPart(Struct, frozen=True, kw_only=True):
    """How a customer pays through a provider on our own pages.

    Args:
        label: what the customer reads, such as "Card".
        package: the package that the module is in.
        module: the file's name in it; None: the customer goes on at the provider's own page, whose address `start`
            tells as ``checkoutUrl``.
        hosts: where the module loads from.

    """

    label: str
    package: str = ""
    module: str | None = None
    hosts: BrowserHosts = BrowserHosts()

    def source(self) -> str:
        """Read the module.

        Raises:
            FileNotFoundError: the plugin does not bring it.

        """
        if self.module is None:
            raise FileNotFoundError(self.label)
        return files(self.package).joinpath(self.module).read_text(encoding="utf-8")
