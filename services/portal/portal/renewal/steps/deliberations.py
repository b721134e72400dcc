"""A deliberation's steps: convened, parties invited, what is said in a room, promises, what it comes to."""

from portal.addresses import at
from portal.pages.language import _
from portal.renewal import step_words as s
from portal.renewal.forms import Field
from portal.renewal.steps.fields import area, choice, day, file, line, lines, moment, some, yes_or_no, yuan
from portal.renewal.steps.step import TAKE_PART, Affair, Asks, Body, Kind, Known, Step, in_state, just_so
from portal.services import NOT_TO_BE_HAD, or_none

RESULTS = ("agreed", "partly", "not_agreed")
MAY = ("works", "money", "service", "permit", "answer")


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
        also={"invitation_id": known.of},
    )


async def _mandate(known: Known) -> Asks:
    invited = {each["party"] for each in known.affair["invitations"].values()}
    return Asks(
        [
            choice("of", _("Party"), [(each, each) for each in sorted(invited)], known.here.person.party or ""),
            line(
                "mandate.speaker",
                _("Who may speak for it"),
                hint=_("The id of their key, or the party's own."),
                most=80,
            ),
            some("mandate.may", _("What they may promise"), [(each, s.promise(each)) for each in MAY]),
            yuan("mandate.most", _("Money up to, in yuan"), required=False),
            day("mandate.until", _("Until")),
            file("letter", _("The letter, where somebody else enters it"), required=False),
        ]
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


def _voice_of(known: Known) -> list[Field]:
    """Whose words are written down: of who was in a room, and for a party its own."""
    rooms = [(id, id) for id in known.affair["sessions"]]
    own = known.here.person.party or ""
    return [
        line("voice", _("Whose words"), own, hint=_("A household's id as h-…, or a party's."), most=80),
        choice(
            "session_id", _("In which session"), rooms, required=False, hint=_("Empty: a party of its own, online.")
        ),
    ]


def _with_voice(said: Body) -> Body:
    id = said["voice"]
    return said | {"voice": {"kind": "household" if id.startswith("h-") else "party", "id": id}}


async def _in_words(known: Known) -> Asks:
    return Asks([*_voice_of(known), area("words", _("In words"))], made=_with_voice)


async def proposals_of(known: Known) -> list[tuple[str, str]]:
    """Each in its words, as far as who looks may hear them."""
    path = at("/v1/deliberations/{id}/record", id=known.affair["id"])
    record = await or_none(known.here.get(path), NOT_TO_BE_HAD) or []
    words = {each["id"]: each["words"] for each in record if each["kind"] == "proposal"}
    return [(id, words.get(id) or id) for id in known.affair["proposals"]]


async def _support(known: Known) -> Asks:
    fields = [*_voice_of(known), choice("proposal_id", _("Proposal"), await proposals_of(known), known.of)]
    return Asks(fields, made=_with_voice)


async def _commit(known: Known) -> Asks:
    return Asks(
        [
            *_voice_of(known),
            line("speaker", _("Who speaks"), known.here.person.principal, most=80),
            choice("promise.kind", _("What is promised"), [(each, s.promise(each)) for each in MAY]),
            day("promise.due", _("Last day")),
            yuan("promise.fen", _("Money, in yuan"), required=False),
            choice("promise.proposal_id", _("For which proposal"), await proposals_of(known), required=False),
            area("words", _("In words")),
        ],
        follows=_("It counts within a mandate that says so and holds today."),
        made=_with_voice,
    )


async def _take_up(known: Known) -> Asks:
    return Asks(also={"commitment_id": known.of}, follows=_("It becomes a task of the task force."))


async def _turn_down(known: Known) -> Asks:
    return Asks([area("why", _("Why"))], also={"commitment_id": known.of})


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


async def _conclude(known: Known) -> Asks:
    return Asks(
        also={"digest": known.affair["draft"]["digest"]} if known.affair["draft"] else {},
        follows=_("Exactly this draft is the outcome, with all who are against it."),
    )


def _drafted(talks: Affair) -> bool:
    return bool(talks["state"] == "open" and talks["draft"])


DELIBERATIONS = Kind(
    "deliberations",
    [
        Step("open", lambda: _("Open the talks"), just_so, in_state("convened")),
        Step("invite", lambda: _("Invite a party"), _invite, in_state("convened", "open")),
        Step("grant_mandate", lambda: _("Enter a mandate"), _mandate, in_state("convened", "open"), TAKE_PART),
        Step("record_session", lambda: _("Record a session in a room"), _session, in_state("open")),
        Step("state", lambda: _("Write down a statement"), _in_words, in_state("open"), TAKE_PART),
        Step("propose", lambda: _("Write down a proposal"), _in_words, in_state("open"), TAKE_PART),
        Step("commit", lambda: _("Promise something"), _commit, in_state("open"), TAKE_PART),
        Step("draft_outcome", lambda: _("Draft the outcome"), _outcome, in_state("open")),
        Step("conclude", lambda: _("Conclude"), _conclude, _drafted),
        Step("publish", lambda: _("Publish the outcome"), just_so, in_state("concluded")),
        Step("answer_invitation", lambda: _("Answer the invitation"), _answer, permission=TAKE_PART, of_one=True),
        Step("support", lambda: _("Write down support"), _support, in_state("open"), TAKE_PART, of_one=True),
        Step("accept_commitment", lambda: _("Take it up"), _take_up, of_one=True),
        Step("decline_commitment", lambda: _("Do not take it up"), _turn_down, of_one=True),
    ],
    Step("begin", lambda: _("Convene a deliberation"), _convene),
)
