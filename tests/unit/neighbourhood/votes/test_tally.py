"""The count, against exact fractions and whatever a neighbourhood may look like."""

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from linli.contracts.neighbourhood.ballots import Choice
from linli.contracts.neighbourhood.rules import Base, LegalClass
from linli.contracts.neighbourhood.votes import BallotChannel, Matter, MatterCount, Weight
from neighbourhood.profiles.qingdao import JINAN_LIFTS, QINGDAO
from neighbourhood.votes.domain.snapshot import Snapshot, digest_of, frozen
from neighbourhood.votes.domain.tally import Cast, tally
from tests.support.owners import HASH, entry

RULES = [*QINGDAO.matters, JINAN_LIFTS.matter(LegalClass.LIFT)]
REGISTERS = st.lists(st.tuples(st.integers(0, 15), st.integers(1, 500_00)), min_size=1, max_size=30).map(
    lambda units: frozen("s", [entry(f"u{at}", f"o{owner}", area) for at, (owner, area) in enumerate(units)])
)
MATTERS = st.sampled_from([Matter(id="m", text_sha256=HASH, rule=rule) for rule in RULES])


@st.composite
def votes(draw: st.DrawFn) -> tuple[Snapshot, Matter, dict[str, Choice]]:
    snapshot = draw(REGISTERS)
    choices = st.sampled_from([None, *Choice])
    marked = {owner: draw(choices) for owner in snapshot.areas}
    return snapshot, draw(MATTERS), {owner: choice for owner, choice in marked.items() if choice}


def counted(snapshot: Snapshot, matter: Matter, marked: dict[str, Choice], abstention: bool = True) -> MatterCount:
    cast = [Cast(owner, BallotChannel.PAPER, {matter.id: choice}) for owner, choice in marked.items()]
    return tally(snapshot, cast, [matter], abstention).matters[0]


def enough(part: Weight, whole: Weight, of: Fraction, or_equal: bool) -> bool:
    pairs = ((part.area, whole.area), (part.heads, whole.heads))
    return all(
        bool(all_) and (Fraction(some, all_) >= of if or_equal else Fraction(some, all_) > of) for some, all_ in pairs
    )


@given(votes(), st.booleans())
def test_a_count_says_what_exact_fractions_say(
    vote: tuple[Snapshot, Matter, dict[str, Choice]], abstention: bool
) -> None:
    snapshot, matter, marked = vote
    found, rule = counted(snapshot, matter, marked, abstention), matter.rule
    parts = {choice: [snapshot.areas[owner] for owner, each in marked.items() if each is choice] for choice in Choice}
    assert found.approve == Weight(area=sum(parts[Choice.APPROVE]), heads=len(parts[Choice.APPROVE]))
    took_part = found.approve + found.oppose + (found.abstain if abstention else Weight())
    assert found.took_part == took_part
    quorum = rule.quorum is None or enough(
        took_part, found.electorate, Fraction(rule.quorum.numerator, rule.quorum.denominator), rule.quorum.or_equal
    )
    base = found.electorate if rule.base is Base.ALL else took_part
    consent = Fraction(rule.approval.numerator, rule.approval.denominator)
    assert found.quorum is quorum
    assert found.passed is (quorum and enough(found.approve, base, consent, rule.approval.or_equal))


@given(votes())
def test_the_order_of_ballots_changes_nothing(vote: tuple[Snapshot, Matter, dict[str, Choice]]) -> None:
    snapshot, matter, marked = vote
    turned = dict(sorted(marked.items(), reverse=True))
    assert counted(snapshot, matter, marked) == counted(snapshot, matter, turned)


@given(votes(), st.data())
def test_one_more_yes_never_makes_a_matter_fail(
    vote: tuple[Snapshot, Matter, dict[str, Choice]], data: st.DataObject
) -> None:
    snapshot, matter, marked = vote
    before = counted(snapshot, matter, marked)
    owner = data.draw(st.sampled_from(sorted(snapshot.areas)))
    assert counted(snapshot, matter, {**marked, owner: Choice.APPROVE}).passed or not before.passed


@given(votes())
def test_an_abstention_that_takes_part_never_helps_who_wants_more_than_it(
    vote: tuple[Snapshot, Matter, dict[str, Choice]],
) -> None:
    """Where it decides anything but the quorum, it is against: the base grows, consent does not."""
    snapshot, matter, marked = vote
    with_them, without = counted(snapshot, matter, marked, True), counted(snapshot, matter, marked, False)
    assert with_them.took_part.area >= without.took_part.area
    assert not with_them.passed or without.passed or not without.quorum


@given(REGISTERS, st.data())
def test_of_a_matter_of_some_only_those_count_and_by_those_units(snapshot: Snapshot, data: st.DataObject) -> None:
    units = data.draw(st.sets(st.sampled_from([each.unit for each in snapshot.entries]), min_size=1))
    matter = Matter(id="m", text_sha256=HASH, rule=QINGDAO.matter(LegalClass.LIFT), units=tuple(sorted(units)))
    found = counted(snapshot, matter, dict.fromkeys(snapshot.areas, Choice.APPROVE))
    concerned = [each for each in snapshot.entries if each.unit in units]
    assert found.electorate == Weight(
        area=sum(each.area for each in concerned), heads=len({each.owner for each in concerned})
    )
    assert found.approve == found.electorate and found.passed


@given(REGISTERS)
def test_a_frozen_list_has_one_hash_in_any_order_and_another_for_any_change(snapshot: Snapshot) -> None:
    assert digest_of(reversed(snapshot.entries)) == snapshot.sha256
    first = snapshot.entries[0]
    for changed in ({"area": first.area + 1}, {"owner": "another"}, {"unit": "another"}, {"stairwell": "9-9"}):
        assert digest_of([first.model_copy(update=changed), *snapshot.entries[1:]]) != snapshot.sha256
    assert digest_of(snapshot.entries[1:]) != snapshot.sha256


def test_nobody_and_nothing_passes() -> None:
    snapshot = frozen("s", [entry("u1", "o1")])
    for rule in RULES:
        found = counted(snapshot, Matter(id="m", text_sha256=HASH, rule=rule), {})
        assert not found.passed, rule.legal_class
