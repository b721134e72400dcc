"""What axe-core finds on a page: the rules of WCAG 2.2 at A and AA that a program can check, and its best practices."""

from pathlib import Path
from typing import Any

from playwright.async_api import Page

AXE = Path(__file__).parents[2] / "browser" / "vendor" / "axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RUN = """async tags => {
    const rules = {'target-size': {enabled: true}};  // of WCAG 2.2, and off unless asked for
    const found = await axe.run(document, {runOnly: {type: 'tag', values: tags}, rules, resultTypes: ['violations']});
    return found.violations.map(({id, help, nodes}) => ({
        id, help, nodes: nodes.map(({html, failureSummary}) => ({html, failureSummary}))
    }));
}"""
SHOWN = 5


async def violations(page: Page) -> list[dict[str, Any]]:
    """Those of the page as it stands, by rule."""
    await page.evaluate(AXE.read_text())
    found: list[dict[str, Any]] = await page.evaluate(RUN, TAGS)
    return found


async def assert_accessible(page: Page) -> None:
    """No violation; else each with the elements that it is about."""
    found = await violations(page)
    assert not found, "\n".join([page.url, *map(_told, found)])


def _told(rule: dict[str, Any]) -> str:
    nodes = "".join(f"\n    {node['html'][:300]}\n      {node['failureSummary']}" for node in rule["nodes"][:SHOWN])
    return f"{rule['id']}: {rule['help']} ({len(rule['nodes'])} elements){nodes}"
