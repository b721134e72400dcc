"""What the story has to come to, beside what it came to."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from linli_cli.demo.disputes import ENDINGS
from linli_cli.demo.renewal.covenants import SIGNED
from linli_cli.demo.renewal.ending import DONE, is_whole
from linli_cli.demo.renewal.story import ANSWERS, AREA, CITED, MATTERS
from linli_cli.terminal.language import sentence

HOW = {True: "kept", False: "broken", None: "unvisited"}
"""What the return visit found."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One of the story's numbers."""

    name: str
    words: str
    wanted: Any
    found: Any

    @property
    def right(self) -> bool:
        return bool(self.wanted == self.found)


def figures(seen: Mapping[str, Any]) -> list[Figure]:
    """All of them, in the order of the story."""
    return list(_figures(seen))


def _figures(seen: Mapping[str, Any]) -> Iterator[Figure]:
    yield Figure("answers", sentence("households that answered"), ANSWERS, seen["round"]["answered"])
    yield Figure("clusters", sentence("matters that their needs came to"), len(MATTERS), len(seen["round"]["clusters"]))
    yield Figure("seats", sentence("seats of the task force"), 6, len(seen["taskforce"]["seats"]))
    items, declined = seen["plan"]["items"], seen["plan"]["declined"]
    cited = {demand for item in items.values() for demand in item["demands"]}
    yield Figure("cited", sentence("demands that the plan takes up"), CITED, len(cited))
    yield Figure("declined", sentence("demands that it declines, each with a reason"), 3, len(declined))
    yield Figure("objected", sentence("not final with an objection open"), "objections_open", seen["objected"])
    yield Figure(
        "days_anew", sentence("not final before the changed text has hung"), "days_not_over", seen["days_anew"]
    )
    yield Figure("versions", sentence("versions of the plan"), 2, len(seen["plan"]["versions"]))
    yield Figure("committed", sentence("what the power company owes"), 2, len(seen["committed"]))
    yield from _of_the_vote(seen)
    yield Figure(
        "cover", sentence("hidden work is not covered unseen"), "hidden_work_not_passed", seen["cover_refused"]
    )
    yield Figure("refused", sentence("not accepted with a defect open"), "defects_open", seen["acceptance_refused"])
    handed_over = Counter(each["state"] for each in seen["handed_over"])
    yield Figure("handed_over", sentence("packages handed over"), {"handed_over": 8}, dict(handed_over))
    yield Figure("signed", sentence("signatures to the covenant"), SIGNED, seen["covenant"]["in_force"]["signed"])
    yield from _of_the_demands(seen)
    yield from _of_the_disputes(seen)


def _of_the_vote(seen: Mapping[str, Any]) -> Iterator[Figure]:
    register, count = seen["register"], seen["count"]
    yield Figure("heads", sentence("owners"), 46, register["heads"])
    yield Figure("area", sentence("their area, in hundredths of a ㎡"), 48 * AREA, register["area"])
    yield Figure("too_early", sentence("no vote before fifteen days of notice"), "short-notice", seen["too_early"])
    yield Figure("twice", sentence("no second ballot"), "has-voted", seen["second_ballot"])
    yield Figure("turnout", sentence("who took part"), {"area": 36 * AREA, "heads": 34}, seen["turnout"])
    shed, covenant = count["matters"]
    yield Figure("shed", sentence("for the shed"), {"area": 28 * AREA, "heads": 26}, shed["approve"])
    yield Figure("shed_passed", sentence("the shed is decided"), True, shed["passed"])
    yield Figure("fewer", sentence("with one flat's yes fewer it would fail by heads"), False, one_yes_fewer(shed))
    yield Figure("covenant", sentence("for the covenant"), {"area": 22 * AREA, "heads": 20}, covenant["approve"])
    yield Figure("covenant_passed", sentence("the covenant is adopted"), True, covenant["passed"])
    yield Figure("recount", sentence("a recount finds the same"), True, count == seen["recount"])


def _of_the_demands(seen: Mapping[str, Any]) -> Iterator[Figure]:
    lineages = seen["lineages"].values()
    ends = dict(Counter(str(each["end"]) for each in lineages))
    yield Figure("ends", sentence("how the demands ended"), {"accepted": CITED, "declined": 3}, ends)
    whole = sentence("demands whose lineage ends in an acceptance or a reason")
    yield Figure("lineages", whole, ANSWERS, len([each for each in lineages if is_whole(each)]))
    done = len([state for state in seen["cases"].values() if state in DONE])
    yield Figure("resolved", sentence("demands whose case is resolved by it"), ANSWERS, done)


def _of_the_disputes(seen: Mapping[str, Any]) -> Iterator[Figure]:
    mediations = [each["mediation"] for each in seen["disputes"]]
    wanted = dict(Counter(each.state for each in ENDINGS))
    states = dict(Counter(str(each["state"]) for each in mediations))
    yield Figure("disputes", sentence("how the disputes ended"), wanted, states)
    agreements = [each for mediation in mediations for each in mediation["agreements"]]
    told = {"kept": 0, "broken": 0} | Counter(HOW[each["kept"]] for each in agreements)
    yield Figure("agreements", sentence("agreements after their return visit"), {"kept": 8, "broken": 2}, dict(told))
    confirmed = len([each for each in agreements if each["court"] == "confirmed"])
    yield Figure("confirmed", sentence("agreements that a court has confirmed"), 1, confirmed)


def one_yes_fewer(matter: Mapping[str, Any]) -> bool:
    """Whether it would still pass by heads: three of four, in whole numbers."""
    return bool((matter["approve"]["heads"] - 1) * 4 >= matter["took_part"]["heads"] * 3)
