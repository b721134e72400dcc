"""The session's cookie is exchanged while a person works, and every answer of a page may bring the new one."""

import re
from datetime import timedelta

from tests.support.clocks import process_time
from tests.support.databases import databases_of
from tests.support.portal import Visitor
from tests.support.system import System


async def test_a_page_brings_the_next_cookie_when_it_is_time_and_the_earlier_one_ends(
    system: System, operator: Visitor
) -> None:
    earlier = operator.http.cookies["linli_session"]
    async with databases_of(system) as database:
        cookies = database("portal")["cookies"]
        past = {"$set": {"turns_at": process_time() - timedelta(seconds=1)}}
        assert (await cookies.update_many({}, past)).modified_count
        assert (await operator.get("/")).headers["Set-Cookie"].startswith("linli_session=")
        later = operator.http.cookies["linli_session"]
        assert later != earlier
        assert (await operator.get("/sessions")).status_code == 200
        ending = await cookies.find({"ends_at": {"$lt": process_time() + timedelta(minutes=2)}}).to_list(None)
        assert len(ending) == 1, "a minute is left to the earlier one"


async def test_signing_out_takes_the_cookie_away_also_when_another_was_due(system: System, operator: Visitor) -> None:
    page = await operator.page("/sessions")
    async with databases_of(system) as database:
        past = {"$set": {"turns_at": process_time() - timedelta(seconds=1)}}
        await database("portal")["cookies"].update_many({}, past)
        out = await operator.send("/sign-out", page=page)
    assert out.headers.get_list("Set-Cookie")[-1].startswith('linli_session="";')
    assert "linli_session" not in operator.http.cookies


async def test_a_key_that_is_made_while_the_cookie_is_exchanged_is_shown(system: System, operator: Visitor) -> None:
    form = await operator.page("/office/keys/new")
    earlier = operator.http.cookies["linli_session"]
    async with databases_of(system) as database:
        past = {"$set": {"turns_at": process_time() - timedelta(seconds=1)}}
        await database("portal")["cookies"].update_many({}, past)
    made = await operator.send("/office/keys/new", page=form, name="new", role="auditor")
    assert made.status_code == 303, made.text
    assert operator.http.cookies["linli_session"] != earlier
    assert re.search(r'id="secret"[^>]*value="linli_[^"]+"', await operator.page("/office/keys"))


async def test_no_cache_keeps_what_brings_a_cookie_or_was_given_to_who_is_signed_in(
    system: System, operator: Visitor, anybody: Visitor
) -> None:
    feed = "/n/test/east/feed.json"
    assert (await anybody.get(feed)).headers["Cache-Control"] == "public, max-age=60"
    assert (await operator.get(feed)).headers["Cache-Control"] == "no-store"
    async with databases_of(system) as database:
        past = {"$set": {"turns_at": process_time() - timedelta(seconds=1)}}
        await database("portal")["cookies"].update_many({}, past)
    turned = await operator.get(feed)
    assert (turned.headers["Cache-Control"], "Set-Cookie" in turned.headers) == ("no-store", True)
