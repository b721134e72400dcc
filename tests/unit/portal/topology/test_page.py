"""The page of the picture: drawn and as a table, with the same in both."""

import re
from datetime import timedelta
from html import escape
from typing import Any

import pytest
from fastapi import Request

from linli.contracts.catalogue import topics
from linli.contracts.kinds import Language
from linli.web.problem_words import ANSWER_IN
from portal.pages.rendering import Pages
from portal.signin.csrf import new_token
from portal.signin.person import STATE, Person
from portal.topology import drawing, words
from portal.topology.domain.difference import difference
from portal.topology.domain.findings import Rule, followed
from portal.topology.domain.grouping import members
from portal.topology.domain.joining import join
from portal.topology.domain.layout import layout
from portal.topology.domain.picture import Flow, Kind, State
from portal.topology.domain.rules import judged
from portal.topology.domain.sample import figure
from portal.topology.domain.tracing import Taken
from portal.topology.leads import TOPICS, leads
from portal.topology.views import DifferenceView, HistoryView, PointView, ReaderView, StepView, ToldView, WayView
from tests.support.builders import NOON
from tests.support.topology import CONTRACTS, looks, sample, stopped


@pytest.fixture
def pages() -> Pages:
    return Pages(lambda: NOON, "Asia/Shanghai")


def shown(pages: Pages, window: Any, language: Language = Language.EN, **values: Any) -> str:
    ANSWER_IN.set(language)
    picture = join(CONTRACTS, window, values.pop("now", window[-1].at))
    findings = list(followed({}, judged(CONTRACTS, window, picture), window[-1].at).values())
    person = values.pop("person", None)
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
        "leads": leads,
        "words": words,
    }
    return pages.text(request("/topology", person), "topology/picture.html", **given | values)


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


@pytest.mark.parametrize("language", Language)
def test_a_title_has_the_figures_of_the_table(pages: Pages, language: Language) -> None:
    moved = {"channel:web>service:intake": NOON}
    page = shown(pages, looks(lambda n: sample(n).model_copy(update={"moved": moved})), language)
    titles = dict(re.findall(r'<a id="n-([^"]+)".*?<title>(.*?)</title>', page, re.DOTALL))
    rows = dict(re.findall(r'<tr id="t-([^"]+)".*<td>(.*?)</td></tr>', page))
    assert titles.keys() == rows.keys()
    for id, cell in rows.items():
        assert re.sub(r"\s", " ", titles[id]).endswith(re.sub(r"\s", " ", re.sub("<[^>]+>", "", cell))), id
    assert any("<time" in cell for cell in rows.values())


def test_an_edge_says_its_rate_its_errors_and_how_long_ago_the_last_was(pages: Pages) -> None:
    def at(n: int) -> Any:
        refused = {figure("linli_intake_refused_total", slug="invalid", channel="web"): 1.0 * n}
        moved = {"channel:web>service:intake": NOON}
        return sample(n, figures={"intake": refused}).model_copy(update={"moved": moved})

    page = shown(pages, looks(at))
    title = re.search(r'<path id="e-channel:web&gt;service:intake".*?<title>(.*?)</title>', page, re.DOTALL)
    assert title
    said = re.sub(r"\s", " ", title[1]).partition(": ")[2]
    assert said == "Flows, 0.00/s · Errors 0.20/s · Last 11/23/26, 12:00 PM · Age, s 35"


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


@pytest.mark.parametrize(
    ("language", "said"),
    [(Language.EN, "Not seen since 11/21/26, 12:00"), (Language.ZH, "未见 自 2026/11/21 12:00 起")],
)
def test_what_is_seen_no_more_is_dashed_with_a_clock_and_since_when(
    pages: Pages, language: Language, said: str
) -> None:
    edge = "channel:web>service:intake"
    last = NOON - timedelta(days=2)
    page = shown(pages, looks(lambda n: sample(n).model_copy(update={"moved": {edge: last}})), language)
    edge = escape(edge)
    drawn = re.search(rf'<path id="e-{edge}" class="edge silent.*?</path>\s*<path class="sign since"', page, re.DOTALL)
    listed = re.search(rf'<tr id="r-{edge}".*?</tr>', page, re.DOTALL)
    assert drawn and listed
    plain = [re.sub(r"\s+", " ", re.sub("<[^>]+>", "", each[0])) for each in (drawn, listed)]
    assert all(said in each for each in plain), plain
    assert len(re.findall('class="sign since"', page)) == 2, "one at the edge, one in the legend"


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


def test_from_every_kind_of_node_one_goes_on_to_what_is_behind_it() -> None:
    ANSWER_IN.set(Language.EN)
    there = {id: [address for address, _ in leads(id)] for id in join(CONTRACTS, looks(sample), NOON).nodes}
    assert [id for id, addresses in there.items() if not addresses] == []
    assert there["parking:workflow"] == there["database:workflow"] == ["/office/parked?service=workflow"]
    assert there["group:linli.notify"] == there["service:notify"] == there["instance:notify@127.0.0.1:8103"]
    assert there["channel:web"] == there["topic:linli.intake"] == ["/desk?view=all&sort=newest"]
    assert leads("delivery:sms")[0] == ("/office/deliveries?channel=sms&state=failed", "Those that were given up")
    assert leads("partner:test/water-co")[0][0] == "/office/partners/test/water-co"
    assert leads("group:partner.test.water-co.program") == leads("partner:test/water-co")
    assert leads("service:portal") == leads("user:somebody") == leads("kafka") == []
    assert set(TOPICS) == {each.name for each in topics()}


def test_a_finding_leads_to_where_it_is_seen_to(pages: Pages) -> None:
    parked = looks(lambda n: sample(n, figures={"workflow": {"linli_inbox_parked": 2.0}}))
    finding = re.search(r'<li id="f-parked@parking:workflow".*?</li>', shown(pages, parked), re.DOTALL)
    assert finding
    assert '<a href="/office/parked?service=workflow">What is parked, to replay or discard</a>' in finding[0]
    assert "linli parked" not in finding[0]


def test_every_node_has_a_page(pages: Pages) -> None:
    ANSWER_IN.set(Language.EN)
    window = looks(lambda n: stopped(sample(n), "notify", since=1))
    picture = join(CONTRACTS, window, window[-1].at)
    findings = list(followed({}, judged(CONTRACTS, window, picture), window[-1].at).values())
    for id, node in picture.nodes.items():
        points = [PointView(at=each.at, state="well", figures=dict(node.figures)) for each in window]
        page = pages.text(
            request("/topology/x"),
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
            leads=leads,
            words=words,
        )
        assert f'data-id="{id}"' in page
        assert not re.search(r"<script(?![^>]*src=)|\sstyle=|\son[a-z]+=", page)


def request(path: str, person: Person | None = None) -> Request:
    scope = {"type": "http", "method": "GET", "path": path, "query_string": b"", "headers": [], "state": {}}
    asked = Request(scope)
    setattr(asked.state, STATE, person)
    return asked


def somebody(*permissions: str) -> Person:
    return Person("s1", new_token(), "operator", "operator", None, None, frozenset(permissions), "key")


def test_who_may_judge_has_the_buttons_and_nobody_else(pages: Pages) -> None:
    ANSWER_IN.set(Language.EN)
    window = looks(lambda n: stopped(sample(n), "notify", since=1))
    may = shown(pages, window, person=somebody("topology:read", "topology:judge"))
    assert may.count(">Acknowledge<") == may.count('class="finding"') > 0
    assert 'name="csrf"' in may
    for person in (somebody("topology:read"), None):
        assert "<button" not in shown(pages, window, person=person)


def test_a_case_s_way_is_told_with_what_is_missing(pages: Pages) -> None:
    ANSWER_IN.set(Language.EN)
    hostile = "<script>alert(1)</script>"
    told = [ToldView(recipient=hostile, channel="email", state="sent", at=NOON, finished=None)]
    readers = [ReaderView(service="notify", taken=taken, at=NOON, exactly=False) for taken in Taken]
    step = StepView(
        id="c1:1",
        type="linli.case.opened.v1",
        service="workflow",
        topic="linli.cases",
        at=NOON,
        sent=False,
        gap=0.25,
        readers=readers,
        told=told,
    )
    way = WayView(case=hostile, steps=[step], away=["notify"], held=2, parked=["p1"])
    page = pages.text(request("/topology/way/c1"), "topology/way.html", way=way, words=words)
    assert hostile not in page
    for said in ("+0.250 s", "Not in Kafka yet", "at the latest", "Behind a parked record", "Not read yet"):
        assert said in page
    assert "notify does not answer" in page
    assert "2 events wait for an earlier one." in page


def test_what_stands_together_is_listed(pages: Pages) -> None:
    picture = join(CONTRACTS, looks(sample), NOON)
    nodes = members(picture, "channel:0:*")
    page = pages.text(request("/topology/x"), "topology/many.html", nodes=nodes, picture=picture, at="", words=words)
    assert page.count("<tr data-id=") == len(nodes) == 8


def test_a_moment_that_is_not_kept_is_said_beside_the_form(pages: Pages) -> None:
    ANSWER_IN.set(Language.EN)
    asked = request("/topology", somebody("topology:read"))
    given = {"at": "2020-01-01T00:00", "since": "", "zone": "Asia/Shanghai", "words": words}
    page = pages.text(asked, "topology/topology.html", fault="Nothing is kept of that moment.", **given)
    assert "Nothing is kept of that moment." in page
    assert 'value="2020-01-01T00:00"' in page
    assert "<svg" not in page
