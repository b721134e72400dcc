"""The ballot box at the desk: papers are printed, read by two people and entered, and put aside by two tellers."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Any

from fastapi import Path, Response

from linli.security.auth import OPEN
from linli.web.bodies import takes
from linli.web.problems import Problem
from portal.addresses import at
from portal.pages.language import gettext as _
from portal.pages.route import page_router
from portal.renewal import vote_words, words
from portal.renewal.forms import Field, Form, body_of, read
from portal.renewal.given import AtTheDesk, Id, StaffVisit
from portal.renewal.giving import MOST_BYTES, Giving, give, refused, shown
from portal.renewal.owners import Owners, owners_of
from portal.renewal.papers_api import pdf
from portal.renewal.vote_forms import NO_OWNER, whose

routes = page_router()
BASE = "/desk/votes/{id}"
What = Annotated[str, Path(pattern="^(print|paper|spoil)$")]
SECOND = "second."
"""Before what the second person reads."""


@routes.get(BASE + "/box/{what}", dependencies=[OPEN])
async def form(id: Id, what: What, here: AtTheDesk) -> Response:
    """To print ballots, to enter one, to put one aside."""
    vote, owners, texts = await _known(here, id)
    match what:
        case "print":
            return shown(here, _giving(id, _print(owners), what))
        case "paper":
            return shown(here, _giving(id, _paper(here, vote, owners, texts), what))
        case _:
            return shown(here, _giving(id, _spoil(owners), what))


@routes.post(BASE + "/box/print", dependencies=[OPEN])
async def printed(id: Id, here: AtTheDesk) -> Response:
    """Papers with new codes, of a stairwell or of all: those before count no more."""
    filled = await read(here.visit.request)
    asked = _print((await _known(here, id))[1])
    body, _faults = body_of(asked, filled, here.zone)
    try:
        made = await here.services.made("neighbourhood", at("/v1/votes/{id}/ballots:print", id=id), body, here.caller)
    except Problem as problem:
        return shown(here, _giving(id, asked, "print"), refused(asked, filled, problem))
    return pdf(made, "ballots")


@routes.post(BASE + "/box/paper", dependencies=[OPEN, takes(MOST_BYTES)])
async def enter(id: Id, here: AtTheDesk) -> Response:
    """First what one person reads, then what a second one does: where both read the same it goes into the box."""
    filled = await read(here.visit.request)
    vote, owners, texts = await _known(here, id)
    asked = _paper(here, vote, owners, texts)
    giving = replace(
        _giving(id, asked, "paper"),
        to=at("/v1/votes/{id}/ballots", id=id),
        checked=lambda said: _ballot(vote, owners, said),
        lead=lambda _receipt: at(BASE, id=id) + "/box/paper",  # to the next paper
        told=lambda receipt: _("The ballot is in the box: %(id)s.") % {"id": receipt["ballot"]},
    )
    said, faults = body_of(asked, filled, here.zone)
    body, more = _ballot(vote, owners, said) if not faults else ({}, {})
    if faults | more:
        return shown(here, giving, replace(filled, faults=faults | more, status=422))
    marks = [each.name for each in asked.fields if each.name.startswith("choices.")]
    differ = {name for name in marks if filled.one(name) != filled.one(SECOND + name)}
    if filled.one("step") == "second" and not differ:
        return await give(here, giving, filled)
    other = _("The first person has read something else. Look at the paper together.")
    wrong = {SECOND + name: other for name in differ} if filled.one("step") == "second" else {}
    values = {"first": asked, "whose": owners.called(body["owner"]), "by": owners.called(body.get("agent", ""))}
    second = Form(_("A second person reads the paper"), _("Put it into the box"), "", _marks(texts, SECOND))
    again = replace(filled, faults=wrong, status=422 if wrong else 200)
    return here.page("desk_paper.html", again.status, giving=giving, form=second, filled=again, **values)


@routes.post(BASE + "/box/spoil", dependencies=[OPEN])
async def spoil(id: Id, here: AtTheDesk) -> Response:
    """By one teller, and again by another one: the first is told that it waits."""
    asked = _spoil(owners := (await _known(here, id))[1])
    to = at("/v1/votes/{id}/ballots:spoil", id=id)
    told = _("Said. The ballot counts until another teller says the same here, signed in with their own key.")
    giving = replace(
        _giving(id, asked, "spoil"),
        to=to,
        checked=whose(owners, "owner"),
        told=lambda answer: told if answer["waits_for_another"] else asked.done,
    )
    return await give(here, giving)


async def _known(here: StaffVisit, id: str) -> tuple[dict[str, Any], Owners, dict[str, str]]:
    path = at("/v1/votes/{id}", id=id)
    vote = await here.get(path)
    return vote, await owners_of(here, vote), words.texts_of(await here.get(f"{path}/matters"))


def _giving(id: str, form: Form, what: str) -> Giving:
    page = at(BASE, id=id)
    return Giving(form, f"{page}/box/{what}", "", page, _("Vote of the owners"))


def _print(owners: Owners) -> Form:
    those = Field(
        "stairwell",
        _("Stairwell"),
        "choice",
        required=False,
        options=owners.stairwells,
        reasons=("how_many", "not-open"),
        hint=_("None: all owners. Papers that were printed before count no more."),
    )
    return Form(_("Print ballots"), _("Print ballots"), "", (those,), permission="ballots:deliver")


def _paper(here: StaffVisit, vote: Mapping[str, Any], owners: Owners, texts: Mapping[str, str]) -> Form:
    office = here.visit.office
    fields = (
        Field("owner", _("Whose paper: a door"), options=owners.options, reasons=NO_OWNER, most=120),
        Field(
            "by_proxy",
            _("It was cast by proxy, by who is lodged for this owner"),
            "yes",
            required=False,
            reasons=("no-proxy", "no-channel"),
        ),
        Field(
            "received_at",
            _("When it went into the box"),
            "moment",
            value=f"{office.now().astimezone(office.zone):%Y-%m-%dT%H:%M}",
            reasons=("not-open",),
        ),
        Field(
            "scan",
            _("Scan of the paper"),
            "scan",
            hint=_("Its SHA-256 is kept, the file is not: keep the paper."),
            reasons=("no-scan",),
        ),
        *_marks(texts),
    )
    follows = _("Say what stands on the paper. A second person reads it after you.")
    return Form(_("Enter a paper"), _("Let a second person read it"), "", fields, follows, "ballots:count")


def _marks(texts: Mapping[str, str], before: str = "") -> tuple[Field, ...]:
    marks = [(each, words.choice(each)) for each in words.CHOICES]
    blank = _("Empty where nothing is marked.")
    return tuple(
        Field(
            f"{before}choices.m{at}",
            text,
            "choice",
            options=marks,
            required=False,
            hint=blank,
            reasons=("blank",),
        )
        for at, text in enumerate(texts.values())
    )


def _ballot(vote: Mapping[str, Any], owners: Owners, said: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
    """As it is sent, and what is wrong by field."""
    owner = owners.owner(said["owner"])
    if owner is None:
        return {}, {"owner": _("No door of the register is called like this.")}
    ids = [each["id"] for each in vote["terms"]["matters"]]
    marked = said.get("choices") or {}
    named = {ids[int(name.removeprefix("m"))]: mark for name, mark in marked.items()}
    if not named:
        return {}, {"choices.m0": _("Nothing is marked, and silence is no vote.")}
    body = {"owner": owner, "choices": named, "received_at": said["received_at"], "scan": said["scan"]}
    if said["by_proxy"]:
        if owner not in vote["proxies"]:
            return {}, {"by_proxy": _("No proxy of this owner is lodged.")}
        body["agent"] = vote["proxies"][owner]
    return body, {}


def _spoil(owners: Owners) -> Form:
    fields = (
        Field("owner", _("Whose ballot: a door"), options=owners.options, reasons=NO_OWNER, most=120),
        Field(
            "ballot_id",
            _("Number of the ballot"),
            hint=_("It was said when the paper was entered; tellers find it in their list."),
            reasons=("no-ballot",),
            most=120,
        ),
        Field(
            "because",
            _("Why it does not count"),
            "choice",
            options=[(each, vote_words.spoilt(each)) for each in vote_words.REASONS],
            reasons=("another-reason", "two-tellers"),
        ),
    )
    follows = _(
        "Two tellers fill this in, each signed in with their own key; then it counts no more, and while the vote is"
        " open its owner may vote anew."
    )
    return Form(
        _("Put a ballot aside"), _("Put it aside"), _("The ballot is put aside."), fields, follows, "ballots:count"
    )
