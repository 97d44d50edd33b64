"""The two doors of the gateway: transact.php, which changes things, and query.php, which tells of them."""

from collections.abc import Mapping
from typing import Literal

import httpx

from paylinks_ports import RefusalKind, nothing_happened, reading, sending

from .answers import Answer, is_about_credentials, read_answer
from .declines import redact
from .reports import read_report
from .transactions import Transaction

__all__ = ["Api"]


class Api:
    """The API of one merchant account at one host; `title` is the provider's name in sentences."""

    def __init__(self, client: httpx.AsyncClient, *, host: str, title: str, security_key: str) -> None:
        self._client = client
        self._host = host
        self._security_key = security_key
        self.title = title

    async def transact(self, **parameters: str) -> Answer:
        """Send one transaction, once.

        Raises:
            CredentialsRejected, ProviderUnavailable: nothing happened.
            httpx.HTTPError: it was sent, and the answer is lost.

        """
        with sending(self.title):
            response = await self._post("transact", parameters)
        answer = read_answer(response)
        match "busy" if response.status_code == httpx.codes.TOO_MANY_REQUESTS else answer.verdict:
            case "credentials" | "busy" as kind:
                raise nothing_happened(self.title, kind, redact(answer.text))
        return answer

    async def find(
        self, name: Literal["order_id", "transaction_id", "merchant_defined_field_2"], value: str
    ) -> list[Transaction]:
        """Read the transactions of an id; what is ``orderid`` in a transaction is ``order_id`` here.

        Raises:
            CredentialsRejected, ProviderUnavailable: nothing was learned; only an empty report says there is nothing.

        """
        with reading(self.title):
            response = await self._post("query", {name: value})
        if response.status_code != httpx.codes.OK:
            raise nothing_happened(self.title, "doubt", f"HTTP {response.status_code}")
        try:
            found = read_report(response.content)
        except ValueError as error:
            text = str(error)
            kind: RefusalKind = "credentials" if is_about_credentials(text) else "doubt"
            raise nothing_happened(self.title, kind, redact(text)) from None
        # Where a filter were not understood, everything would be found.
        return [one for one in found if getattr(one, name) == value]

    async def _post(self, door: str, parameters: Mapping[str, str]) -> httpx.Response:
        # The key goes in the body: in an address it would be in every log on the way.
        form = {"security_key": self._security_key, **parameters}
        return await self._client.post(f"{self._host}/api/{door}.php", data=form)
