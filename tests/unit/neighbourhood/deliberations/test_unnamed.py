"""A company sees how many households are for and against something, and not which."""

from typing import Any

from pydantic import TypeAdapter

from neighbourhood.deliberations.domain import commands as do
from neighbourhood.deliberations.domain.deliberation import Deliberation
from neighbourhood.deliberations.unnamed import unnamed
from tests.unit.neighbourhood.deliberations.hall import DRAFT, TALKED, after, dissent, home, in_room, own, support

KEPT = TypeAdapter(Deliberation)


def test_households_have_numbers_in_place_of_their_ids_and_parties_keep_theirs() -> None:
    against = do.DissentFrom(**in_room(home(2)), digest=dissent(1).digest)
    talks = after(*TALKED, (support(1), 4), (support(3), 4), (DRAFT, 4), (dissent(1), 4), (against, 4))
    whole: dict[str, Any] = KEPT.dump_python(talks, mode="json")
    seen = unnamed(whole)
    told = str(seen)
    assert not any(f"h-{n}" in told for n in (1, 2, 3)) and "grid-co" in told
    assert len(seen["proposals"]["q-1"]) == 2 and len(seen["dissent"]) == 2
    assert all(
        each["voice"] == {"kind": "household", "id": key.partition(":")[2]} for key, each in seen["dissent"].items()
    )
    assert KEPT.validate_python(seen).statements.keys() == talks.statements.keys()
    assert own(1)["voice"].id in str(whole), "what was kept stays as it is"
