"""The two doors of the gateway: transact.php, which changes things, and query.php, which tells of them."""

from collections.abc import Mapping

import httpx

from paylinks_ports import CredentialsRejected, ProviderUnavailable

from .answers import Answer, is_about_credentials, read_answer
from .redaction import redact
from .reports import GatewayError, Transaction, read_report

__all__ = ["Api"]

_OK = 200
_TOO_MANY = 429


class Api:
    """The API of one merchant account at one host; `title` is the provider's name in sentences."""

    def __init__(self, client: httpx.AsyncClient, *, host: str, title: str, security_key: str) -> None:
        self._client = client
        self._host = host
        self._security_key = security_key
        self.title = title

    async def transact(self, parameters: Mapping[str, str]) -> Answer | None:
        """Send one transaction, once; None: the answer is not in the gateway's form.

        Raises:
            CredentialsRejected, ProviderUnavailable: nothing happened.
            httpx.HTTPError: it was sent, and the answer is lost.

        """
        try:
            response = await self._post("/api/transact.php", parameters)
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
            # Said here, because queries before it are sent by POST, too, and look as if something had been changed.
            kind = type(error).__name__
            raise ProviderUnavailable(f"{self.title} could not be reached; nothing was sent", details=kind) from None
        if response.status_code == _TOO_MANY:
            raise ProviderUnavailable(f"{self.title} asks to wait", details="HTTP 429")
        answer = read_answer(response.status_code, response.text)
        match answer.verdict if answer else "doubt":
            case "credentials":
                raise self._rejected(answer.text if answer else "")
            case "busy":
                raise ProviderUnavailable(f"{self.title} asks to wait", details="Rate limit exceeded")
            case _:
                return answer

    async def query(self, filters: Mapping[str, str]) -> tuple[Transaction, ...]:
        """Read the transactions that fit; nothing is changed.

        Raises:
            CredentialsRejected, ProviderUnavailable: nothing was learned; only an empty report says there is nothing.

        """
        try:
            response = await self._post("/api/query.php", filters)
        except httpx.HTTPError as error:
            kind = type(error).__name__
            raise ProviderUnavailable(f"{self.title}'s reports could not be reached", details=kind) from None
        if response.status_code != _OK:
            raise ProviderUnavailable(f"{self.title}'s report can't be read", details=f"HTTP {response.status_code}")
        try:
            return read_report(response.content)
        except GatewayError as error:
            text = error.text
        except ValueError as error:
            raise ProviderUnavailable(f"{self.title}'s report can't be read", details=str(error)) from None
        if is_about_credentials(text):
            raise self._rejected(text)
        raise ProviderUnavailable(f"{self.title} refused to report", details=redact(text) or None)

    async def _post(self, path: str, parameters: Mapping[str, str]) -> httpx.Response:
        # The key goes in the body: in an address it would be in every log on the way.
        form = {"security_key": self._security_key, **parameters}
        return await self._client.post(f"{self._host}{path}", data=form)

    def _rejected(self, text: str) -> CredentialsRejected:
        return CredentialsRejected(f"{self.title} does not accept the security key", details=redact(text) or None)
