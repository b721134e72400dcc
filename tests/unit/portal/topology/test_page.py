"""The page of the picture: drawn and as a table, with the same in both."""

import re
from datetime import timedelta
from typing import Any

import pytest
from fastapi import Request

from linli.contracts.kinds import Language
from linli.web.problem_words import ANSWER_IN
from portal.pages.rendering import Pages
from portal.topology import drawing, words
from portal.topology.domain.difference import difference
from portal.topology.domain.findings import Rule, followed
from portal.topology.domain.joining import join
from portal.topology.domain.layout import layout
from portal.topology.domain.picture import Flow, Kind, State
from portal.topology.domain.rules import judged
from portal.topology.views import DifferenceView, HistoryView, PointView
from tests.support.builders import NOON
from tests.support.topology import CONTRACTS, looks, sample, stopped


@pytest.fixture
def pages() -> Pages:
    return Pages(lambda: NOON, "Asia/Shanghai")


def shown(pages: Pages, window: Any, language: Language = Language.EN, **values: Any) -> str:
    ANSWER_IN.set(language)
    picture = join(CONTRACTS, window, values.pop("now", window[-1].at))
    findings = list(followed({}, judged(CONTRACTS, window, picture), window[-1].at).values())
    scope = {"type": "http", "method": "GET", "path": "/topology", "query_string": b"", "headers": [], "state": {}}
    given = {
        "picture": picture,
        "placed": layout(picture),
        "findings": findings,
        "standing": findings,
        "difference": None,
        "otherwise": frozenset(),
        "now": window[-1].at,
        "at": "",
        "since": "",
        "mutes": (1,),
        "words": words,
    }
    return pages.text(Request(scope), "topology/picture.html", **given | values)


def marked(page: str, beginning: str) -> dict[str, tuple[str, str]]:
    """Id → the state or flow, and the sequence, of whatever has an id that begins so."""
    found = {}
    for tag in re.findall(rf'<[a-z]+ id="{beginning}-[^>]*>', page):
        said = dict(re.findall(r'data-(id|seq|state|flow|rate)="([^"]*)"', tag))
        found[said["id"]] = (said.get("state") or f"{said['flow']} {said['rate']}", said["seq"])
    return found


def test_the_table_is_the_same_as_the_picture(pages: Pages) -> None:
    page = shown(pages, looks(lambda n: stopped(sample(n), "notify", since=1)))
    assert marked(page, "n") == marked(page, "t")
    assert marked(page, "e") == marked(page, "r")
    assert len(marked(page, "n")) > 20


def test_nothing_in_it_is_inline_and_every_id_is_there_once(pages: Pages) -> None:
    page = shown(pages, looks(sample))
    assert not re.search(r"<script|\sstyle=|\son[a-z]+=", page)
    ids = re.findall(r'\sid="([^"]+)"', page)
    assert len(ids) == len(set(ids))


def test_a_state_is_told_in_words_in_both_languages(pages: Pages) -> None:
    window = looks(lambda n: stopped(sample(n), "notify", since=1))
    assert "No process of it answers" in shown(pages, window)
    chinese = shown(pages, window, Language.ZH)
    assert "没有进程应答" in chinese
    assert "已停止" in chinese


def test_without_a_fresh_sample_everything_is_hatched_and_called_unknown(pages: Pages) -> None:
    window = looks(sample)
    page = shown(pages, window, now=window[-1].at + timedelta(minutes=2))
    assert {state for state, _ in marked(page, "n").values()} == {"unknown"}
    assert page.count('fill="url(#hatch)"') == len(marked(page, "n"))
    assert "how it is now is not known" in page


def test_the_difference_is_told_and_marked(pages: Pages) -> None:
    before, window = looks(sample), looks(lambda n: stopped(sample(n), "notify", since=1))
    found = difference(join(CONTRACTS, before, before[-1].at), join(CONTRACTS, window, window[-1].at))
    view = DifferenceView.of(before[-1].at, found)
    page = shown(pages, window, difference=view, otherwise=frozenset(each.id for each in view.changed))
    assert "service:notify: Well → Stopped" in page


def test_a_figure_over_time_is_a_line_with_its_values_beside_it() -> None:
    points = [
        PointView(at=NOON + timedelta(minutes=n), state="well", figures={"lag": n % 3, "version": "1"})
        for n in range(9)
    ]
    [chart] = drawing.charts(HistoryView(node="group:linli.notify", points=points))
    assert (chart.name, chart.least, chart.most, chart.last) == ("lag", 0, 2, 2)
    assert len(chart.points) == chart.path.count(" ") == 9


@pytest.mark.parametrize("language", Language)
def test_everything_that_is_shown_has_a_word(language: Language, pages: Pages) -> None:
    ANSWER_IN.set(language)
    for states in (State, Flow):
        assert all(words.state(each) != each and words.BADGES[each] for each in states)
    assert all(words.kind(each) != each and words.about(each) for each in Kind)
    assert all(words.rule(each) != each and words.todo(each) for each in Rule)


def test_every_node_has_a_page(pages: Pages) -> None:
    ANSWER_IN.set(Language.EN)
    window = looks(lambda n: stopped(sample(n), "notify", since=1))
    picture = join(CONTRACTS, window, window[-1].at)
    findings = list(followed({}, judged(CONTRACTS, window, picture), window[-1].at).values())
    scope = {"type": "http", "method": "GET", "path": "/topology/x", "query_string": b"", "headers": [], "state": {}}
    for id, node in picture.nodes.items():
        points = [PointView(at=each.at, state="well", figures=dict(node.figures)) for each in window]
        page = pages.text(
            Request(scope),
            "topology/node.html",
            node=node,
            picture=picture,
            edges=[each for each in picture.edges.values() if id in {each.source, each.target}],
            charts=drawing.charts(HistoryView(node=id, points=points)),
            findings=[each for each in findings if each.node == id],
            now=window[-1].at,
            at="",
            hours=1,
            spans=(1, 6),
            mutes=(1,),
            words=words,
        )
        assert f'data-id="{id}"' in page
        assert not re.search(r"<script(?![^>]*src=)|\sstyle=|\son[a-z]+=", page)
