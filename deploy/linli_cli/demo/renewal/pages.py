"""Where the portal shows what each act has come to, and for whom that page is."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from linli_cli.demo.renewal.story import COMMUNITY, NEIGHBOURHOOD
from linli_cli.demo.renewal.talks import COMPANY
from linli_cli.demo.renewal.works import SITE
from linli_cli.terminal.language import sentence

EVERYBODY, OPERATOR = "everybody", "operator"
BUILT, DECLINED = 6, 28
"""Numbers of demands: one that has come the longest way, and one that the plan declines."""


@dataclass(frozen=True, slots=True)
class Page:
    """One page. `reader` is everybody, an operator, or the party that has to be signed in."""

    act: str
    words: str
    path: str
    reader: str = EVERYBODY


def pages(seen: Mapping[str, Any]) -> list[Page]:
    """In the order of the story."""
    return list(_pages(seen))


def _pages(seen: Mapping[str, Any]) -> Iterator[Page]:
    round, plan, vote = seen["round"]["id"], seen["plan"]["id"], seen["vote"]["id"]
    first, demands = seen["packages"][0], seen["demands"]
    yield Page("round", sentence("what the survey came to"), f"/rounds/{round}")
    yield Page("round", sentence("one household's answer, and what became of it"), f"/answer/{seen['households'][0]}")
    yield Page("round", sentence("the survey at the desk"), f"/desk/rounds/{round}", OPERATOR)
    force = f"/desk/taskforces/{seen['taskforce']['id']}"
    yield Page("taskforce", sentence("seats, meeting and tasks"), force, OPERATOR)
    yield Page("plan", sentence("the notice board"), f"/board/{COMMUNITY}/{NEIGHBOURHOOD}")
    yield Page("plan", sentence("the plan as everybody reads it"), f"/plans/{plan}")
    objected = f"/objections/{seen['objector']}"
    yield Page("plan", sentence("what the household objected, and the answer"), objected)
    yield Page("plan", sentence("both versions of the plan side by side"), f"/desk/plans/{plan}", OPERATOR)
    talks = f"/desk/deliberations/{seen['talks']['id']}"
    yield Page("plan", sentence("the talk about the shed, and what was promised"), talks, OPERATOR)
    outcome = f"/outcome/{seen['talks']['id']}"
    yield Page("plan", sentence("what the talk came to, for everybody"), outcome)
    yield Page("plan", sentence("what the power company owes, at its own desk"), "/desk/actions", COMPANY)
    yield Page("vote", sentence("the result of the vote"), f"/vote/{vote}")
    yield Page("vote", sentence("the vote at the desk"), f"/desk/votes/{vote}", OPERATOR)
    yield Page("works", sentence("all works of the neighbourhood"), f"/n/{COMMUNITY}/{NEIGHBOURHOOD}/works")
    yield Page("works", sentence("the shed, from its beginning to its warranty"), f"/works/{first}")
    code = seen["representatives"][0][0]["code"]
    yield Page("works", sentence("the same for who spoke for the residents"), f"/site/{code}")
    yield Page("works", sentence("the same for its builder"), f"/desk/works/{first}", SITE["builder"])
    covenant = f"/board/{COMMUNITY}/{NEIGHBOURHOOD}#{seen['covenant']['id']}"
    yield Page("signatures", sentence("the covenant with its signatures"), covenant)
    yield Page("signatures", sentence("the same for a household that signed"), f"/signing/{seen['signing'][0]}")
    dispute = seen["disputes"][0]
    desk = f"/desk/cases/{dispute['case']}/mediation"
    yield Page("disputes", sentence("a dispute for who reported it"), f"/track/{dispute['code']}/mediation")
    yield Page("disputes", sentence("the same at the desk"), desk, OPERATOR)
    built, declined = (f"/lineage/{demands[number]}" for number in (BUILT, DECLINED))
    yield Page("lineage", sentence("a demand's way to what was built for it"), built, OPERATOR)
    yield Page("lineage", sentence("a demand's way to the reason why not"), declined, OPERATOR)
