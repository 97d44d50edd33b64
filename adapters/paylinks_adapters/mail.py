"""Mail by SMTP, or kept in the database to be read on a page; never in the log."""

import asyncio
import smtplib
import ssl
from email.message import EmailMessage
from email.utils import formataddr, make_msgid
from urllib.parse import unquote, urlsplit

from paylinks_ports.records.mails import Mail
from paylinks_ports.storage import Units

from .logs import get_logger

__all__ = ["LocalOutbox", "SmtpMailer"]

_log = get_logger()
_SECONDS = 15
_AT_ONCE = 4
_PORTS = {"smtp": 587, "smtps": 465}


class LocalOutbox:
    """Keeps mail for a developer to read."""

    def __init__(self, units: Units) -> None:
        self._units = units

    async def send(self, mail: Mail) -> None:
        """Keep one."""
        async with self._units() as work:
            await work.mails.add(mail)
            await work.commit()


class SmtpMailer:
    """Sends mail through one server: ``smtps://`` speaks TLS at once, ``smtp://`` as soon as the server offers it.

    With a user name in the URL nothing is sent in clear: a server that then offers no TLS gets no mail.
    """

    def __init__(self, url: str, sender_host: str) -> None:
        """Read where to send; nothing is opened yet.

        Args:
            url: ``smtp(s)://user:password@host:port``; it may hold a password and is never shown.
            sender_host: whose name mails come from.

        """
        parts = urlsplit(url)
        self._secure = parts.scheme == "smtps"
        self._host = parts.hostname or "localhost"
        self._port = parts.port or _PORTS[parts.scheme]
        self._user = unquote(parts.username or "")
        self._password = unquote(parts.password or "")
        sender = self._user if "@" in self._user else f"paylinks@{sender_host}"
        self._sender = formataddr(("Paylinks", sender))
        self._at_once = asyncio.Semaphore(_AT_ONCE)

    async def send(self, mail: Mail) -> None:
        """Send one; a failure is logged without whom it was for."""
        async with self._at_once:
            try:
                await asyncio.to_thread(self._deliver, self._message(mail))
            except (OSError, smtplib.SMTPException) as error:
                _log.error("mail.failed", mail=mail.id, error=type(error).__name__)

    def _message(self, mail: Mail) -> EmailMessage:
        message = EmailMessage()
        message["From"], message["To"], message["Subject"] = self._sender, mail.recipient, mail.subject
        message["Message-ID"] = make_msgid(domain=self._sender.rpartition("@")[2].rstrip(">"))
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(mail.text)
        return message

    def _deliver(self, message: EmailMessage) -> None:
        context = ssl.create_default_context()
        if self._secure:
            server: smtplib.SMTP = smtplib.SMTP_SSL(self._host, self._port, timeout=_SECONDS, context=context)
        else:
            server = smtplib.SMTP(self._host, self._port, timeout=_SECONDS)
        with server:
            server.ehlo_or_helo_if_needed()
            if not self._secure and (self._user or server.has_extn("starttls")):
                server.starttls(context=context)
            if self._user:
                server.login(self._user, self._password)
            server.send_message(message)
