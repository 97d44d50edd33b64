"""Calls to one account's API v1 (developer-prod.sticky.io): which may move money, and what their failures mean."""

import httpx

from paylinks_ports import CredentialsRejected, PaylinksError, ProviderRefused, ProviderUnavailable

from .credentials import StickyCredentials
from .redaction import redact
from .wire import Answer, read

__all__ = ["StickyClient"]

_NEVER_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol)


class StickyClient:
    """One account."""

    def __init__(self, credentials: StickyCredentials, client: httpx.AsyncClient) -> None:
        self._credentials = credentials
        self._client = client

    async def ask(self, method: str, parameters: dict[str, object]) -> Answer:
        """Call something that moves no money; whatever fails here can be asked again.

        Raises:
            ProviderUnavailable, CredentialsRejected: there is no answer.

        """
        try:
            answer = await self._post(method, parameters)
        except httpx.HTTPError as error:
            raise ProviderUnavailable("Sticky.io could not be reached", details=type(error).__name__) from None
        if answer.kind in ("credentials", "busy", "doubt"):
            raise self.error(answer)
        return answer

    async def submit(self, method: str, parameters: dict[str, object]) -> Answer:
        """Call something that moves money, once; a lost reply is httpx's own error.

        Raises:
            ProviderUnavailable, CredentialsRejected: nothing happened.

        """
        try:
            answer = await self._post(method, parameters)
        except _NEVER_SENT as error:
            raise ProviderUnavailable("Sticky.io could not be reached", details=type(error).__name__) from None
        if answer.kind in ("credentials", "busy"):
            raise self.error(answer)
        return answer

    def error(self, answer: Answer) -> PaylinksError:
        """Say why a call did not happen, in Sticky.io's own words."""
        codes = ", ".join(sorted(answer.codes))
        details = f"{codes}: {self.reason(answer)}" if codes else None
        match answer.kind:
            case "credentials":
                return CredentialsRejected("Sticky.io refused the API user", details=details)
            case "busy":
                return ProviderUnavailable("Sticky.io asks to wait: too many calls a minute", details=details)
            case "refused" | "declined" | "authentication":
                return ProviderRefused("Sticky.io refused the call", details=details)
            case _:
                return ProviderUnavailable("Sticky.io's answer can't be used", details=details)

    def reason(self, answer: Answer) -> str:
        """Give Sticky.io's sentence, without what must not be passed on."""
        text = answer.text("error_message") or answer.text("resp_msg") or ""
        return redact(text, self._credentials.password, self._credentials.username)

    async def _post(self, method: str, parameters: dict[str, object]) -> Answer:
        user = httpx.BasicAuth(self._credentials.username, self._credentials.password)
        url = f"https://{self._credentials.app_key}.sticky.io/api/v1/{method}"
        return read(await self._client.post(url, json=parameters, auth=user))
