"""A connection to an SMTP server that pipelines commands.

aiosmtplib connects, greets, starts TLS and logs in. For a letter it waits for four answers, one after another; here it
is for two where the server takes several commands at once (RFC 2920), as most do.
"""

import asyncio
import contextlib
from collections import deque
from collections.abc import Sequence
from typing import cast

import aiosmtplib

from notify.deliveries.mailbox import Mailbox

LONGEST_ANSWER = 65_536
"""Octets that are kept of what a server says before it has said an answer's last line."""
GOODBYE_WITHIN = 2.0
_NO_ANSWER = -1
"""In the place of a code, where a server says what is no answer; as aiosmtplib has it."""
_GO_ON, _GOES = 354, 421
_GOOD = ({250}, {250, 251}, {_GO_ON})
"""What is no refusal of MAIL, RCPT and DATA (RFC 5321, 4.3.2)."""


class Answers(asyncio.Protocol):
    """What a server says, taken apart into codes; what it says besides often quotes the address, and goes nowhere."""

    def __init__(self) -> None:
        self._codes: deque[int] = deque()
        self._unread = b""
        self._wanted = 0
        self._complete: asyncio.Future[None] | None = None
        self.ended = False
        """No more is going to come, or what comes is not to be trusted."""

    def data_received(self, data: bytes) -> None:
        *lines, self._unread = (self._unread + data).split(b"\n")
        for line in lines:
            if line[3:4] != b"-":
                self._codes.append(int(line[:3]) if line[:3].isdigit() else _NO_ANSWER)
        if self._complete is None or len(self._codes) > self._wanted or len(self._unread) > LONGEST_ANSWER:
            self.ended = True  # unasked a server says that it goes; whatever it is, no later answer is told from it
        self._tell()

    def eof_received(self) -> None:
        self.ended = True
        self._tell()

    def connection_lost(self, _: Exception | None) -> None:
        self.ended = True
        self._tell()

    async def next(self, number: int, seconds: float) -> list[int]:
        """The codes of the next so many answers, fewer when the connection ends before. Raises TimeoutError."""
        self._wanted = number
        if len(self._codes) < number and not self.ended:
            self._complete = asyncio.get_running_loop().create_future()
            try:
                async with asyncio.timeout(seconds):
                    await self._complete
            finally:
                self._complete = None
        codes = list(self._codes)[:number]
        self._codes.clear()
        return codes

    def _tell(self) -> None:
        enough = len(self._codes) >= self._wanted or self.ended
        if self._complete is not None and not self._complete.done() and enough:
            self._complete.set_result(None)


class Connection:
    """One to a server that has greeted, taken over from aiosmtplib; for one letter at a time."""

    def __init__(self, smtp: aiosmtplib.SMTP, seconds: float) -> None:
        """`seconds` for each answer."""
        self._transport = cast(asyncio.Transport, smtp.transport)
        self._seconds, self._answers = seconds, Answers()
        self._takes_several = smtp.supports_extension("pipelining")
        self._wants_size = smtp.supports_extension("size")
        self._takes_utf8 = smtp.supports_extension("smtputf8")
        self._transport.set_protocol(self._answers)
        self.letters = 0
        """Handed in, or refused."""

    @property
    def is_open(self) -> bool:
        return not self._answers.ended and not self._transport.is_closing()

    async def hand_in(self, sender: str, to: Mailbox, letter: bytes) -> None:
        """Hand in a letter, whose lines end with CRLF. Returns when the server has taken it.

        Raises aiosmtplib's errors, without what the server says, and TimeoutError. After a refusal the connection can
        be used again, if it `is_open`; after all else it is to be closed.
        """
        self.letters += 1
        codes = await self._begun(sender, to, len(letter))
        if refusal := _refused(codes):
            await self._start_over(codes)
            raise refusal
        self._write(with_dots_doubled(letter) + b".\r\n")
        if not (last := await self._answers.next(1, self._seconds)):
            raise _gone()
        if last != [250]:
            await self._start_over(last)
            raise aiosmtplib.SMTPDataError(last[0], "")

    async def quit(self) -> None:
        """Say goodbye. Never raises."""
        with contextlib.suppress(aiosmtplib.SMTPException, TimeoutError):
            self._write(b"QUIT\r\n")
            await self._answers.next(1, GOODBYE_WITHIN)
        self.close()

    def close(self) -> None:
        self._transport.close()

    async def _begun(self, sender: str, to: Mailbox, size: int) -> list[int]:
        """The answers to what comes before the letter, up to the first that refuses where each is waited for."""
        options = f" SIZE={size}" if self._wants_size else ""
        if not str(to).isascii():
            if not self._takes_utf8:
                raise aiosmtplib.SMTPNotSupported("a recipient beyond ASCII wants SMTPUTF8 (RFC 6531)")
            options += " SMTPUTF8"
        commands = f"MAIL FROM:<{sender}>{options}\r\n", f"RCPT TO:<{to}>\r\n", "DATA\r\n"
        if self._takes_several:
            self._write("".join(commands).encode())
            return await self._answers.next(len(commands), self._seconds)
        codes: list[int] = []
        for number, command in enumerate(commands, 1):
            self._write(command.encode())
            codes += await self._answers.next(1, self._seconds)
            if len(codes) < number or _refused(codes, upto=number):
                break
        return codes

    async def _start_over(self, replies: Sequence[int]) -> None:
        """After a refusal: ready for another letter, or closed."""
        codes: list[int] = []
        if _GOES not in replies:
            with contextlib.suppress(aiosmtplib.SMTPException, TimeoutError):
                if replies[2:] == [_GO_ON]:  # it waits for a letter to nobody: an empty one it is (RFC 2920, 3.1)
                    self._write(b".\r\n")
                    await self._answers.next(1, self._seconds)
                self._write(b"RSET\r\n")
                codes = await self._answers.next(1, self._seconds)
        if codes != [250]:
            self.close()

    def _write(self, data: bytes) -> None:
        if not self.is_open:
            raise _gone()
        self._transport.write(data)


async def connected(smtp: aiosmtplib.SMTP, seconds: float) -> Connection:
    """Connect as `smtp` says, and greet. Raises aiosmtplib's errors and leaves nothing open then."""
    try:
        await smtp.connect()
        if smtp.is_ehlo_or_helo_needed:
            try:
                await smtp.ehlo()
            except aiosmtplib.SMTPHeloError:
                if not smtp.is_connected:
                    raise
                await smtp.helo()
        return Connection(smtp, seconds)
    except BaseException:
        smtp.close()
        raise


def with_dots_doubled(letter: bytes) -> bytes:
    """A line that begins with a dot would end the letter (RFC 5321, 4.5.2)."""
    doubled = letter.replace(b"\r\n.", b"\r\n..") if b"\r\n." in letter else letter
    return b"." + doubled if doubled.startswith(b".") else doubled


def _refused(codes: Sequence[int], upto: int = 3) -> aiosmtplib.SMTPException | None:
    """The first refusal among the answers to MAIL, RCPT and DATA; it counts also when the server goes after it."""
    for number, (code, good) in enumerate(zip(codes, _GOOD, strict=False)):
        if code not in good:
            kinds = (aiosmtplib.SMTPSenderRefused, aiosmtplib.SMTPRecipientRefused)
            return kinds[number](code, "", "") if number < len(kinds) else aiosmtplib.SMTPDataError(code, "")
    return None if len(codes) >= upto else _gone()


def _gone() -> aiosmtplib.SMTPException:
    return aiosmtplib.SMTPServerDisconnected("the server went")
