"""People who use the application, each in a browser of their own."""

import re
from typing import Any

import httpx

from paylinks_web.app import App

from .conftest import Client
from .documented import held_to_the_document

__all__ = ["PASSWORD", "Person", "developer", "newcomer", "newest_mail", "proven"]

PASSWORD = "a horse on the moon"


class Person:
    """One browser with its cookies, on the deployment's own pages."""

    def __init__(self, app: App, address: str = "127.0.0.1") -> None:
        transport = httpx.ASGITransport(app, client=(address, 1), raise_app_exceptions=False)
        self.http = httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000")
        self.http.event_hooks = {"response": [held_to_the_document]}
        self.session: dict[str, Any] = {}

    async def call(self, method: str, path: str, body: Any = None, **headers: str) -> httpx.Response:  # noqa: ANN401 - JSON
        """Call the API from a page of ours."""
        own = {"origin": "http://127.0.0.1:8000"} | headers
        return await self.http.request(method, path, json=body, headers=own)

    async def get(self, path: str) -> Any:  # noqa: ANN401 - JSON
        """Read something that is there."""
        answer = await self.call("GET", path)
        assert answer.status_code == 200, answer.text
        return answer.json()["data"]

    async def post(self, path: str, body: Any, status: int = 200) -> Any:  # noqa: ANN401 - JSON
        """Do something that works."""
        answer = await self.call("POST", path, body)
        assert answer.status_code == status, answer.text
        return answer.json()["data"]

    async def sign_in(self, email: str, password: str = PASSWORD) -> Any:  # noqa: ANN401 - JSON
        """Sign in with a password."""
        data = await self.post("/api/admin/auth", {"email": email, "password": password})
        self.session = data.get("session", {})
        return data

    @property
    def cookie(self) -> str | None:
        """What the session's cookie holds."""
        return self.http.cookies.get("paylinks_session")


async def newcomer(client: Client, email: str, organization: str = "Shop") -> Person:
    """Register somebody."""
    person = Person(client.app)
    body = {"name": "Ada", "email": email, "password": PASSWORD, "orgName": organization}
    await person.post("/api/auth/register", body, status=201)
    person.session = (await person.get("/api/admin/auth"))["session"]
    return person


async def proven(client: Client, email: str, organization: str = "Shop") -> Person:
    """Register somebody, who then shows to read the address."""
    person = await newcomer(client, email, organization)
    await person.post("/api/auth/password/reset", {"email": email})
    _, token = await newest_mail(client)
    await person.post("/api/auth/password/reset/confirm", {"token": token, "password": PASSWORD})
    await person.sign_in(email)
    return person


async def developer(client: Client) -> Person:
    """Sign in as the owner that development is seeded with."""
    person = Person(client.app)
    await person.sign_in("admin@example.com", "paylinks-development")
    return person


async def newest_mail(client: Client) -> tuple[str, str]:
    """Read the newest mail's text, and the token in its link."""
    async with client.app.house.parts.units.reading() as rows:
        mail = (await rows.mails.newest(1))[0]
    found = re.search(r"token=([\w-]+)", mail.text)
    assert found is not None
    return mail.text, found[1]
