"""Where the embedded stack's e-mail ends: an SMTP server on loopback that writes each letter to a file."""

import secrets
from datetime import UTC, datetime
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from linli_cli.settings import LOOPBACK


class MailSink:
    """Accepts every letter for everyone, and delivers none."""

    def __init__(self, directory: Path, port: int, host: str = LOOPBACK) -> None:
        self._directory = directory
        self._controller = Controller(_Letters(directory), hostname=host, port=port)

    def start(self) -> None:
        """Raises OSError when the port is taken."""
        self._directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._controller.start()

    def stop(self) -> None:
        if self._controller.server is not None:
            self._controller.stop()


class _Letters:
    def __init__(self, directory: Path) -> None:
        self._directory = directory

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's
        """Answers 250 once the file is there, whole; its name sorts by time."""
        name = f"{datetime.now(UTC):%Y%m%dT%H%M%S.%f}-{secrets.token_hex(3)}.eml"
        recipients = "".join(f"X-RcptTo: {recipient}\r\n" for recipient in envelope.rcpt_tos)
        content = envelope.content or b""
        aside = self._directory / f".{name}"
        aside.write_bytes(recipients.encode() + (content if isinstance(content, bytes) else content.encode()))
        aside.replace(self._directory / name)
        return "250 OK"
