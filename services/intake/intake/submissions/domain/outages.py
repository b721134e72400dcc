"""Which outages are known, and whether a submission is about one: its reporter is told at once."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from intake.submissions.domain.submission import Submission
from linli.contracts.base import Record
from linli.contracts.workflow.outage import OutageEvent
from linli.contracts.workflow.outage_area import Spot
from linli.contracts.workflow.outage_matching import concerns
from linli.contracts.workflow.outage_words import summary
from linli.web.localized import Localized


class KnownOutage(Record):
    """An outage that a report is about: it is known, and the report is counted."""

    outage_id: str
    party: str
    """The company that has declared it."""
    until: datetime | None = None
    """When it is expected to be over."""
    text_zh: str
    text_en: str


@dataclass(frozen=True, slots=True)
class Outages:
    """Looked up once per submission, so built anew only when an outage changes."""

    by_place: Mapping[tuple[str, str], tuple[OutageEvent, ...]] = field(default_factory=dict)
    """By community and neighbourhood."""
    by_map: Mapping[str, tuple[OutageEvent, ...]] = field(default_factory=dict)
    """Those that have a polygon, by community."""

    @classmethod
    def of(cls, told: Iterable[OutageEvent]) -> "Outages":
        """From those that are running."""
        places: dict[tuple[str, str], list[OutageEvent]] = defaultdict(list)
        maps: dict[str, list[OutageEvent]] = defaultdict(list)
        for outage in told:
            for neighbourhood in outage.touches:
                places[outage.community, neighbourhood].append(outage)
            if outage.area.polygon:
                maps[outage.community].append(outage)
        return cls(
            {place: tuple(those) for place, those in places.items()},
            {community: tuple(those) for community, those in maps.items()},
        )

    def about(self, submission: Submission) -> OutageEvent | None:
        """The first outage that a submission is about. Without outages this is two look-ups."""
        likely = self.by_place.get((submission.community, submission.neighbourhood or ""), ())
        if submission.location is not None:
            likely += self.by_map.get(submission.community, ())
        if not likely or submission.different:
            return None
        said = "\n".join(filter(None, (submission.place, submission.title, submission.text)))
        spot = Spot.model_construct(neighbourhood=submission.neighbourhood, said=said, location=submission.location)
        at, kind, category = submission.submitted_at, submission.kind, submission.category
        return next((each for each in likely if concerns(each, kind, category, spot, at)), None)


def told(outage: OutageEvent, zone: ZoneInfo, now: datetime) -> KnownOutage:
    """What a reporter is told of it."""
    text = Localized(
        'Known: {what}. Yours is counted. If it is something else, send it again with "different": true.',
        '已知：{what}。您的反映已计入。如果是别的问题，请再提交一次，并注明 "different": true。',
        what=summary(outage, zone, now),
    )
    return KnownOutage(
        outage_id=outage.outage_id, party=outage.party, until=outage.until, text_zh=text.chinese, text_en=str(text)
    )
