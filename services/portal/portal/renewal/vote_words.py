"""The codes of votes in words, for who prepares and leads one."""

from collections.abc import Mapping, Sequence

from portal.pages.language import _

CLASSES: Sequence[str] = (
    "assembly_rules",
    "covenant",
    "committee",
    "manager",
    "fund_use",
    "fund_raising",
    "rebuilding",
    "common_parts",
    "other",
    "home_to_business",
    "lift",
)
"""As an officer records them. A covenant of residents is no matter of owners, and is not offered."""
GROUNDS = ("notice", "register", "ballot", "proxy", "count", "rights", "procedure")
REASONS = ("unsigned", "unreadable", "forged", "not_the_owner")


def _said(words: Mapping[str, str], code: str) -> str:
    return words.get(code, code)


def legal_class(code: str) -> str:
    return _said(
        {
            "assembly_rules": _("Rules of the owners' assembly"),
            "covenant": _("Covenant of the owners"),
            "committee": _("Owners' committee: election, replacement"),
            "manager": _("Property manager: choice, dismissal"),
            "fund_use": _("Maintenance fund: use"),
            "fund_raising": _("Maintenance fund: raising"),
            "rebuilding": _("Rebuilding"),
            "common_parts": _("Common parts: another use, business with them"),
            "other": _("Another great matter"),
            "home_to_business": _("A home becomes a business"),
            "lift": _("A lift for a stairwell"),
            "residents_covenant": _("Covenant of residents"),
        },
        code,
    )


def ground(code: str) -> str:
    """Why a vote is said to be wrong."""
    return _said(
        {
            "notice": _("Notice: its days, its way"),
            "register": _("Register: owners, areas"),
            "ballot": _("Ballots: forged, somebody else's, twice"),
            "proxy": _("Proxies"),
            "count": _("The count"),
            "rights": _("An owner's rights"),
            "procedure": _("Another step of the procedure"),
        },
        code,
    )


def spoilt(code: str) -> str:
    """Why a ballot does not count."""
    return _said(
        {
            "unsigned": _("Not signed"),
            "unreadable": _("Cannot be read"),
            "forged": _("Forged"),
            "not_the_owner": _("Not the owner's"),
        },
        code,
    )
