"""Sessions on a real database, by a clock that the test sets: how they turn, are renewed, and end."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from pymongo.errors import AutoReconnect

from linli.application.settings import Settings
from linli.storage import mongo
from linli.web.problems import Problem
from portal.services import Caller, unavailable
from portal.signin.credential import Credential
from portal.signin.link_store import LinkStore
from portal.signin.links import MOST as MOST_LINKS
from portal.signin.links import SignInLinks
from portal.signin.renewal import Refused, Renewal
from portal.signin.sessions import MOST, STANDS_FOR, Found, Sessions
from portal.signin.store import CookieStore, SessionStore
from tests.support.builders import NOON
from tests.support.services import until

SOMEBODY = Caller(None, "10.0.0.1")
MINUTE = timedelta(minutes=1)
SettingsFor = Callable[..., Awaitable[Any]]


@dataclass
class Desk:
    """A portal's sessions, with workflow's word on keys and an issuer of tokens in the test's hand."""

    database: mongo.Database
    time: datetime = NOON
    revoked: set[str] = field(default_factory=set)
    refuses: bool = False
    away: bool = False
    stopped: bool = False
    """Whether workflow is; and what it waits for before it answers."""
    hangs: asyncio.Event | None = None
    renewed: int = 0
    next_is: str = "t"
    """What the next tokens begin with: who has them, to workflow."""

    def __post_init__(self) -> None:
        self.sessions, self.beside = self.process(), self.process()

    def process(self) -> Sessions:
        """One of the portal's processes."""
        store = SessionStore(self.database)
        return Sessions(
            store,
            CookieStore(self.database),
            self,  # type: ignore[arg-type]  # it answers what sessions ask of the services
            Renewal(store, self, self.now),
            self.now,
            longest=timedelta(hours=12),
            idle=timedelta(hours=4),
            counter=self.seconds,
        )

    def now(self) -> datetime:
        return self.time

    def seconds(self) -> float:
        return self.time.timestamp()

    async def get(self, of: str, path: str, caller: Caller, params: Any = None) -> dict[str, Any]:
        assert (of, path) == ("workflow", "/v1/whoami")
        if self.hangs is not None:
            await self.hangs.wait()
        if self.stopped:
            raise unavailable()
        if caller.key is None or caller.key in self.revoked:
            raise Problem("unauthorised", 401, "not accepted")
        whose = caller.key.partition(":")[0]
        return {"id": whose, "role": "operator", "party": None, "community": None, "permissions": ["cases:read"]}

    async def renew(self, credential: Credential) -> Credential:
        if self.refuses:
            raise Refused("invalid_grant")
        if self.away:
            raise unavailable()
        self.renewed += 1
        await asyncio.sleep(0)
        return tokens(self.time, f"{self.next_is}:{self.renewed}")

    async def begin(self, credential: Credential | None = None) -> str:
        token, _ = await self.sessions.begin(credential or Credential("k"), SOMEBODY, "a browser")
        return token

    async def found(self, token: str) -> Found | None:
        return await self.sessions.find(token, SOMEBODY)

    async def alone(self, token: str) -> Found:
        """The same for a page that asks nothing of workflow."""
        found = await self.sessions.find(token, SOMEBODY, alone=True)
        assert found is not None
        return found

    async def opens(self, token: str) -> Found:
        """What is found by a cookie that is good."""
        found = await self.found(token)
        assert found is not None
        return found


def tokens(now: datetime, key: str = "t:0") -> Credential:
    """For five minutes, to be renewed a minute earlier."""
    return Credential(key, "r", "i", now + 4 * MINUTE, now + 5 * MINUTE)


@pytest.fixture
async def desk(settings_for: SettingsFor) -> AsyncIterator[Desk]:
    settings: Settings = await settings_for(Settings)
    client = mongo.connect(settings)
    yield Desk(client[settings.database("portal")])
    client.close()


async def test_a_cookie_is_exchanged_and_the_earlier_one_is_good_for_a_minute_after(desk: Desk) -> None:
    earlier = await desk.begin()
    desk.time += 29 * MINUTE
    found = await desk.opens(earlier)
    assert found.next_token is None
    desk.time += MINUTE
    found = await desk.opens(earlier)
    assert found.next_token
    later = found.next_token
    again = await desk.opens(later)
    assert again.next_token is None
    assert again.person.session == found.person.session
    desk.time += 0.9 * MINUTE
    assert await desk.found(earlier)
    desk.time += 0.2 * MINUTE
    assert await desk.found(earlier) is None
    assert await desk.found(later)


async def test_a_new_cookie_that_did_not_arrive_is_given_again_and_signs_nobody_out(desk: Desk) -> None:
    earlier = await desk.begin()
    desk.time += 31 * MINUTE
    found = await desk.opens(earlier)
    assert found.next_token
    desk.time += 10 * MINUTE
    again = await desk.opens(earlier)
    assert again.next_token not in {None, found.next_token}


async def test_of_many_requests_at_once_one_brings_the_new_cookie(desk: Desk) -> None:
    token = await desk.begin()
    desk.time += 31 * MINUTE
    found = await asyncio.gather(*(each.find(token, SOMEBODY) for each in [desk.sessions, desk.beside] * 4))
    assert sum(each is not None and each.next_token is not None for each in found) == 1
    assert all(found)


async def test_a_person_has_so_many_sessions_and_a_new_one_ends_the_oldest(desk: Desk) -> None:
    opened = []
    for _ in range(MOST + 2):
        opened.append(await desk.begin())
        desk.time += timedelta(seconds=1)
    other = await desk.begin(Credential("somebody-else"))
    there = [await desk.found(token) is not None for token in opened]
    assert there == [False, False] + [True] * MOST
    assert await desk.found(other)


async def test_a_sessions_cookies_end_with_it_however_it_ends(desk: Desk) -> None:
    async def left() -> int:
        return await desk.database["cookies"].count_documents({})

    first, second, third = [(await desk.opens(await desk.begin())).person for _ in range(3)]
    other = await desk.begin(Credential("somebody-else"))
    assert await left() == 4
    assert not await desk.sessions.end("somebody-else", first.session)
    assert await left() == 4, "nobody ends another's"
    await desk.sessions.end("k", first.session)
    assert await left() == 3
    await desk.sessions.end_others(second)
    assert await left() == 2
    assert await desk.sessions.of("k")
    desk.revoked.add("somebody-else")
    desk.time += timedelta(seconds=9)
    assert await desk.found(other) is None
    assert await left() == 1
    for _ in range(MOST):
        desk.time += timedelta(seconds=1)
        await desk.begin()
    assert await left() == MOST
    assert third.session not in [each.id for each in await desk.sessions.of("k")]


async def test_of_a_persons_links_so_many_wait_and_a_new_one_ends_the_oldest(desk: Desk) -> None:
    links = SignInLinks(LinkStore(desk.database), desk.sessions, desk, desk.now)  # type: ignore[arg-type]  # as above
    made, other = [], await links.make(replace(SOMEBODY, key="somebody-else"))
    for _ in range(MOST_LINKS + 2):
        made.append(await links.make(replace(SOMEBODY, key="k")))
        desk.time += timedelta(seconds=1)
    there = [await links.look(each.code) is not None for each in made]
    assert there == [False, False] + [True] * MOST_LINKS
    assert await links.open(other.code, SOMEBODY, "a browser")


async def test_being_seen_is_written_down_once_a_minute(desk: Desk) -> None:
    token = await desk.begin()
    for seconds, seen in ((59, 0), (1, 60), (30, 60), (30, 120)):
        desk.time += timedelta(seconds=seconds)
        await desk.found(token)
        (stored,) = await desk.sessions.of("k")
        assert stored.seen_at == NOON + timedelta(seconds=seen)


async def test_a_session_ends_when_nobody_comes_and_after_its_longest_time(desk: Desk) -> None:
    idle = await desk.begin()
    desk.time += timedelta(hours=4)
    assert await desk.found(idle) is None
    token = await desk.begin()
    for _ in range(5):
        desk.time += timedelta(hours=2)
        found = await desk.opens(token)
        token = found.next_token or token
    desk.time += timedelta(hours=2)
    assert await desk.found(token) is None


async def test_a_revoked_key_ends_its_session_within_ten_seconds_in_each_process(desk: Desk) -> None:
    token = await desk.begin()
    for each in (desk.sessions, desk.beside):
        assert await each.find(token, SOMEBODY)
    desk.revoked.add("k")
    desk.time += timedelta(seconds=9)
    assert await desk.beside.find(token, SOMEBODY) is None
    assert await desk.found(token) is None
    assert await desk.sessions.of("k") == []


async def test_tokens_are_renewed_once_before_they_end_however_many_ask(desk: Desk) -> None:
    token = await desk.begin(tokens(desk.time))
    desk.time += 4 * MINUTE
    found = await asyncio.gather(*(each.find(token, SOMEBODY) for each in [desk.sessions, desk.beside] * 4))
    assert all(found)
    assert desk.renewed == 1
    after = await desk.opens(token)
    assert after.person.credential.key == "t:1"
    desk.time += 4 * MINUTE
    after = await desk.opens(token)
    assert after.person.credential.key == "t:2"


async def test_tokens_that_the_database_does_not_take_at_once_are_kept_until_it_does(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    token, away = await desk.begin(tokens(desk.time)), [True, True, False]
    keep = SessionStore.renewed

    async def once_it_is_back(store: SessionStore, id: str, sealed: bytes) -> None:
        if away.pop(0):
            raise AutoReconnect("away")
        await keep(store, id, sealed)

    monkeypatch.setattr(SessionStore, "renewed", once_it_is_back)
    desk.time += 4 * MINUTE
    assert (await desk.opens(token)).person.credential.key == "t:1"
    assert away == []
    desk.time += MINUTE
    found = await desk.beside.find(token, SOMEBODY)
    assert found
    assert found.person.credential.key == "t:1"
    assert desk.renewed == 1, "the refresh token that was spent is shown to nobody again"


async def test_a_refused_renewal_ends_the_session(desk: Desk) -> None:
    token = await desk.begin(tokens(desk.time))
    desk.refuses = True
    desk.time += 4 * MINUTE
    assert await desk.found(token) is None
    desk.refuses = False
    assert await desk.found(token) is None


async def test_while_the_issuer_is_away_the_token_serves_until_it_ends(desk: Desk) -> None:
    token = await desk.begin(tokens(desk.time))
    desk.away = True
    desk.time += 4.5 * MINUTE
    assert await desk.found(token)
    desk.time += MINUTE
    with pytest.raises(Problem) as refused:
        await desk.found(token)
    assert refused.value.status == 503
    desk.away, desk.time = False, desk.time + MINUTE
    assert await desk.found(token)


async def test_tokens_without_a_refresh_token_end_their_session(desk: Desk) -> None:
    token = await desk.begin(replace(tokens(desk.time), refresh=None))
    desk.time += 4.5 * MINUTE
    assert await desk.found(token)
    desk.time += MINUTE
    assert await desk.found(token) is None


async def test_tokens_of_somebody_else_end_the_session(desk: Desk) -> None:
    token = await desk.begin(tokens(desk.time))
    desk.next_is = "somebody-else"
    desk.time += 4 * MINUTE
    assert await desk.found(token) is None


async def test_a_page_that_stands_alone_is_there_for_a_while_when_workflow_is_away(desk: Desk) -> None:
    token = await desk.begin()
    await desk.opens(token)
    desk.time += MINUTE
    desk.stopped = True
    assert (await desk.alone(token)).person.principal == "k"
    with pytest.raises(Problem) as away:
        await desk.found(token)
    assert away.value.status == 503, "any other page is not"
    with pytest.raises(Problem):
        await desk.beside.find(token, SOMEBODY, alone=True)  # another process has heard nothing of who it is
    desk.time += timedelta(seconds=STANDS_FOR)
    with pytest.raises(Problem):
        await desk.alone(token)


async def test_such_a_page_does_not_wait_for_workflow_and_hears_of_the_end_of_its_key(desk: Desk) -> None:
    token = await desk.begin()
    await desk.opens(token)
    desk.time += MINUTE
    desk.hangs = asyncio.Event()
    assert (await desk.alone(token)).person.principal == "k"
    desk.revoked.add("k")
    desk.hangs.set()

    async def ended() -> bool:
        return await desk.sessions.find(token, SOMEBODY, alone=True) is None

    await until(ended)
