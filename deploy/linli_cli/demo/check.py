"""Whether anything of the demo is missing: each submission one case, its history whole, each due notice sent."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from linli_cli.terminal.language import say

TELLS_PARTY = {f"linli.case.{step}.v1" for step in ("dispatched", "triaged", "reopened", "returned")}
"""Events of which the party that is responsible after them hears."""
TELLS_REPORTER = {f"linli.case.{step}.v1" for step in ("dispatched", "triaged", "progressed", "resolved", "reopened")}
"""Events of which the reporter hears."""
TOLD = {"sent", "skipped"}
"""`skipped`: there is nobody to tell, or no way."""
DONE = TOLD | {"replaced"}
"""`replaced`: it went by another channel, by a delivery of its own."""
NO_WAY = {"no_mail_server", "no_sms_gateway"}
"""Reasons of somebody who would be told if there were a server for it."""

NOBODY = "nobody"
"""Whose a case is that waits in triage."""


@dataclass(frozen=True)
class Story:
    """What is known of one submission: its case with the history, None when there is none, and its deliveries."""

    submission: str
    case: Mapping[str, Any] | None
    deliveries: Sequence[Mapping[str, Any]] = ()

    @property
    def missing(self) -> list[str]:
        """What should be there and is not; empty when all is well."""
        if self.case is None:
            return [say("there is no case")]
        if self.case["state"] == "open":
            return [say("the case was neither dispatched nor put in triage")]
        return [*self._gaps(), *self._missing_notices()]

    @property
    def all_notified(self) -> bool:
        """Nothing is missing, and nobody who left an address went without for want of a server."""
        return not self.missing and not any(each.get("reason") in NO_WAY for each in self.deliveries)

    def _gaps(self) -> Iterable[str]:
        assert self.case is not None
        sequences = [entry["sequence"] for entry in self.case["history"]]
        if sequences != list(range(1, self.case["version"] + 1)):
            yield say(
                "the history is not whole: {sequences} of {version}", sequences=sequences, version=self.case["version"]
            )

    def _missing_notices(self) -> Iterable[str]:
        done = {(_sequence(each), each["recipient"]) for each in self.deliveries if each["state"] in TOLD}
        for sequence, recipient in self.due_notices():
            if (sequence, recipient) not in done:
                yield say("{recipient} was not told of step {sequence}", recipient=recipient, sequence=sequence)
        for each in self.deliveries:
            if each["state"] not in DONE:
                yield say("the delivery {id} is {state}", id=each["id"], state=each["state"])

    def due_notices(self) -> Iterable[tuple[int, str]]:
        """Who has to hear of which step, worked out from the case's history alone."""
        for entry in self.case["history"] if self.case else ():
            data = entry["data"]
            if entry["type"] in TELLS_PARTY and data.get("party"):
                yield entry["sequence"], f"party:{data['party']}"
            if entry["type"] in TELLS_REPORTER and data.get("resident_id"):
                yield entry["sequence"], f"resident:{data['resident_id']}"


@dataclass(frozen=True)
class Outcome:
    """All stories of a run."""

    stories: Sequence[Story]

    @property
    def cases(self) -> list[Mapping[str, Any]]:
        """The cases that exist."""
        return [story.case for story in self.stories if story.case is not None]

    @property
    def lost(self) -> dict[str, list[str]]:
        """Submissions of which something is missing, and what."""
        return {story.submission: story.missing for story in self.stories if story.missing}

    def by_state(self) -> dict[str, int]:
        """Cases by state, most first."""
        return dict(Counter(str(case["state"]) for case in self.cases).most_common())

    def by_party(self) -> dict[str, dict[str, int]]:
        """Party's id → state → cases, the busiest party first."""
        parties: dict[str, Counter[str]] = {}
        for case in self.cases:
            parties.setdefault(_party(case), Counter())[str(case["state"])] += 1
        busiest = sorted(parties.items(), key=lambda pair: -pair[1].total())
        return {party: dict(states.most_common()) for party, states in busiest}

    def party_names(self) -> dict[str, str]:
        """Party's id → its name."""
        return {_party(case): (case["party"] or {}).get("name") or _party(case) for case in self.cases}

    def notified(self) -> dict[str, int]:
        """How many notices reached somebody, had nobody to go to, had no server to go by, or go another way."""
        found = Counter(_what_became_of(each) for story in self.stories for each in story.deliveries)
        return {what: found[what] for what in ("sent", "nobody", "no_server", "elsewhere", "not_yet")}

    def reasons(self) -> dict[str, int]:
        """Why notices went to nobody, or nowhere: reason → how many."""
        skipped = [each for story in self.stories for each in story.deliveries if each["state"] == "skipped"]
        return dict(Counter(str(each.get("reason")) for each in skipped).most_common())

    def notices(self) -> dict[str, dict[str, int]]:
        """Channel → state → deliveries."""
        channels: dict[str, Counter[str]] = {}
        for story in self.stories:
            for each in story.deliveries:
                channels.setdefault(each["channel"], Counter())[each["state"]] += 1
        return {channel: dict(states) for channel, states in channels.items()}


def _what_became_of(delivery: Mapping[str, Any]) -> str:
    match delivery["state"]:
        case "sent":
            return "sent"
        case "skipped":
            return "no_server" if delivery.get("reason") in NO_WAY else "nobody"
        case "replaced":
            return "elsewhere"
    return "not_yet"


def _party(case: Mapping[str, Any]) -> str:
    return str((case["party"] or {}).get("id") or NOBODY)


def _sequence(delivery: Mapping[str, Any]) -> int:
    """A delivery's id begins with its case's and the step that it tells of."""
    rest = str(delivery["id"]).removeprefix(f"{delivery['case']}.")
    return int(rest.partition(".")[0])
