"""How services answer over HTTP: how much, which share with a fault, how soon; and who calls whom."""

import pytest

from portal.topology.domain.answers import answers_of
from portal.topology.domain.findings import Rule
from portal.topology.domain.joining import join
from portal.topology.domain.picture import Flow, State
from portal.topology.domain.rules import judged
from portal.topology.domain.sample import Sample, figure
from tests.support.topology import CONTRACTS, looks, sample


def answering(n: int, ok: float = 10.0, failed: float = 0.0, slow: float = 0.0, started: float = 1.0) -> Sample:
    """So many more at each look: all within 0.1 s, but for `slow` ones within a second."""
    count = n * (ok + failed)
    within = {"0.05": count - n * (slow + 5), "0.1": count - n * slow, "1.0": count, "+Inf": count}
    figures = {figure("linli_http_answer_seconds_bucket", le=le): value for le, value in within.items()}
    figures[figure("linli_http_answers_total", status="2xx")] = n * ok
    figures[figure("linli_http_answers_total", status="5xx")] = n * failed
    return sample(n, figures={"intake": figures}, started=started)


def test_a_service_has_its_rate_its_share_of_faults_and_its_time() -> None:
    window = looks(lambda n: answering(n, ok=9, failed=1))
    node = join(CONTRACTS, window, window[-1].at).nodes["service:intake"]
    assert (node.figures["answers"], node.figures["errors_share"]) == (2, 10)
    # A tenth of the last bucket that has any is left out: half of all began between 0.05 and 0.1 s.
    assert node.figures["p95_ms"] == pytest.approx(95)


def test_slow_answers_are_found_in_their_bucket() -> None:
    found = answers_of(looks(lambda n: answering(n, slow=2)), "intake")
    assert found and found.p95
    assert 0.1 < found.p95 < 1


def test_of_whom_nothing_was_asked_nothing_is_told_but_that() -> None:
    found = answers_of(looks(lambda n: answering(3).model_copy(update={"at": sample(n).at})), "intake")
    assert found
    assert (found.count, found.p95, found.share) == (0, None, 0)
    assert answers_of(looks(sample), "intake") is None, "it does not count"


def test_who_began_anew_counts_from_nothing() -> None:
    window = looks(lambda n: answering(n) if n < 4 else answering(n - 4, started=2.0))
    found = answers_of(window, "intake")
    assert found
    assert 0 <= found.count <= 40


@pytest.mark.parametrize(("ok", "failed", "amiss"), [(10, 2, True), (100, 2, False), (0, 1, False)])
def test_a_service_fails_when_many_of_its_answers_do(ok: float, failed: float, amiss: bool) -> None:
    window = looks(lambda n: answering(n, ok=ok, failed=failed))
    found = {each.id for each in judged(CONTRACTS, window, join(CONTRACTS, window, window[-1].at))}
    assert (f"{Rule.SERVICE_FAILS}@service:intake" in found) is amiss


def test_helpers_are_known_by_the_calls_that_arrive() -> None:
    def called(n: int) -> Sample:
        return sample(n, figures={"workflow": {figure("linli_http_helper_calls_total", by="access"): 2.0 * n}})

    window = looks(called)
    moved = {"service:access>service:workflow": window[-1].at}
    window[-1] = window[-1].model_copy(update={"moved": moved})
    picture = join(CONTRACTS, window, window[-1].at)
    assert picture.edges["service:access>service:workflow"].flow is Flow.SEEN
    assert picture.nodes["service:access"].state is State.WELL
    window[-1] = window[-1].model_copy(update={"moved": {}})
    assert join(CONTRACTS, window, window[-1].at).nodes["service:access"].state is State.SILENT
