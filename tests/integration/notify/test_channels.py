"""How letters are handed in and webhooks posted, to servers that are real and behave as those of the field do."""

import asyncio
import base64
import contextlib
import quopri
import re
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from ipaddress import ip_network

import pytest
from aiosmtpd.controller import Controller

from linli.contracts.kinds import Language
from notify.deliveries.channels.email import Mailer, SmtpServer
from notify.deliveries.channels.webhook import Webhooks
from notify.deliveries.domain.tries import Outcome, Refused, Took, Unreached
from notify.deliveries.rendering import Letter
from notify.deliveries.secret_store import secret_of
from tests.support.clocks import process_time
from tests.support.notify import mail_server
from tests.support.servers import free_ports

SECRET = [secret_of(b"key", "test", "estate")]
HOME = [ip_network("127.0.0.0/8")]
LETTER = Letter(Language.ZH, "您好", "文", "<p>文</p>")


@pytest.fixture
def mail():
    with mail_server() as mailbox:
        yield mailbox


@asynccontextmanager
async def endpoint(answer: bytes, *, ends: bool = False) -> AsyncIterator[tuple[int, list[int]]]:
    """A server that says this to every request, and keeps the connection unless it `ends`; its port, and who asked."""
    asked: list[int] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        asked.append(len(head))
        writer.write(answer)
        await writer.drain()
        if not ends:
            await reader.read()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1], asked
    finally:
        server.close()


async def posted(url: str, **settings: float) -> Outcome:
    hooks = Webhooks(HOME, settings.get("timeout", 5.0), 4, process_time)
    try:
        return await hooks.send("d-1", url, b"{}", SECRET)
    finally:
        await hooks.close()


@pytest.fixture
def name_server(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Lets a name lead to some addresses."""

    def answer(*addresses: str) -> None:
        def found(host: str, port: int, *args: object, **kwargs: object) -> list[object]:
            assert host == "hook.test"
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in addresses]

        monkeypatch.setattr(socket, "getaddrinfo", found)

    return answer


async def test_an_answer_whose_body_never_ends_counts_by_its_status():
    never = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n"
    async with endpoint(never) as (port, asked), asyncio.timeout(4):
        assert await posted(f"http://127.0.0.1:{port}/") == Took()
        assert len(asked) == 1


@pytest.mark.parametrize("rest", [b"", b"zz\r\n", b"5\r\nab"])
async def test_an_answer_that_breaks_off_after_its_status_counts_by_it(rest: bytes):
    broken = b"HTTP/1.1 503 Busy\r\nRetry-After: 7\r\nTransfer-Encoding: chunked\r\n\r\n" + rest
    async with endpoint(broken, ends=True) as (port, _):
        assert await posted(f"http://127.0.0.1:{port}/") == Unreached("http_503", 7.0)


async def test_silence_is_no_answer():
    async with endpoint(b"") as (port, _):
        assert await posted(f"http://127.0.0.1:{port}/", timeout=0.3) == Unreached("timeout", away=True)


async def test_the_second_address_of_a_name_is_tried_when_the_first_is_dead(name_server):
    name_server("127.0.0.2", "127.0.0.3", "127.0.0.1")
    async with endpoint(b"HTTP/1.1 204 Done\r\n\r\n") as (port, _):
        assert await posted(f"http://hook.test:{port}/") == Took()
    assert await posted(f"http://hook.test:{free_ports(1)[0]}/") == Unreached("unreachable", away=True)


async def test_a_name_that_leads_to_a_private_address_is_tried_later_and_never_connected_to(name_server):
    async with endpoint(b"HTTP/1.1 204 Done\r\n\r\n") as (port, asked):
        hooks = Webhooks([], 5.0, 4, process_time)
        for address in ("10.0.0.1", "127.0.0.1", "169.254.169.254"):
            name_server(address)
            assert await hooks.send("d-1", f"https://hook.test:{port}/", b"{}", SECRET) == Unreached("address_refused")
        await hooks.close()
        assert asked == []


@pytest.mark.parametrize(
    "host",
    [
        "[::ffff:169.254.169.254]",
        "0x7f000001",
        "127.1",
        "2130706433",
        "[64:ff9b::a9fe:a9fe]",
        "[2002:7f00:1::]",
        "[::ffff:0:127.0.0.1]",
        "[fec0::1]",
        "[::]",
    ],
)
async def test_a_private_address_is_refused_however_it_is_written(host: str):
    hooks = Webhooks([], 5.0, 4, process_time)
    assert await hooks.send("d-1", f"https://{host}/", b"{}", SECRET) == Unreached("address_refused")
    await hooks.close()


@asynccontextmanager
async def places(count: int) -> AsyncIterator[list[tuple[int, list[asyncio.StreamWriter]]]]:
    """So many servers that take everything; each one's port, and its end of each connection that was made to it."""

    async def begin() -> tuple[asyncio.Server, list[asyncio.StreamWriter]]:
        made: list[asyncio.StreamWriter] = []

        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            made.append(writer)
            with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
                while True:
                    await reader.readuntil(b"{}")
                    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
            writer.close()

        return await asyncio.start_server(serve, "127.0.0.1", 0), made

    servers = [await begin() for _ in range(count)]
    try:
        yield [(server.sockets[0].getsockname()[1], made) for server, made in servers]
    finally:
        for server, _ in servers:
            server.close()


async def test_webhooks_to_one_place_take_the_same_connection_until_its_end_is_closed():
    hooks = Webhooks(HOME, 5.0, 4, process_time)
    async with places(1) as [(port, made)]:
        for _ in range(3):
            assert await hooks.send("d-1", f"http://127.0.0.1:{port}/", b"{}", SECRET) == Took()
        assert len(made) == 1
        made[0].close()
        await made[0].wait_closed()
        assert await hooks.send("d-1", f"http://127.0.0.1:{port}/", b"{}", SECRET) == Took()
        assert len(made) == 2
        await hooks.close()


async def test_a_webhook_goes_out_in_one_piece_and_an_answer_before_its_end_counts():
    pieces: list[bytes] = []
    big = b'{"a": "' + b"a" * 8_000_000 + b'"}'

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        pieces.append(await reader.read(65_536))
        writer.write(b"HTTP/1.1 413 Too much\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        await writer.drain()
        while await reader.read(65_536):  # else the answer may be lost with the connection
            pass
        writer.close()

    hooks, server = Webhooks(HOME, 5.0, 4, process_time), await asyncio.start_server(serve, "127.0.0.1", 0)
    url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
    assert await hooks.send("d-1", url, b'{"a": 1}', SECRET) == Refused("http_413")
    assert pieces[0].endswith(b'\r\n\r\n{"a": 1}'), "the body came after its head"
    assert await hooks.send("d-1", url, big, SECRET) == Refused("http_413")
    await hooks.close()
    server.close()


async def test_webhooks_wait_for_each_other_when_as_many_connections_are_open_as_may_be():
    hooks = Webhooks(HOME, 5.0, 3, process_time)
    async with places(1) as [(port, made)]:
        sent = [hooks.send(f"d-{n}", f"http://127.0.0.1:{port}/", b"{}", SECRET) for n in range(20)]
        assert await asyncio.gather(*sent) == [Took()] * 20
        assert len(made) == 3
        await hooks.close()


async def test_the_longest_idle_connection_gives_way_to_one_to_another_place():
    hooks = Webhooks(HOME, 5.0, 2, process_time)
    async with places(3) as three:
        for port, _ in three:
            assert await hooks.send("d-1", f"http://127.0.0.1:{port}/", b"{}", SECRET) == Took()
        ended = [made[0] for _, made in three]
        async with asyncio.timeout(5):
            await ended[0].wait_closed()
        assert [writer.is_closing() for writer in ended] == [True, False, False]
        await hooks.close()


async def test_a_call_that_is_given_up_leaves_its_place_to_the_next():
    hooks = Webhooks(HOME, 1.5, 1, process_time)
    async with endpoint(b"") as (silent, _), places(1) as [(port, _)]:
        gone = Unreached("timeout", away=True)
        assert await hooks.send("d-1", f"http://127.0.0.1:{silent}/", b"{}", SECRET) == gone
        assert await hooks.send("d-2", f"http://127.0.0.1:{port}/", b"{}", SECRET) == Took()
        await hooks.close()


async def handed_in(port: int, to: str, letter: Letter = LETTER, **settings: str) -> Outcome:
    mailer = Mailer(SmtpServer("127.0.0.1", port, "邻里 <notify@例子.中国>", **settings))
    try:
        return await mailer.send("d-1", to, letter)
    finally:
        await mailer.close()


@pytest.fixture
def plain(mail):
    """The port of a server without SMTPUTF8, with the same mailbox."""
    server = Controller(mail, hostname="127.0.0.1", port=free_ports(1)[0], enable_SMTPUTF8=False)
    server.start()
    yield server.port
    server.stop()


async def test_a_domain_with_letters_of_any_script_is_written_to_in_ascii(mail, plain):
    assert await handed_in(plain, "wang@例子.中国") == Took()
    assert [letter["To"] for letter in mail.letters] == ["wang@xn--fsqu00a.xn--fiqs8s"]
    assert mail.senders == ["notify@xn--fsqu00a.xn--fiqs8s"]


async def test_letters_beyond_ascii_before_the_at_sign_need_the_servers_extension(mail, plain):
    assert await handed_in(plain, "王@例子.中国") == Refused("smtp_no_utf8_addresses")
    assert await handed_in(mail.port, "王@例子.中国") == Took()
    assert [str(letter["To"]) for letter in mail.letters] == ["王@xn--fsqu00a.xn--fiqs8s"]


async def test_a_letter_says_where_answers_and_bounces_go(mail):
    for settings in ({}, {"reply_to": "office@b.example", "return_path": "bounces@b.example"}, {"return_path": ""}):
        assert await handed_in(mail.port, "w@b.example", **settings) == Took()
    assert mail.senders == ["notify@xn--fsqu00a.xn--fiqs8s", "bounces@b.example", "<>"]
    assert [str(each["Reply-To"]) for each in mail.letters[:2]] == ["notify@xn--fsqu00a.xn--fiqs8s", "office@b.example"]
    assert all(letter["X-Auto-Response-Suppress"] == "All" for letter in mail.letters)


@dataclass
class Script:
    """A server that takes several commands at once, and says these to RCPT, DATA and the letter; what it was told."""

    rcpt: bytes = b"250 ok"
    data: bytes = b"354 go on"
    letter: bytes = b"250 taken"
    commands: list[bytes] = field(default_factory=list)
    letters: list[bytes] = field(default_factory=list)
    served: list["asyncio.Task[None]"] = field(default_factory=list)
    """One for each connection."""

    @property
    def connections(self) -> int:
        return len(self.served)

    async def begin(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.served.append(asyncio.create_task(self.serve(reader, writer)))

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220-here\r\n220 I am\r\n")
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
            while not writer.is_closing():
                await self.answer((await reader.readuntil(b"\r\n"))[:-2], reader, writer)
        writer.close()

    async def answer(self, command: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.commands.append(command)
        match command.split(b" ")[0]:
            case b"EHLO":
                writer.write(b"250-here\r\n250-SIZE 10000000\r\n250 PIPELINING\r\n")
            case b"MAIL":  # answered together with the two that are not waited for: RCPT and DATA
                self.commands += [(await reader.readuntil(b"\r\n"))[:-2] for _ in range(2)]
                writer.write(b"250 ok\r\n%b\r\n" % self.rcpt)
                if self.rcpt.startswith(b"421"):
                    writer.close()
                    return
                writer.write(b"%b\r\n" % self.data)
                if self.data.startswith(b"354"):
                    letter = b""
                    while not (b"\r\n" + letter).endswith(b"\r\n.\r\n"):
                        letter += await reader.readuntil(b"\r\n")
                    self.letters.append(letter)
                    writer.write(b"%b\r\n" % self.letter)
            case _:
                writer.write(b"250 ok\r\n")


@asynccontextmanager
async def mailing(script: Script, seconds: float = 5.0) -> AsyncIterator[Callable[[], Awaitable[Outcome]]]:
    """Hands a letter in there each time that it is called, over one mailer."""
    server = await asyncio.start_server(script.begin, "127.0.0.1", 0)
    mailer = Mailer(SmtpServer("127.0.0.1", server.sockets[0].getsockname()[1], "notify@a.example", timeout=seconds))

    async def hand_in() -> Outcome:
        return await mailer.send("d-1", "w@b.example", LETTER)

    try:
        yield hand_in
    finally:
        await mailer.close()
        async with asyncio.timeout(5):
            await asyncio.gather(*script.served)
        server.close()


async def test_a_server_that_takes_several_commands_at_once_gets_them_so_on_one_connection():
    script = Script()
    async with mailing(script) as hand_in:
        assert [await hand_in() for _ in range(3)] == [Took()] * 3
    assert script.connections == 1
    assert len(script.letters) == 3
    mail, rcpt, data = script.commands[1:4]
    assert mail == b"MAIL FROM:<notify@a.example> SIZE=%d" % (len(script.letters[0]) - len(b".\r\n"))
    assert (rcpt, data) == (b"RCPT TO:<w@b.example>", b"DATA")
    assert script.commands[-1] == b"QUIT"


@pytest.mark.parametrize("data", [b"554 no valid recipients", b"354 go on"])
async def test_a_refused_recipient_gets_no_letter_and_the_next_one_goes_on_the_same_connection(data: bytes):
    script = Script(rcpt=b"550-no such\r\n550 user", data=data)
    async with mailing(script) as hand_in:
        assert await hand_in() == Refused("smtp_550")
        assert script.letters == [b".\r\n"] * (data == b"354 go on")
        assert script.commands[-1] == b"RSET"
        script.rcpt, script.data = b"250 ok", b"354 go on"
        assert await hand_in() == Took()
    assert script.connections == 1
    assert b"MIME-Version" in script.letters[-1]


@pytest.mark.parametrize(
    ("answers", "outcome"),
    [
        ({"data": b"451 not now"}, Unreached("smtp_451")),
        ({"letter": b"552 too much"}, Refused("smtp_552")),
        ({"letter": b"452 disk full"}, Unreached("smtp_452")),
        ({"rcpt": b"421 too many"}, Unreached("smtp_421")),
        ({"letter": b"what?"}, Unreached("smtp_-1")),
    ],
)
async def test_what_a_server_answers_decides_whether_a_letter_is_tried_again(answers, outcome: Outcome):
    script = Script(**answers)
    async with mailing(script) as hand_in:
        assert await hand_in() == outcome
        script.rcpt, script.data, script.letter = b"250 ok", b"354 go on", b"250 taken"
        assert await hand_in() == Took()


async def test_a_letter_that_was_taken_counts_although_the_server_goes_with_the_same_word():
    script = Script(letter=b"250 taken\r\n421 that was the last")
    async with mailing(script) as hand_in:
        assert [await hand_in(), await hand_in()] == [Took()] * 2
    assert script.connections == 2, "a server that said that it goes was asked again"


async def test_a_server_that_falls_silent_over_a_letter_is_away():
    async with mailing(Script(letter=b"250-taken, and"), seconds=0.2) as hand_in:
        assert await hand_in() == Unreached("smtp_unreachable", away=True)


def read_by_hand(raw: str) -> str:
    """As RFC 2047 has it: white space between two encoded words is dropped, and nothing else."""

    def word(found: re.Match[str]) -> str:
        charset, how, text = found.groups()
        octets = base64.b64decode(text) if how in "bB" else quopri.decodestring(text.replace("_", " "))
        return octets.decode(charset)

    unfolded = re.sub(r"\r\n(?=[ \t])", "", raw)
    return re.sub(r"=\?([^?]+)\?([bBqQ])\?([^?]*)\?=", word, re.sub(r"\?=[ \t]+=\?", "?==?", unfolded))


@pytest.mark.parametrize(
    "subject",
    [
        "路灯 " * 15 + "lamp 灯 " * 10 + "坏",
        "abc " * 28 + "灯",
        "灯" * 119 + "…",
        "😀 " * 40 + "!",
        "a" * 120,
        "Re: =?utf-8?b?5L2g?= 灯",
        "plain words",
    ],
)
async def test_a_subject_is_read_as_it_was_written_by_every_mail_program(mail, subject: str):
    assert await handed_in(mail.port, "w@b.example", Letter(Language.ZH, subject, "文", "<p>文</p>")) == Took()
    head = mail.raw[0].split(b"\r\n\r\n", 1)[0].decode("ascii")
    raw = re.search(r"^Subject: ((?:\r\n |[^\r\n])*)", head, re.MULTILINE)
    assert raw is not None
    assert read_by_hand(raw[1]) == subject
    assert "?==?" not in head
    assert all(len(line) <= 78 for line in head.split("\r\n"))
