"""What an office reads of the rules is what the rules say."""

from enum import StrEnum
from pathlib import Path

import pytest

from linli.contracts.neighbourhood.covenants import Adopter, Track
from linli.contracts.neighbourhood.office_rules import Duty, Ending, OpenQuestion, Portion
from linli.contracts.neighbourhood.profile import Bound, RuleProfile, Switch, Term
from linli.contracts.neighbourhood.rules import Electorate, LegalClass
from linli.contracts.neighbourhood.taskforce import SeatRole
from linli.contracts.neighbourhood.works import SiteRole, Trade
from neighbourhood.profiles import pages
from neighbourhood.profiles.names import ADOPTERS, ELECTORATES, NAMES, SEATS, SITE, TRACKS
from neighbourhood.profiles.qingdao import PROFILES, QINGDAO
from neighbourhood.profiles.wording import named, said


def test_the_pages_of_the_documents_are_made_of_the_rules() -> None:
    assert pages.main([]) == 0, "run: .venv/bin/python -m neighbourhood.profiles.pages --write"


def test_a_page_that_says_another_number_is_found_and_put_right(tmp_path: Path) -> None:
    for name in pages.PAGES:
        said_there = (pages.FOLDER / name).read_text(encoding="utf-8")
        (tmp_path / name).write_text(said_there.replace("15 days", "10 days"), encoding="utf-8")
    assert pages.main([], tmp_path) == 1
    assert pages.main(["--write"], tmp_path) == 0 == pages.main([], tmp_path)
    for name in pages.PAGES:
        assert (tmp_path / name).read_text(encoding="utf-8") == (pages.FOLDER / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("profile", PROFILES, ids=lambda each: each.id)
def test_all_that_is_not_confirmed_is_on_the_lawyers_page(profile: RuleProfile) -> None:
    page = pages.lawyer_page()
    assert profile is QINGDAO or f"`{profile.id}`" in page
    for each in profile.unconfirmed():
        assert (each.ask.en if isinstance(each, OpenQuestion) else f"| {named(each)} ") in page
        assert each.citation.note in page


def test_what_a_profile_beside_the_default_has_not_read_is_under_its_name() -> None:
    guessed = QINGDAO.limits[0].model_copy(update={"number": 5})
    other = QINGDAO.model_copy(update={"id": "elsewhere", "limits": (guessed, *QINGDAO.limits[1:])})
    page = pages.lawyer_page((QINGDAO, other))
    [row] = [line for line in page.partition("`elsewhere`")[2].splitlines() if line.startswith(f"| {named(guessed)} ")]
    assert "| 5 |" in row and guessed.citation.note in row


def test_each_rule_is_used_or_its_context_is_still_to_come() -> None:
    unused = [line.split(" | ")[0] for line in pages.rules_page().splitlines() if line.endswith("| not yet |")]
    assert unused == [f"| {NAMES[term]} {NAMES[term].chinese}" for term in (Term.LIFT_SERVICE, Term.LIFT_POSTING)]


@pytest.mark.parametrize(
    ("kind", "names"),
    [
        *((kind, NAMES) for kind in (LegalClass, Term, Bound, Switch, Portion, Duty, Ending, Trade)),
        (Electorate, ELECTORATES),
        (Track, TRACKS),
        (Adopter, ADOPTERS),
        (SiteRole, SITE),
        (SeatRole, SEATS),
    ],
)
def test_each_has_a_name_in_both_languages(kind: type[StrEnum], names: dict[StrEnum, str]) -> None:
    assert {*kind} <= names.keys()


def test_each_rule_is_told_in_both_languages() -> None:
    told = [text for profile in PROFILES for rule in profile.rules for text in (named(rule), said(rule))]
    assert all(text and text.chinese for text in told)
