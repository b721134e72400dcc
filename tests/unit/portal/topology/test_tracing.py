"""One case's way, put together from what each service tells."""

from datetime import timedelta

from portal.topology.domain.declared import as_told
from portal.topology.domain.tracing import Read, Taken, Told, Wrote, way
from tests.support.builders import NOON
from tests.support.topology import CONTRACTS, sample

DECLARED = as_told(CONTRACTS, sample(0))
SUBMITTED = Wrote("intake", "c1:1", "linli.report.submitted.v1", "linli.intake", NOON, True)


def wrote(number: int, seconds: float) -> Wrote:
    at = NOON + timedelta(seconds=seconds)
    return Wrote("workflow", f"c1:{number}", "linli.case.opened.v1", "linli.cases", at, True)


def read(next: int, *, waits: bool = False) -> Read:
    return Read("notify", "linli/workflow", "c1", next, NOON + timedelta(seconds=9), waits)


def test_steps_come_in_their_order_with_the_time_between() -> None:
    steps = way(DECLARED, [wrote(2, 3), SUBMITTED, wrote(1, 1)], [], [])
    assert [(each.wrote.id, each.gap) for each in steps] == [("c1:1", None), ("c1:1", 1.0), ("c1:2", 2.0)]


def test_whoever_reads_the_topic_has_taken_it_in_or_has_yet_to() -> None:
    first, second, third = way(DECLARED, [wrote(1, 0), wrote(2, 1), wrote(3, 2)], [read(3)], [])
    assert [(each.service, each.taken, each.exactly) for each in first.readers] == [("notify", Taken.APPLIED, False)]
    assert second.readers[0].exactly, "it is the newest of the story, so it was then"
    assert third.readers[0].taken is Taken.WAITS
    assert third.readers[0].at is None


def test_what_stands_behind_a_parked_record_is_blocked() -> None:
    [step] = way(DECLARED, [wrote(1, 0)], [read(1, waits=True)], [])
    assert step.readers[0].taken is Taken.BLOCKED


def test_what_somebody_was_told_of_was_taken_in_when_that_was_written() -> None:
    told = Told("c1:1", "party:estate", "email", "sent", NOON + timedelta(seconds=2), None)
    [first, _] = way(DECLARED, [wrote(1, 0), wrote(2, 1)], [read(3)], [told])
    assert (first.readers[0].at, first.readers[0].exactly) == (told.at, True)
    assert first.told == (told,)
    [submitted] = way(DECLARED, [SUBMITTED], [], [told])
    assert submitted.told == (), "its id is the same, and it is another service's event"


def test_another_services_story_of_the_same_name_is_another() -> None:
    [step] = way(DECLARED, [SUBMITTED], [read(5)], [])
    assert [(each.service, each.taken) for each in step.readers] == [("workflow", Taken.WAITS)]
