"""Calls to one account's API v1 (developer-prod.sticky.io): which may move money, and what their failures mean."""

import httpx

from paylinks_ports import reading, sending

from .answers import Answer, read
from .settings import StickyCredentials

__all__ = ["StickyClient"]


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
        with reading("Sticky.io"):
            answer = await self._post(method, parameters)
        if answer.kind in ("credentials", "busy", "doubt"):
            raise answer.error
        return answer

    async def submit(self, method: str, parameters: dict[str, object]) -> Answer:
        """Call something that moves money, once; a lost reply is httpx's own error.

        Raises:
            ProviderUnavailable, CredentialsRejected: nothing happened.

        """
        with sending("Sticky.io"):
            answer = await self._post(method, parameters)
        if answer.kind in ("credentials", "busy"):
            raise answer.error
        return answer

    async def _post(self, method: str, parameters: dict[str, object]) -> Answer:
        username, password = self._credentials.username, self._credentials.password
        url = f"https://{self._credentials.app_key}.sticky.io/api/v1/{method}"
        response = await self._client.post(url, json=parameters, auth=(username, password))
        return read(response, password, username)
