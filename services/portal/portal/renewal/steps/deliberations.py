"""A deliberation's steps: convened, parties invited, what is said in a room, promises, what it comes to."""

from portal.pages.language import _
from portal.renewal import step_words as s
from portal.renewal.steps import promises
from portal.renewal.steps.fields import area, choice, day, hidden, line, lines, moment, some, yes_or_no
from portal.renewal.steps.step import TAKE_PART, Affair, Asks, Body, Kind, Known, Step, in_state, just_so
from portal.renewal.steps.voices import proposals_of, voice_of, with_voice

RESULTS = ("agreed", "partly", "not_agreed")
TALKED = ("convened", "open")


async def _convene(known: Known) -> Asks:
    forces = await known.here.get("/v1/taskforces", known.place)
    return Asks(
        [
            area("question.zh", _("The question"), most=2_000),
            area("question.en", _("In English"), most=2_000, required=False),
            day("first_day", _("First day")),
            day("last_day", _("Last day")),
            choice(
                "taskforce_id",
                _("Task force"),
                [(each["id"], each["title"]) for each in forces],
                required=False,
                hint=_("Promises that are taken up are its tasks."),
            ),
        ],
        follows=_("What it comes to is no decision of the owners."),
        also=known.place,
    )


async def _invite(known: Known) -> Asks:
    return Asks(
        [
            line("invited", _("Party, by its id"), most=64),
            line("title", _("What it is about")),
            area("asks", _("What it is asked")),
            moment("answer_by", _("Answer by")),
        ],
        follows=_("It finds the invitation among its cases."),
    )


async def _answer(known: Known) -> Asks:
    return Asks(
        [
            yes_or_no("comes", _("Does your party come?"), _("It comes"), _("It does not come")),
            area("words", _("In words"), required=False),
        ],
        also={
            "invitation_id": known.of,
            **promises.for_whom(known, known.affair["invitations"].get(known.of), "party"),
        },
    )


async def _session(known: Known) -> Asks:
    return Asks(
        [
            moment("held_at", _("When")),
            line("place", _("Where")),
            lines("households", _("Households that were there, by their ids"), required=False, hint=_("A line each.")),
            lines(
                "parties",
                _("Parties that were there"),
                required=False,
                hint=_("A line each: the party, and who spoke for it."),
            ),
        ],
        made=_present,
    )


def _present(said: Body) -> Body:
    present: list[Body] = [{"voice": {"kind": "household", "id": id}} for id in said.pop("households", [])]
    for each in said.pop("parties", []):
        party, _space, person = each.partition(" ")
        who = {"person": person.strip()} if person.strip() else {}
        present.append({"voice": {"kind": "party", "id": party}} | who)
    return said | {"present": present}


async def _in_words(known: Known) -> Asks:
    return Asks([*voice_of(known), area("words", _("In words"))], made=with_voice)


async def _support(known: Known) -> Asks:
    fields = [*voice_of(known), choice("proposal_id", _("Proposal"), await proposals_of(known), known.of)]
    return Asks(fields, made=with_voice)


async def _outcome(known: Known) -> Asks:
    return Asks(
        [
            choice("result", _("What it came to"), [(each, s.result(each)) for each in RESULTS]),
            some("proposals", _("Proposals that were agreed on"), await proposals_of(known), required=False),
            area("says.zh", _("In words"), most=2_000),
            area("says.en", _("In English"), most=2_000, required=False),
        ],
        follows=_("It lies open so that whoever is against it can say so, and is listed."),
    )


async def _against(known: Known) -> Asks:
    digest = known.affair["draft"]["digest"] if known.affair["draft"] else ""
    says = _("Whoever is against it is listed in the outcome.")
    return Asks([*voice_of(known), hidden("digest", digest)], follows=says, made=with_voice)


async def _not_against(known: Known) -> Asks:
    return Asks(voice_of(known), made=with_voice)


async def _conclude(known: Known) -> Asks:
    return Asks(
        also={"digest": known.affair["draft"]["digest"]} if known.affair["draft"] else {},
        follows=_("Exactly this draft is the outcome, with all who are against it."),
    )


def _drafted(talks: Affair) -> bool:
    return bool(talks["state"] == "open" and talks["draft"])


def _opposed(talks: Affair) -> bool:
    return bool(_drafted(talks) and talks["dissent"])


DELIBERATIONS = Kind(
    "deliberations",
    [
        Step("open", lambda: _("Open the talks"), just_so, in_state("convened")),
        Step("invite", lambda: _("Invite a party"), _invite, in_state("convened", "open")),
        Step("grant_mandate", lambda: _("Enter a mandate"), promises.mandate, in_state("convened", "open"), TAKE_PART),
        Step("record_session", lambda: _("Record a session in a room"), _session, in_state("open")),
        Step("state", lambda: _("Write down a statement"), _in_words, in_state("open"), TAKE_PART),
        Step("propose", lambda: _("Write down a proposal"), _in_words, in_state("open"), TAKE_PART),
        Step("commit", lambda: _("Promise something"), promises.commit, in_state("open"), TAKE_PART),
        Step("draft_outcome", lambda: _("Draft the outcome"), _outcome, in_state("open")),
        Step("dissent", lambda: _("Write down who is against it"), _against, _drafted, TAKE_PART),
        Step("withdraw_dissent", lambda: _("Somebody is against it no more"), _not_against, _opposed, TAKE_PART),
        Step("conclude", lambda: _("Conclude"), _conclude, _drafted),
        Step("publish", lambda: _("Publish the outcome"), just_so, in_state("concluded")),
        Step("answer_invitation", lambda: _("Answer the invitation"), _answer, permission=TAKE_PART, of_one=True),
        Step("support", lambda: _("Write down support"), _support, in_state("open"), TAKE_PART, of_one=True),
        Step("withdraw_support", lambda: _("Take support back"), _support, in_state("open"), TAKE_PART, of_one=True),
        Step(
            "revoke_mandate", lambda: _("End the mandate"), promises.revoke, in_state(*TALKED), TAKE_PART, of_one=True
        ),
        Step("hear_again", lambda: _("Hear it again"), promises.hear_again, in_state("open"), of_one=True),
        Step(
            "withdraw_commitment",
            lambda: _("Take the promise back"),
            promises.take_back,
            permission=TAKE_PART,
            of_one=True,
        ),
        Step("accept_commitment", lambda: _("Take it up"), promises.take_up, of_one=True),
        Step("decline_commitment", lambda: _("Do not take it up"), promises.turn_down, of_one=True),
    ],
    Step("begin", lambda: _("Convene a deliberation"), _convene),
)
