"""Where the embedded stack's e-mail ends: an SMTP server on loopback that writes each letter to a file, for a while."""

import secrets
from datetime import UTC, datetime, timedelta
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from linli_cli.connection.settings import LOOPBACK
from linli_cli.stack.home import private

MOMENT = "%Y%m%dT%H%M%S.%f"
"""How a letter's name begins."""
LOOKED_THROUGH_EVERY = 24 * 3600.0
"""Seconds."""


class MailSink:
    """Accepts every letter for everyone, and delivers none. Keeps each for so many days; 0: for ever."""

    def __init__(self, directory: Path, port: int, keep: int, host: str = LOOPBACK) -> None:
        self._directory, self._keep = directory, keep
        self._controller = Controller(_Letters(directory), hostname=host, port=port)

    def start(self) -> None:
        """Raises OSError when the port is taken."""
        private(self._directory)
        self._controller.start()
        if self._keep:
            self._controller.loop.call_soon_threadsafe(self._look_through)

    def stop(self) -> None:
        if self._controller.server is not None:
            self._controller.stop()

    def _look_through(self) -> None:
        self._controller.loop.call_later(LOOKED_THROUGH_EVERY, self._look_through)
        # Tomorrow's look is certain by now; what keeps this one from deleting is written into the log by the loop.
        delete_before(self._directory, datetime.now(UTC) - timedelta(days=self._keep))


def delete_before(directory: Path, moment: datetime) -> None:
    """Delete the letters that came before a moment, also those that were never whole."""
    for path in directory.glob("*.eml"):
        if path.name.lstrip(".") < f"{moment:{MOMENT}}":
            path.unlink(missing_ok=True)  # an erasure may take it at the same time


class _Letters:
    def __init__(self, directory: Path) -> None:
        self._directory = directory

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's
        """Answers 250 once the file is there, whole; its name sorts by time."""
        name = f"{datetime.now(UTC):{MOMENT}}-{secrets.token_hex(3)}.eml"
        recipients = "".join(f"X-RcptTo: {recipient}\r\n" for recipient in envelope.rcpt_tos)
        content = envelope.content or b""
        aside = self._directory / f".{name}"
        aside.write_bytes(recipients.encode() + (content if isinstance(content, bytes) else content.encode()))
        aside.replace(self._directory / name)
        return "250 OK"
