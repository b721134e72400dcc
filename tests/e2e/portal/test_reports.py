"""Reports: what the page and its files say is what workflow counts, and reaches no spreadsheet as a formula."""

import csv
import io
import re
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.support.cases import with_party
from tests.support.keys import key_for
from tests.support.portal import Visitor, visitor
from tests.support.services import until
from tests.support.system import System

HOSTILE = '=HYPERLINK("http://elsewhere.example")<script>alert(1)</script>'
GROUPS = ("party", "level", "category", "neighbourhood", "month", "channel")


async def _with_a_rated_case(system: System) -> None:
    await system.load(**with_party("estate", name=HOSTILE))
    answer = await system.submit(kind="report", title="楼道灯坏了", neighbourhood="east", category="facilities.lift")
    id = answer.json()["case_id"] if "case_id" in answer.json() else answer.json()["id"]

    async def opened() -> Any:
        found = await system.case(id)
        return found if found and found["party"] else None

    await until(opened)
    await system.act(id, "accept")
    await system.act(id, "resolve", message="灯已换好")
    await system.act(id, "follow_up", contacted=True, solved=True, satisfied=False)


async def test_the_figures_are_workflows_as_page_chart_csv_and_json(system: System, operator: Visitor) -> None:
    await _with_a_rated_case(system)
    today = datetime.now(UTC).date()
    first, last = today - timedelta(days=2), today + timedelta(days=1)
    for by in GROUPS:
        query = f"community=test&by={by}&from={first}&to={last}&dated=called"
        told = (await operator.get(f"/reports/export.json?{query}")).json()
        period = {name: told[name] for name in ("called_from", "called_before")}
        said = await system.get("workflow", "/v1/stats", community="test", by=by, **period)
        assert told["rows"] == said["rows"]
        assert said["rows"]
        page = await operator.page(f"/reports?{query}")
        table = page[page.index("<tbody>") : page.index("</tbody>")]
        numbers = [re.findall(r"<td[^>]*>([^<]*)", row) for row in table.split("</tr>") if "<td" in row]
        assert [int(row[4]) for row in numbers] == [row["cases"] for row in said["rows"]]
        assert page.count('role="img"') == 3, "a chart for each rate"
        kept = await operator.get(f"/reports/export.csv?{query}")
        lines = list(csv.DictReader(io.StringIO(kept.content.decode("utf-8-sig"))))
        assert [int(line["Cases"]) for line in lines] == [row["cases"] for row in said["rows"]]
        for rate in ("Response", "Resolution", "Satisfaction"):
            shares = [row[rate.lower()]["rate"] for row in said["rows"]]
            assert [float(line[f"{rate} rate"]) if line[f"{rate} rate"] else None for line in lines] == shares


async def test_a_hostile_name_is_text_on_the_page_and_in_a_spreadsheet(system: System, operator: Visitor) -> None:
    await _with_a_rated_case(system)
    page = await operator.page("/reports?by=party")
    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page
    kept = await operator.get("/reports/export.csv?by=party")
    cells = [cell for line in csv.reader(io.StringIO(kept.content.decode("utf-8-sig"))) for cell in line]
    assert f"'{HOSTILE}" in cells
    assert not any(cell.startswith(("=", "+", "@")) for cell in cells)


async def test_reports_are_for_whom_the_services_let_see_them(system: System, anybody: Visitor) -> None:
    assert (await anybody.get("/reports")).status_code == 303
    auditor = await key_for(system, "auditor")
    party = await key_for(system, "party", party="estate", community="test")
    async with visitor(system.urls["portal"], auditor["key"]) as sees:
        assert "Satisfaction rate" in await sees.page("/reports")
    async with visitor(system.urls["portal"], party["key"], "zh-CN") as refused:
        assert (await refused.get("/reports")).status_code == 403
        assert (await refused.get("/reports/export.csv")).status_code == 403


async def test_what_is_no_day_is_refused_in_words(operator: Visitor) -> None:
    answer = await operator.get("/reports?from=yesterday")
    assert (answer.status_code, "no day" in answer.text) == (422, True)
    assert (await operator.get("/reports?community=none-such")).status_code == 404
