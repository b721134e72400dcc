"""The looking itself: each fault that a page can have is found on a page that has it, and a plain page has none."""

import asyncio
from typing import Any

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Response

from tests.browser.conftest import Arrive
from tests.support.browser import axe, measures

CSP = "default-src 'self'"
FOCUS = ":focus-visible { outline: 3px solid #004a9f; }"
GOOD = """
<a href="/next" class="button">去下一页</a>
<form method="post" action="/"><label for="words">说明</label> <input id="words" name="words">
<label><input type="radio" name="kind" value="a" checked> 报事</label>
<label><input type="radio" name="kind" value="b"> 需求</label> <button>发送</button></form>
<p><span data-state="late">逾期</span></p>"""
STYLE = f"""{FOCUS} .button, button, input {{ display: inline-block; min-height: 32px; }} label {{ line-height: 32px; }}
.unseen:focus-visible {{ outline: none; }}"""


def page(body: str) -> str:
    return f"""<!doctype html><html lang="zh-CN"><head><title>页</title>
        <meta name="viewport" content="width=device-width"><link rel="icon" href="/icon.png">
        <link rel="stylesheet" href="/style.css"></head><body><main><h1>页</h1>{body}</main></body></html>"""


@pytest.fixture
def show(httpserver: HTTPServer) -> Any:
    """Serves a page as strictly as the portal does; returns the address."""
    httpserver.expect_request("/style.css").respond_with_data(STYLE, content_type="text/css")
    httpserver.expect_request("/icon.png").respond_with_data(b"", content_type="image/png")
    httpserver.expect_request("/own.js").respond_with_data("missing.word", content_type="text/javascript")

    def serve(body: str) -> str:
        headers = {"Content-Security-Policy": CSP}
        answer = Response(page(body), headers=headers, content_type="text/html; charset=utf-8")
        httpserver.expect_request("/").respond_with_handler(lambda _: answer)
        return httpserver.url_for("/").rstrip("/")

    return serve


async def test_a_plain_page_has_no_fault(show: Any, arrive: Arrive) -> None:
    who = await arrive(show(GOOD), width=320)
    await who.open("/")
    await axe.assert_accessible(who.page)
    for found in (
        measures.wider_than_the_page,
        measures.small_targets,
        measures.beyond_the_keyboard,
        measures.moving,
        measures.states_without_words,
        measures.needs_script,
    ):
        assert await found(who.page) == [], found.__name__
    assert 500 < sum((await measures.transferred(who, "/")).values()) < 5_000


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ('<img alt="x" src="http://localhost:9/x.png">', "a request to elsewhere: http://localhost:9/x.png"),
        ("<script>1</script>", "Content Security Policy"),
        ('<p style="color: red">x</p>', "Content Security Policy"),
        ('<script src="/own.js"></script>', "missing is not defined"),
        ('<img alt="x" src="/absent.png">', "500 for GET"),
    ],
)
async def test_a_page_with_a_fault_is_found_out_when_it_is_opened(
    show: Any, arrive: Arrive, body: str, told: str
) -> None:
    who = await arrive(show(body))
    await who.page.goto(who.base)

    async def noticed() -> None:
        while not any(told in fault for fault in who.faults):  # noqa: ASYNC110 - what a browser says comes by itself
            await asyncio.sleep(0.02)

    await asyncio.wait_for(noticed(), 20)
    who.faults.clear()


async def test_without_scripts_a_refused_style_is_found_all_the_same(show: Any, arrive: Arrive) -> None:
    who = await arrive(show('<p style="color: red">x</p>'), script=False)
    await who.page.goto(who.base)
    assert any("Content Security Policy" in fault for fault in who.faults), who.faults
    who.faults.clear()


@pytest.mark.parametrize(
    ("body", "measure", "told"),
    [
        (f"<p>{'长' * 9}{'x' * 90}</p>", measures.wider_than_the_page, "<p>"),
        ('<button class="x"><img alt="x" width="1" height="1"></button>' * 2, measures.small_targets, "x"),
        ('<a href="/a">a</a><a href="/b" tabindex="2">b</a>', measures.beyond_the_keyboard, "out of turn"),
        ('<a href="/a" class="unseen">a</a>', measures.beyond_the_keyboard, "not to be seen"),
        ('<div hx-get="/x">x</div>', measures.beyond_the_keyboard, "for the mouse alone"),
        ("<svg><circle><animate/></circle></svg>", measures.moving, "animate"),
        ('<span data-state="late">●</span>', measures.states_without_words, "●"),
        ("<form><input></form>", measures.needs_script, "form"),
        ('<button hx-post="/x">x</button>', measures.needs_script, "hx-post"),
    ],
)
async def test_each_measure_finds_what_it_is_for(show: Any, arrive: Arrive, body: str, measure: Any, told: str) -> None:
    who = await arrive(show(body), width=320)
    await who.open("/")
    if measure is measures.small_targets:
        assert await measure(who.page, 40)
        return
    assert any(told in each for each in await measure(who.page)), await measure(who.page)


async def test_axe_finds_a_field_without_a_name_and_words_too_pale_to_read(show: Any, arrive: Arrive) -> None:
    who = await arrive(show('<input><font color="#cccccc">说明</font>'))
    await who.open("/")
    assert {"label", "color-contrast"} <= {each["id"] for each in await axe.violations(who.page)}


async def test_without_scripts_a_page_can_be_measured_too(show: Any, arrive: Arrive) -> None:
    who = await arrive(show("<form><input></form>"), script=False)
    await who.open("/")
    assert await measures.needs_script(who.page)
