"""Letters that the embedded stack's mail sink has kept, found by the deliveries that they are of."""

import email
import email.policy
from collections.abc import Iterator, Sequence
from email.message import EmailMessage
from pathlib import Path


def delete_letters(directory: Path, deliveries: Sequence[str], cases: Sequence[str]) -> int:
    """Delete the letters of these deliveries, and those that name one of the cases; how many there were."""
    from notify.deliveries.channels.email import message_id  # noqa: PLC0415 - only the embedded stack has it

    ids = {message_id(delivery, "") for delivery in deliveries}
    found = [path for path in directory.glob("*.eml") if _is_of(path, ids, cases)] if directory.is_dir() else []
    for path in found:
        path.unlink()
    return len(found)


def _is_of(path: Path, ids: set[str], cases: Sequence[str]) -> bool:
    letter = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    named = str(letter["Message-ID"] or "").partition("@")[0] + "@>"
    return named in ids or any(case in text for text in _texts(letter) for case in cases)


def _texts(letter: EmailMessage) -> Iterator[str]:
    for part in letter.walk():
        if part.get_content_maintype() == "text":
            yield str(part.get_content())
