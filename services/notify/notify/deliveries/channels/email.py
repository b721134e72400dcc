"""E-mail by SMTP: a few connections that are kept open, and letters recognisable as duplicates."""

import asyncio
import hashlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime, parseaddr

import aiosmtplib

from notify.deliveries.channels.header_words import encoded
from notify.deliveries.channels.mime import Skeleton
from notify.deliveries.channels.smtp import Connection, connected
from notify.deliveries.domain.tries import NobodyThere, Outcome, Refused, Took, Unreached
from notify.deliveries.mailbox import Mailbox, mailbox
from notify.deliveries.rendering import Letter

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
    reply_to: str | None = None
    """Where answers go that somebody reads; None: nobody reads them, and letters say so."""
    return_path: str | None = None
    """Where a mail server sends back what it could not deliver (MAIL FROM): the sender's address unless set, nowhere
    when empty."""
    username: str | None = None
    password: str | None = None
    tls: bool = False
    starttls: bool = False
    connections: int = 8
    timeout: float = 15.0


class Mailer:
    """Hands letters to one SMTP server."""

    def __init__(self, server: SmtpServer) -> None:
        """Raises ValueError for a sender's, an answers' or a return address that is none."""
        name, address = parseaddr(server.sender)
        self._server, self._sender_name, self._sender = server, name, _our_own(address)
        self._answers = _our_own(server.reply_to) if server.reply_to else self._sender
        self._return_path = str(self._sender if server.return_path is None else server.return_path)
        if self._return_path:
            self._return_path = str(_our_own(self._return_path))
        self._skeleton = self._headers_of_all()
        self._slots = asyncio.Semaphore(server.connections)
        self._idle: list[Connection] = []

    @property
    def is_there(self) -> bool:
        """Whether there is a mail server at all."""
        return bool(self._server.host)

    @property
    def is_answered(self) -> bool:
        """Whether somebody reads replies to letters."""
        return bool(self._server.reply_to)

    async def send(self, delivery_id: str, to: str, letter: Letter) -> Outcome:
        """Hand one letter in. Reasons hold codes only: what servers say often quotes the address."""
        if not self.is_there:
            return NobodyThere("no_mail_server")
        recipient = mailbox(to)
        if recipient is None:
            return Refused("bad_address")
        taken = False
        try:
            async with asyncio.timeout(self._server.timeout * 2), self._connection() as smtp:
                # Made when its turn has come: dozens made in one go would keep everything else waiting.
                await smtp.hand_in(self._return_path, recipient, self._message(delivery_id, recipient, letter))
                taken = True  # whatever the connection does after this
        except (aiosmtplib.SMTPException, OSError, TimeoutError) as error:
            return Took() if taken else failed(error)
        return Took()

    async def close(self) -> None:
        """Say goodbye on the connections that are open."""
        idle, self._idle = self._idle, []
        for smtp in idle:
            await smtp.quit()

    def _headers_of_all(self) -> Skeleton:
        sender = f"<{self._sender}>"
        if self._sender_name:
            sender = f"{encoded(self._sender_name, 'From', phrase=True)} {sender}"
        return Skeleton(
            {
                "From": sender,
                "Reply-To": str(self._answers),
                "Auto-Submitted": "auto-generated",  # RFC 3834: no holiday notices in return
                "X-Auto-Response-Suppress": "All",  # the same for Exchange ([MS-OXCMAIL] 2.2.3.2.14)
            }
        )

    def _message(self, delivery_id: str, recipient: Mailbox, letter: Letter) -> bytes:
        """An RFC 5322 message. Raises ValueError for a subject of two lines: a header cannot hold a line break."""
        headers = {
            "To": str(recipient),
            "Subject": encoded(letter.subject, "Subject"),
            "Date": format_datetime(datetime.now(UTC)),
            "Message-ID": message_id(delivery_id, self._sender.domain),
            "Content-Language": letter.language.value,
        }
        if letter.stop:  # RFC 2369, and RFC 8058 for a mail program's own button
            headers |= {"List-Unsubscribe": f"<{letter.stop}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
        return self._skeleton.letter(headers, letter.text, letter.html)

    @asynccontextmanager
    async def _connection(self) -> AsyncIterator[Connection]:
        """A connection for one letter; it is kept when the server has said what it makes of it."""
        async with self._slots:
            smtp = await self._take()
            try:
                yield smtp
            except (aiosmtplib.SMTPResponseException, aiosmtplib.SMTPNotSupported):
                raise
            except BaseException:
                smtp.close()
                raise
            finally:
                if not smtp.is_open:
                    smtp.close()
                elif smtp.letters < LETTERS_PER_CONNECTION:
                    self._idle.append(smtp)
                else:
                    await smtp.quit()

    async def _take(self) -> Connection:
        while self._idle:
            smtp = self._idle.pop()
            if smtp.is_open:
                return smtp
            smtp.close()
        server = self._server
        return await connected(
            aiosmtplib.SMTP(
                hostname=server.host,
                port=server.port,
                username=server.username,
                password=server.password,
                use_tls=server.tls,
                start_tls=server.starttls,
                timeout=server.timeout,
                local_hostname=self._sender.domain,
            ),
            server.timeout,
        )


def message_id(delivery_id: str, domain: str) -> str:
    """The same for every try of a delivery, so that a mailbox that got it twice can tell. Names nobody."""
    return f"<{hashlib.sha256(delivery_id.encode()).hexdigest()[:40]}@{domain}>"


def failed(error: Exception) -> Outcome:
    """What a failure means for the letter.

    5xx on a recipient or a letter is the server's last word (RFC 5321, 4.2.1), 4xx is not. What it says to a greeting,
    a login or a sender is for the operator to set right, whatever the number, and not the letter's fault.
    """
    match error:
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


def _our_own(address: str) -> Mailbox:
    found = mailbox(address)
    if found is None:
        raise ValueError("LINLI_SMTP_FROM, LINLI_SMTP_REPLY_TO and LINLI_SMTP_RETURN_PATH want an e-mail address")
    return found
