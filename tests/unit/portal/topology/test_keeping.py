"""What is kept of samples: one whole, and what changed since."""

from copy import deepcopy
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from portal.topology.domain.deltas import advance, change, changed
from portal.topology.domain.sample import Sample, labelled, total
from portal.topology.reading import figures_of
from tests.support.topology import PORTS, looks, sample

leaves = st.one_of(st.integers(), st.text(max_size=5), st.none(), st.lists(st.integers(), max_size=3))
documents = st.recursive(
    st.dictionaries(st.text(max_size=4), leaves, max_size=4),
    lambda inner: st.dictionaries(st.text(max_size=4), st.one_of(leaves, inner), max_size=4),
    max_leaves=12,
)


@given(st.lists(documents, min_size=1, max_size=5))
def test_changes_make_each_sample_of_the_one_before(those):
    changes = [change(before, after) for before, after in pairwise(those)]
    assert changed(those[0], changes) == those[-1]


@given(st.lists(documents, min_size=1, max_size=5))
def test_who_reads_many_goes_on_in_one_document(those):
    document = deepcopy(those[0])
    for before, after in pairwise(those):
        advance(document, change(before, after))
        assert document == after


def test_a_sample_stays_as_it_was_while_the_document_that_it_was_read_from_goes_on():
    first, second = looks(lambda n: sample(n, started=float(n)), 2)
    document = first.model_dump(mode="json")
    read = Sample.model_validate(document)
    advance(document, change(document, second.model_dump(mode="json")))
    assert read == first
    assert Sample.model_validate(document) == second


def test_a_change_leaves_the_sample_before_as_it_was():
    before, after = {"a": {"b": 1}}, {"a": {"b": 2}}
    changed(before, [change(before, after)])
    assert before == {"a": {"b": 1}}


def test_little_is_kept_of_a_quiet_moment():
    first, second = (each.model_dump(mode="json") for each in looks(sample, 2))
    kept = change(first, second)
    assert len(kept["set"]) == 1 + len(PORTS), "the time, and when each process was heard"


def test_a_sample_comes_back_as_it_was():
    one = sample(3)
    assert Sample.model_validate(one.model_dump(mode="json")) == one


def test_a_newer_versions_sample_can_be_read():
    assert Sample.model_validate({**sample(0).model_dump(mode="json"), "further": 1}) == sample(0)


METRICS = """# HELP linli_outbox_unsent Events
# TYPE linli_outbox_unsent gauge
linli_outbox_unsent NaN
# TYPE linli_outbox_published_total counter
linli_outbox_published_total{topic="linli.cases",way="hot"} 3.0
linli_outbox_published_total{topic="linli.cases",way="swept"} 2.0
python_gc_objects_collected_total{generation="0"} 99.0
"""


def test_figures_are_kept_by_name_and_labels_and_what_is_not_known_is_not():
    figures = figures_of(METRICS)
    assert total(figures, "linli_outbox_published_total", topic="linli.cases") == 5
    assert len(list(labelled(figures, "linli_outbox_published_total"))) == 2
    assert len(figures) == 2
