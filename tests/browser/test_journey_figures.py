"""What the figures' page tells is what the API tells, and what is saved is what is shown."""

import csv
import json
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.async_api import expect

from linli.contracts.kinds import Language
from portal.reports.figures import COUNTS, RATES, percent
from tests.browser.conftest import Visit
from tests.support.quarter import Quarter

with_and_without_scripts = pytest.mark.parametrize("script", [True, False], ids=["scripts", "no-scripts"])


async def answered(quarter: Quarter, title: str, *, satisfied: bool) -> None:
    """A case whose reporter has said how it was."""
    receipt = await quarter.report(title, category="facilities.lift")
    await quarter.system.act(receipt["id"], "accept")
    await quarter.system.act(receipt["id"], "resolve", message="已修好")
    said = {"contacted": True, "solved": satisfied, "satisfied": satisfied}
    await quarter.system.act(receipt["id"], "follow_up", **said)


def told_of(row: dict[str, Any]) -> list[str]:
    """What the table's row says, its name aside."""
    rates = [f"{percent(row[each]['yes'], row[each]['of'])} {row[each]['yes']}/{row[each]['of']}" for each in RATES]
    counts = ["–" if row[each] is None else str(row[each]) for each in COUNTS]
    days = "–" if row["median_days"] is None else f"{row['median_days']:.1f}"
    return [*rates, str(row["response"]["of"]), *counts, days]


@with_and_without_scripts
async def test_rates_and_counts_are_the_apis_and_are_saved_as_they_stand(
    script: bool, quarter: Quarter, visit: Visit, tmp_path: Path
) -> None:
    for satisfied in (True, False):
        await answered(quarter, "为了统计", satisfied=satisfied)
    who = await visit("operator", language=Language.EN, script=script)
    await who.open("/reports")
    for by in ("By level", "By category", "By neighbourhood", "By month", "By party"):
        await who.page.get_by_role("navigation", name="Put together").get_by_role("link", name=by).click()
        await expect(who.page.get_by_role("table", name=by)).to_be_visible()
        async with who.page.expect_download() as saving:
            await who.page.get_by_role("button", name="As JSON").click()
        await (await saving.value).save_as(tmp_path / "figures.json")
        saved = json.loads((tmp_path / "figures.json").read_text())
        shown = await rows_of(who.page)
        assert [each[1:] for each in shown] == [told_of(row) for row in saved["rows"]]
        asked = {name: saved[name] for name in ("community", "by", "called_from", "called_before") if saved.get(name)}
        fresh = await quarter.system.get("workflow", "/v1/stats", **asked)
        assert fresh["rows"] == saved["rows"]
        charts = await who.page.locator("figure.chart svg").all_text_contents()
        assert len(charts) == len(RATES)
        for chart, rate in zip(charts, RATES, strict=True):
            assert all(percent(row[rate]["yes"], row[rate]["of"]) in chart for row in saved["rows"])
    async with who.page.expect_download() as saving:
        await who.page.get_by_role("button", name="As CSV").click()
    await (await saving.value).save_as(tmp_path / "figures.csv")
    heads, *lines = list(csv.reader((tmp_path / "figures.csv").read_text("utf-8-sig").splitlines()))
    assert [dict(zip(heads, line, strict=True))["Cases"] for line in lines] == [str(r["cases"]) for r in saved["rows"]]
    assert parse_qs(urlsplit(who.page.url).query)["by"] == ["party"]
    await who.picture(f"journey-figures-{'scripts' if script else 'plain'}")


async def rows_of(page: Any) -> list[list[str]]:
    found: list[list[str]] = await page.locator("table tbody tr").evaluate_all(
        "rows => rows.map(row => [...row.cells].map(cell => cell.textContent.trim().replace(/\\s+/g, ' ')))"
    )
    return found
