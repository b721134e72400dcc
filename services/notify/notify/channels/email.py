"""E-mail by SMTP: a few connections that are kept open, and letters that can be recognised when they come twice."""

import asyncio
import contextlib
import hashlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from email.errors import HeaderParseError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP as SMTP_POLICY
from email.utils import format_datetime, parseaddr

import aiosmtplib

from notify.domain.tries import NobodyThere, Outcome, Refused, Took, Unreached
from notify.rendering import Letter

LETTERS_PER_CONNECTION = 100
"""Servers commonly end a connection after so many; better to end it ourselves between two letters."""


@dataclass(frozen=True, slots=True)
class SmtpServer:
    """Where letters are handed in, and how."""

    host: str
    """Empty: there is none."""
    port: int
    sender: str
    """`Name <address>`"""
    username: str | None = None
    password: str | None = None
    tls: bool = False
    starttls: bool = False
    connections: int = 8
    timeout: float = 15.0


def plain_words(text: str) -> str:
    """A text that stays what it is in a header: an encoded word (RFC 2047) would be decoded, line breaks and all."""
    return text.replace("=?", "= ?")


class Mailer:
    """Hands letters to one SMTP server."""

    def __init__(self, server: SmtpServer) -> None:
        name, address = parseaddr(server.sender)
        self._server, self._sender = server, Address(name, addr_spec=address)
        self._slots = asyncio.Semaphore(server.connections)
        self._idle: list[tuple[aiosmtplib.SMTP, int]] = []

    @property
    def is_there(self) -> bool:
        """Whether there is a mail server at all."""
        return bool(self._server.host)

    async def send(self, delivery_id: str, to: str, letter: Letter) -> Outcome:
        """Hand one letter in. Reasons hold codes only: what servers say often quotes the address."""
        if not self.is_there:
            return NobodyThere("no_mail_server")
        try:
            recipient = Address(addr_spec=to)
        except (HeaderParseError, ValueError, IndexError):
            return Refused("bad_address")
        try:
            async with asyncio.timeout(self._server.timeout * 2), self._connection() as smtp:
                # Made when its turn has come: dozens made in one go would keep everything else waiting.
                message = self._message(delivery_id, recipient, letter)
                await smtp.send_message(message, sender=self._sender.addr_spec, recipients=[to])
        except (aiosmtplib.SMTPException, OSError, TimeoutError) as error:
            return failed(error)
        return Took()

    async def close(self) -> None:
        """Say goodbye on the connections that are open."""
        idle, self._idle = self._idle, []
        for smtp, _ in idle:
            await _quit(smtp)

    def _message(self, delivery_id: str, recipient: Address, letter: Letter) -> EmailMessage:
        """An RFC 5322 message; a header cannot hold a line break."""
        message = EmailMessage(policy=SMTP_POLICY)
        message["From"] = self._sender
        message["To"] = recipient
        message["Subject"] = plain_words(letter.subject)
        message["Date"] = format_datetime(datetime.now(UTC))
        message["Message-ID"] = message_id(delivery_id, self._sender.domain)
        message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no holiday notices in return
        message.set_content(letter.text)
        message.add_alternative(letter.html, subtype="html")
        message["Content-Language"] = letter.language.value  # last, for it would move into the first part
        return message

    @asynccontextmanager
    async def _connection(self) -> AsyncIterator[aiosmtplib.SMTP]:
        """A connection for one letter; it is kept when the letter went well."""
        async with self._slots:
            smtp, letters = await self._take()
            try:
                yield smtp
            except (aiosmtplib.SMTPResponseException, aiosmtplib.SMTPRecipientsRefused):
                raise
            except BaseException:
                smtp.close()
                raise
            finally:
                if smtp.is_connected and letters + 1 < LETTERS_PER_CONNECTION:
                    self._idle.append((smtp, letters + 1))
                elif smtp.is_connected:
                    await _quit(smtp)

    async def _take(self) -> tuple[aiosmtplib.SMTP, int]:
        while self._idle:
            smtp, letters = self._idle.pop()
            if smtp.is_connected:
                return smtp, letters
            smtp.close()
        server = self._server
        smtp = aiosmtplib.SMTP(
            hostname=server.host,
            port=server.port,
            username=server.username,
            password=server.password,
            use_tls=server.tls,
            start_tls=server.starttls,
            timeout=server.timeout,
            local_hostname=self._sender.domain,
        )
        try:
            await smtp.connect()
        except BaseException:
            smtp.close()
            raise
        return smtp, 0


def message_id(delivery_id: str, domain: str) -> str:
    """The same for every try of a delivery, so that a mailbox that got it twice can tell. Names nobody."""
    return f"<{hashlib.sha256(delivery_id.encode()).hexdigest()[:40]}@{domain}>"


def failed(error: Exception) -> Outcome:
    """What a failure means for the letter.

    5xx on a recipient or a letter is the server's last word (RFC 5321, 4.2.1), 4xx is not. What it says to a greeting,
    a login or a sender is for the operator to set right, whatever the number, and not the letter's fault.
    """
    match error:
        case aiosmtplib.SMTPRecipientsRefused():
            return _answered(min(refused.code for refused in error.recipients))
        case aiosmtplib.SMTPDataError() | aiosmtplib.SMTPRecipientRefused():
            return _answered(error.code)
        case aiosmtplib.SMTPNotSupported():
            return Refused("smtp_no_utf8_addresses")
        case aiosmtplib.SMTPConnectError() | TimeoutError():
            return Unreached("smtp_unreachable", away=True)
        case aiosmtplib.SMTPResponseException():
            return Unreached(f"smtp_{error.code}")
    return Unreached("smtp_disconnected")


def _answered(code: int) -> Outcome:
    return Refused(f"smtp_{code}") if code >= 500 else Unreached(f"smtp_{code}")


async def _quit(smtp: aiosmtplib.SMTP) -> None:
    with contextlib.suppress(aiosmtplib.SMTPException, OSError, TimeoutError):
        async with asyncio.timeout(2):
            await smtp.quit()
    smtp.close()
