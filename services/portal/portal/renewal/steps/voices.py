"""Whose words are written down of talks, and on which proposal."""

from portal.addresses import at
from portal.pages.language import _
from portal.renewal.forms import Field
from portal.renewal.steps.fields import choice, line
from portal.renewal.steps.step import Body, Known
from portal.services import NOT_TO_BE_HAD, or_none


def voice_of(known: Known) -> list[Field]:
    """Whose words are written down: of who was in a room, and for a party its own."""
    rooms = [(id, id) for id in known.affair["sessions"]]
    own = known.here.person.party or ""
    return [
        line("voice", _("Whose words"), own, hint=_("A household's id as h-…, or a party's."), most=80),
        choice(
            "session_id", _("In which session"), rooms, required=False, hint=_("Empty: a party of its own, online.")
        ),
    ]


def with_voice(said: Body) -> Body:
    id, room = said["voice"], said.get("session_id")
    return said | {"voice": {"kind": "household" if id.startswith("h-") else "party", "id": id}, "session_id": room}


async def proposals_of(known: Known) -> list[tuple[str, str]]:
    """Each in its words, as far as who looks may hear them."""
    path = at("/v1/deliberations/{id}/record", id=known.affair["id"])
    record = await or_none(known.here.get(path), NOT_TO_BE_HAD) or []
    words = {each["id"]: each["words"] for each in record if each["kind"] == "proposal"}
    return [(id, words.get(id) or id) for id in known.affair["proposals"]]
