"""The services' codes in words."""

from collections.abc import Callable, Sequence

from portal.pages.language import _


def pairs(codes: Sequence[str], word: Callable[[str], str] = str) -> list[tuple[str, str]]:
    """For a choice: each code and its word."""
    return [(code, word(code)) for code in codes]


def each(codes: Sequence[str], word: Callable[[str], str]) -> list[str]:
    return [word(code) for code in codes]


def _said(words: dict[str, str], code: str | None) -> str:
    return words.get(code or "", code or "–")


def role(code: str) -> str:
    return _said(
        {"operator": _("Operator"), "auditor": _("Auditor"), "party": _("Party"), "service": _("Program")}, code
    )


def outcome(code: str) -> str:
    """Of an entry of the audit log."""
    return _said({"read": _("Read"), "done": _("Done"), "refused": _("Was refused")}, code)


def delivery(code: str) -> str:
    """The state of a delivery."""
    return _said(
        {
            "due": _("Waits"),
            "sent": _("Sent"),
            "failed": _("Given up"),
            "skipped": _("Not sent: nobody to tell"),
            "undeliverable": _("Undeliverable: no channel"),
            "replaced": _("Replaced by another"),
        },
        code,
    )


def delivery_mark(code: str) -> str:
    """The kind of the badge beside it."""
    return {"due": "wait", "sent": "ok", "failed": "bad", "undeliverable": "bad"}.get(code, "off")


def channel(code: str) -> str:
    return _said({"email": _("E-mail"), "webhook": _("Webhook"), "sms": _("Text message"), "none": _("None")}, code)


def parked(code: str) -> str:
    """The state of a parked record, or what became of it."""
    return _said(
        {
            "parked": _("Waits for a decision"),
            "replayed": _("Replayed"),
            "discarded": _("Discarded"),
            "still parked": _("Still parked"),
            "decided meanwhile": _("Decided meanwhile"),
        },
        code,
    )


def kept(code: str) -> str:
    """A kind of data."""
    return _said(
        {
            "contacts": _("Contacts"),
            "texts": _("Texts"),
            "photos": _("Photos"),
            "deliveries": _("Deliveries"),
            "parked": _("Parked records"),
            "audit": _("Audit log"),
        },
        code,
    )
