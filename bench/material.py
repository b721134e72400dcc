"""What goes in: the sample community's own submissions, over and over, each with an id of its own."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from functools import cache
from itertools import cycle, islice
from pathlib import Path
from secrets import token_hex
from typing import Any

from uuid_utils import uuid7

from intake.submissions.domain.request import NewSubmission
from intake.submissions.domain.submission import accepted, submitted
from linli.contracts.envelope import Envelope
from linli.contracts.workflow.case import CaseState
from linli.contracts.workflow.community import Community
from linli.contracts.workflow.order import OrderIssued
from linli.messaging.kafka import Outgoing
from linli.messaging.outbox import outgoing
from linli.privacy.tracking import made_of
from linli_cli.community.files import load_community
from linli_cli.demo.sample_submissions import load_submissions
from workflow.cases.domain.submitted import open_case, route_case
from workflow.cases.unit_of_work import UnitOfWork
from workflow.community.domain.directory import Directory

COMMUNITY = "fushan-road"
SAMPLE = Path(__file__).parent.parent / "deploy" / "community" / "fushan-road"


@cache
def bodies() -> list[dict[str, Any]]:
    """The sample's 49 submissions, as residents send them."""
    return load_submissions(SAMPLE)


def community(email: str | None = None, webhook: str | None = None) -> Community:
    """The sample community; all its parties are told by the channels given."""
    sample = load_community(SAMPLE).model_dump(mode="json")
    parties = [party | {"email": email, "webhook": webhook} for party in sample["parties"]]
    return Community.model_validate(sample | {"parties": parties})


def submissions(count: int, topic: str) -> list[Outgoing]:
    """The events of so many submissions, as intake publishes them."""
    return [outgoing(envelope, topic) for envelope in islice(_submitted(), count)]


def dispatches(count: int, topic: str) -> list[Outgoing]:
    """The two events of so many cases that were sent to a party, as workflow publishes them; nobody else is told."""
    directory = Directory(community(), 1)
    sent: list[Outgoing] = []
    for envelope in _submitted(anonymous=True):
        now = datetime.now(UTC)
        unit = UnitOfWork([], {directory.community.id: directory}, now)
        case = unit.take(open_case(envelope.subject, envelope.data, directory, now))
        if unit.take(route_case(case, directory, now)).state is CaseState.DISPATCHED:
            sent += [outgoing(event, topic) for event in unit.events_of(case.id)]
        if len(sent) == 2 * count:
            break
    return sent


def orders(count: int, parties: Sequence[str], topic: str) -> list[Outgoing]:
    """So many new orders, the partners in turn, as workflow publishes them."""
    now = datetime.now(UTC)
    made = []
    for body, party in islice(zip(cycle(bodies()), cycle(parties), strict=False), count):
        case_id = str(uuid7())
        order = OrderIssued(
            order_id=f"{case_id}~{party}",
            dispatch_no=1,
            community=COMMUNITY,
            party=party,
            case_id=case_id,
            kind=body["kind"],
            title=body["title"],
            text=body.get("text", ""),
            place=body.get("place"),
            accept_by=now,
        )
        made.append(outgoing(Envelope("linli/workflow", order.story, 1, now, case_id, order), topic))
    return made


def _submitted(*, anonymous: bool = False) -> Iterator[Envelope[Any]]:
    nobody = {"reporter": None} if anonymous else {}
    for body in cycle([NewSubmission.model_validate(each | nobody) for each in bodies()]):
        submission = accepted(
            body,
            community=body.community or "",
            id=str(uuid7()),
            tracking_code=made_of(int(token_hex(7), 16)),
            now=datetime.now(UTC),
            pseudonyms=b"bench",
            repetition=None,
        )
        yield submitted(submission, None)
