"""What each step of a vote asks for."""

import re
from collections.abc import Collection, Mapping
from typing import Any

from portal.pages.language import gettext as _
from portal.renewal import vote_words, words
from portal.renewal.forms import Field, Form
from portal.renewal.giving import Checked
from portal.renewal.owners import Owners

STEPS = {"prepared": "notice", "noticed": "open", "open": "close", "counted": "declare", "declared": "publish"}
"""Which step the office takes from a state; a count is certified by its tellers."""
SIGN = re.compile(r"[A-Za-z]-?[0-9]{1,6}")
"""Of somebody who is no owner, in the office's own list."""
NO_OWNER = ("not-an-owner", "has-voted")


def step(name: str) -> Form:
    """One that a vote goes on by."""
    done = {
        "notice": _("The notice of the vote is posted."),
        "open": _("The vote is open."),
        "close": _("The vote is closed. Its tellers count now."),
        "declare": _("The result is declared."),
        "publish": _("The result is published."),
    }
    until = Field("closes_at", _("Vote until"), "moment", reasons=("no-time",))
    return Form(
        words.step(name), words.step(name), done[name], (until,) if name == "open" else (), words.what_follows(name)
    )


def lodge_proxy(owners: Owners) -> Form:
    return Form(
        _("Lodge a proxy"),
        _("Lodge it"),
        _("The proxy is lodged."),
        (
            _door(
                "principal",
                _("Owner who gives the vote: a door"),
                owners,
                (*NO_OWNER, "has-proxy", "no-proxies", "not-open"),
            ),
            Field(
                "agent",
                _("Who votes for them: a door, or the office's sign for somebody who is no owner"),
                options=owners.options,
                hint=_("A sign such as A-1 from the office's own list: no name is kept here."),
                reasons=("too-many-principals", "proxy-chain", "own-agent"),
                most=120,
            ),
            Field(
                "letter",
                _("Scan of the signed letter"),
                "scan",
                hint=_("Its SHA-256 is kept, the file is not: keep the letter."),
                required=False,
                reasons=("not-in-writing",),
            ),
        ),
        _("In writing, for this vote alone, and not given on."),
    )


def revoke_proxy(owners: Owners, principal: str = "") -> Form:
    reasons = (*NO_OWNER, "no-proxies", "not-open")
    return Form(
        _("Take a proxy back"),
        _("Take it back"),
        _("The proxy is taken back."),
        (_door("principal", _("Owner who gave the vote: a door"), owners, reasons, owners.door(principal)),),
    )


def challenge(owners: Owners) -> Form:
    return Form(
        _("Record a challenge"),
        _("Record it"),
        _("The challenge is recorded."),
        (
            _door("owner", _("Owner who says so: a door"), owners, NO_OWNER),
            _ground(),
            _document(),
        ),
        _("What an owner has brought to the office in writing. It changes nothing before it is settled."),
    )


def settle_challenge(challenges: Mapping[str, Mapping[str, Any]], chosen: str = "") -> Form:
    those = [
        (id, f"{id} · {vote_words.ground(each['ground'])}") for id, each in challenges.items() if each["upheld"] is None
    ]
    return Form(
        _("Settle a challenge"),
        _("Settle it"),
        _("The challenge is settled."),
        (
            Field(
                "challenge_id",
                _("Challenge"),
                "choice",
                options=those,
                value=chosen,
                reasons=("no-challenge", "settled"),
            ),
            Field(
                "upheld",
                _("What came of it"),
                "choice",
                options=(("no", _("Dismissed: the vote stands")), ("yes", _("Upheld: the vote is void"))),
            ),
            Field(
                "judgment",
                _("The paper is a court's judgment that has become final"),
                "yes",
                required=False,
                reasons=("decided",),
            ),
            _document(),
        ),
    )


def void() -> Form:
    return Form(
        _("Stop the vote"),
        _("Stop it"),
        _("The vote is stopped. It has no result."),
        (_ground(("decided",)), _document()),
        _("It cannot be taken back. A declared decision is set aside by a court's judgment only."),
    )


def certify(vote: Mapping[str, Any], texts: Mapping[str, str]) -> Form:
    """What a teller has found of each matter."""
    fields = [
        each
        for at, matter in enumerate(vote["terms"]["matters"])
        for mark in words.CHOICES
        for each in (
            Field(
                f"matters.{at}.{mark}.heads",
                f"{words.choice(mark)}: {_('owners')}",
                "number",
                group=texts[matter["id"]],
            ),
            Field(f"matters.{at}.{mark}.area", f"{words.choice(mark)}: ㎡", "metres", group=texts[matter["id"]]),
        )
    ]
    return Form(
        _("What you have counted"),
        _("Certify"),
        _("Your numbers are kept. Another teller has to find the same."),
        fields,
        _("From your own sheet. Another teller has to find the same."),
        permission="ballots:count",
    )


def _door(name: str, label: str, owners: Owners, reasons: Collection[str], value: str = "") -> Field:
    return Field(name, label, options=owners.options, reasons=reasons, value=value, most=120)


def _ground(reasons: Collection[str] = ()) -> Field:
    return Field(
        "ground",
        _("Ground"),
        "choice",
        options=[(each, vote_words.ground(each)) for each in vote_words.GROUNDS],
        reasons=reasons,
    )


def _document() -> Field:
    return Field(
        "document",
        _("Scan of the paper that says so"),
        "scan",
        hint=_("Its SHA-256 is kept, the file is not: keep the paper."),
    )


def whose(owners: Owners, *names: str) -> Checked:
    """Doors as the owners that the service knows; an agent may be no owner, and is called by their sign then."""

    def checked(said: dict[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
        found = {name: owners.owner(said[name]) for name in names}
        if "agent" in names and found["agent"] is None and SIGN.fullmatch(said["agent"]):
            found["agent"] = said["agent"].upper()
        wrong = {
            name: _("No door of the register is called like this.") for name, each in found.items() if each is None
        }
        return said | found, wrong

    return checked


def settled(said: dict[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
    return said | {"upheld": said["upheld"] == "yes"}, {}
