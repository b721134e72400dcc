"""The reporter: the pseudonym in events, and the contact as staff see it."""

import hmac

from intake.submissions.domain.request import Reporter


def resident_id(reporter: Reporter | None, key: bytes) -> str | None:
    """The same for the same telephone number (or, without one, e-mail address), and not to be led back without `key`.

    Plain hashing would not do: there are only ten thousand million mobile numbers to try.
    """
    if reporter is None or not (reporter.phone or reporter.email):
        return None
    contact = reporter.phone or str(reporter.email).lower()
    return f"r-{hmac.digest(key, contact.encode(), 'sha256').hex()[:32]}"


def masked_contact(reporter: Reporter) -> dict[str, str]:
    """Enough to recognise a person who is on the phone, not enough to call one: 王**, +86139****0101, w***@qq.com."""
    contact = {"language": str(reporter.language)}
    if reporter.name:
        contact["name"] = reporter.name[0] + "**"
    if reporter.phone:
        contact["phone"] = f"{reporter.phone[:-8]}****{reporter.phone[-4:]}"
    if reporter.email:
        local, _, domain = reporter.email.rpartition("@")
        contact["email"] = f"{local[0]}***@{domain}"
    if reporter.address:
        contact["address"] = f"{reporter.address[:2]}***"
    return contact
