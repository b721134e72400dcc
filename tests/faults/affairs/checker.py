"""The comparison of what neighbourhood answered with what there is: each once, and each sum as a recount has it.

Nothing is counted by the service's own functions: areas are those of the register that the harness has sent, choices
those that it has handed in. Only which link an event makes is asked of the domain.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from linli.contracts.catalogue import event_named
from linli.contracts.envelope import Envelope
from neighbourhood.lineage.domain.links import newest
from neighbourhood.lineage.domain.reading import links_of
from tests.faults.affairs.books import AffairsFound, Told
from tests.faults.affairs.ledger import AffairsLedger, Household, Owner

RECORDED = "linli.ballot.recorded.v1"
INVITED, ANSWERED, WITHDRAWN = (f"linli.response.{each}.v1" for each in ("invited", "recorded", "withdrawn"))
REACHED, PROGRESSED = "linli.demand.reached.v1", "linli.case.progressed.v1"


@dataclass(slots=True)
class Damage:
    """What the comparison says of affairs."""

    acknowledged: int = 0
    lost: dict[str, str] = field(default_factory=dict)
    doubled: dict[str, str] = field(default_factory=dict)
    miscounted: dict[str, str] = field(default_factory=dict)
    """Vote or round → where the sums that are kept are not what the events come to."""

    @property
    def sound(self) -> bool:
        return not (self.lost or self.doubled or self.miscounted)


def compare(ledger: AffairsLedger, found: AffairsFound) -> Damage:
    """Every acknowledged command is one event in its story, one state, on the topic once; every sum is a recount's."""
    damage = Damage()
    _stories(found, damage)
    for owner in ledger.owners.values():
        _ballot(owner, found, damage)
    _recount(ledger, found, damage)
    for household in ledger.households.values():
        _answer(household, found, damage)
    _reach(found, damage)
    _works(ledger, found, damage)
    _lineage(found, damage)
    _demanders(ledger, found, damage)
    return damage


def _in_time(answered_at: float, found: AffairsFound) -> bool:
    return 0 < answered_at <= found.instant


def _stories(found: AffairsFound, damage: Damage) -> None:
    """Without gaps, as long as their states say, and each event on the topic, once in effect."""
    for story, told in found.events.items():
        sequences = [each.sequence for each in told]
        if len(sequences) > len(set(sequences)):
            damage.doubled[story] = f"history {sequences}"
        elif sequences != list(range(1, len(told) + 1)):
            damage.lost[story] = f"history {sequences}"
    for story, (version, _) in found.states.items():
        if version != len(found.events.get(story, ())):
            damage.lost[story] = f"version {version}, {len(found.events.get(story, ()))} events"
    for story, sequence in found.unpublished():
        damage.lost[story] = f"event {sequence} never came to the topic"
    for (story, sequence), whats in found.published.items():
        if len(whats) > 1:
            damage.doubled[story] = f"{len(whats)} events {sequence} on the topic"


def _ballot(owner: Owner, found: AffairsFound, damage: Damage) -> None:
    """One ballot, however often and whichever way it was handed in."""
    damage.acknowledged += _in_time(owner.answered_at, found)
    if len(owner.receipts) > 1:
        damage.doubled[owner.story] = f"receipts of {sorted(owner.receipts)}"
    recorded = [
        json.loads(each.value)["ballot_id"] for each in found.events.get(owner.story, ()) if each.type == RECORDED
    ]
    in_the_box = found.box.get(owner.story, [])
    if len(recorded) > 1 or len(in_the_box) > 1:
        damage.doubled[owner.story] = f"{len(recorded)} ballots in the events, {len(in_the_box)} in the box"
        return
    if any(choices not in owner.offered for _, choices in in_the_box):
        damage.lost[owner.story] = "the ballot in the box says what nobody has handed in"
        return
    if not _in_time(owner.answered_at, found):
        if len(recorded) != len(in_the_box):
            damage.lost[owner.story] = "an event without its ballot, or a ballot without its event"
        return
    ballot, choices = next(iter(owner.receipts.items()))
    if recorded != [ballot]:
        damage.lost[owner.story] = f"the ballot {ballot} is not in the events"
    elif in_the_box != [(ballot, choices)]:
        damage.lost[owner.story] = f"the ballot {ballot} is not in the box as it was cast"
    elif json.loads(found.states[owner.story][1])["ballot_id"] != ballot:
        damage.lost[owner.story] = f"the ballot {ballot} does not count"


def _recount(ledger: AffairsLedger, found: AffairsFound, damage: Damage) -> None:
    """The tally that is kept, against one made anew of the events and the box."""
    counted: dict[str, Counter[str]] = defaultdict(Counter)
    chosen = {ballot: choices for theirs in found.box.values() for ballot, choices in theirs}
    for owner in ledger.owners.values():
        for told in found.events.get(owner.story, ()):
            if told.type != RECORDED:
                continue
            said = json.loads(told.value)
            marks = [f"{'ab'.index(matter)}:{choice}" for matter, choice in chosen.get(said["ballot_id"], ())]
            for name in ("turnout", said["channel"], *marks):
                counted[owner.vote].update({f"{name}:area": owner.area, f"{name}:heads": 1})
    for vote in counted.keys() | found.sums.keys():
        if apart := _apart(counted[vote], found.sums[vote]):
            damage.miscounted[vote] = apart


def _apart(counted: Counter[str], kept: Counter[str]) -> str:
    names = sorted(name for name in counted.keys() | kept.keys() if counted[name] != kept[name])
    return ", ".join(f"{name}: {kept[name]} is kept, {counted[name]} counted" for name in names)


def _answer(household: Household, found: AffairsFound, damage: Damage) -> None:
    damage.acknowledged += _in_time(household.answered_at, found)
    answered = sum(each.type == ANSWERED for each in found.events.get(household.story, ()))
    if answered > 1:
        damage.doubled[household.story] = f"{answered} answers"
    elif _in_time(household.answered_at, found):
        state = found.states.get(household.story, (0, ""))[1]
        if not answered or household.text not in state:
            damage.lost[household.story] = "the answer is not there"


def _reach(found: AffairsFound, damage: Damage) -> None:
    """How many were asked and have answered, as it is kept, against the events."""
    counted: dict[str, Counter[tuple[str, str]]] = defaultdict(Counter)
    for told in found.events.values():
        kinds = Counter(each.type for each in told)
        if not kinds[INVITED]:
            continue
        said = json.loads(told[0].value)
        counted[said["round_id"]]["invited", said["building"]] += 1
        counted[said["round_id"]]["answered", said["building"]] += kinds[ANSWERED] - kinds[WITHDRAWN]
    for round in counted.keys() | found.reach.keys():
        one, other = (Counter({" ".join(k): n for k, n in each[round].items()}) for each in (counted, found.reach))
        if apart := _apart(one, other):
            damage.miscounted[round] = apart


def _works(ledger: AffairsLedger, found: AffairsFound, damage: Damage) -> None:
    """Each record stands in one event of its package, and in what is kept of it."""
    named: Counter[str] = Counter()
    for package in {each.package for each in ledger.entries}:
        for told in found.events.get(package, ()):
            said = json.loads(told.value)
            named.update({str(said[name]) for name in ("round_id", "defect_id", "hidden_id") if said.get(name)})
    for entry in ledger.entries:
        damage.acknowledged += _in_time(entry.answered_at, found)
        if named[entry.name] > 1:
            damage.doubled[entry.name] = f"{named[entry.name]} events of one record"
        elif _in_time(entry.answered_at, found) and not named[entry.name]:
            damage.lost[entry.name] = "the record is not in the events"


def _lineage(found: AffairsFound, damage: Damage) -> None:
    """Every link that an event makes stands at its newest event."""
    envelopes = (
        each for stories in (found.events, found.cases) for told in stories.items() for each in _envelopes(*told)
    )
    for link in newest(link for each in envelopes for link in links_of(each)).values():
        if found.links.get(link.id, 0) < link.sequence:
            damage.lost[f"lineage {link.id}"] = f"stands at {found.links.get(link.id, 0)} of {link.sequence}"


def _envelopes(story: str, told: Iterable[Told]) -> Iterable[Envelope]:  # type: ignore[type-arg]
    for each in told:
        kind = event_named(each.type)
        assert kind is not None, each.type
        yield Envelope("", story, each.sequence, _EPOCH, story, kind.model_validate_json(each.value))


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def _demanders(ledger: AffairsLedger, found: AffairsFound, damage: Damage) -> None:
    """Nobody is told the same twice; and once all is quiet, each is told of each package, at the case, once."""
    for story, told in found.events.items():
        messages = Counter(json.loads(each.value).get("message") for each in told if each.type == REACHED)
        if any(times > 1 for times in messages.values()):
            damage.doubled[story] = "a demander is told the same twice"
    if not found.quiet:
        return
    by_demand: Counter[str] = Counter()
    packages: dict[str, set[str]] = defaultdict(set)
    for told in found.events.values():
        for each in told:
            if each.type == REACHED:
                said = json.loads(each.value)
                by_demand[said["demand"]] += 1
                packages[said["demand"]].add(said["thing"])
    for demand in ledger.demands:
        if not found.cases[demand]:
            damage.lost[demand] = "its case has no history"
        if missing := ledger.opened - packages[demand]:
            damage.lost[demand] = f"its demander was told nothing of {sorted(missing)}"
        steps = sum(each.type == PROGRESSED for each in found.cases[demand])
        if steps != by_demand[demand]:
            kind = damage.lost if steps < by_demand[demand] else damage.doubled
            kind[demand] = f"{by_demand[demand]} steps were told, {steps} are at the case"
