"""A letter's bytes say what the `email` package's would, and every reader of letters takes them apart alike."""

import email.policy
import re
from email.header import Header, decode_header, make_header
from email.message import EmailMessage
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from email.parser import BytesParser
from email.utils import format_datetime, parseaddr

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from linli.contracts.kinds import Language
from notify.deliveries.channels.email import Mailer, SmtpServer, message_id
from notify.deliveries.channels.header_words import encoded
from notify.deliveries.channels.mime import Skeleton
from notify.deliveries.mailbox import mailbox
from notify.deliveries.rendering import Letter

SENDER = "邻里 Linli <notify@linli.example>"
MAILER = Mailer(SmtpServer("127.0.0.1", 25, SENDER, reply_to="office@linli.example"))
HOSTILE = [
    "",
    "plain words",
    "a" * 400,
    "灯" * 200,
    "😀👨‍👩‍👧‍👦 " * 40,
    "مرحبا \u202eبالعالم\u202c",
    "=?utf-8?q?=0D=0ABcc:_victim@x.cn?=",
    '“quoted”, (comment) <a@b> ; \\ "',
    "e\u0301" * 60,
    "\x00\x07\x7f\x1b[31m",
]
texts = st.text(st.characters(exclude_categories=["Cs"])) | st.sampled_from(HOSTILE)
lines = texts.map(lambda text: " ".join(text.split()))
bodies = st.lists(texts).map("\n".join) | texts.map(lambda text: text.replace(" ", "\r\n"))
stops = st.none() | st.just("https://linli.example/v1/letters/" + "0f" * 32)


def parsed(letter: bytes) -> EmailMessage:
    message = BytesParser(policy=email.policy.SMTP).parsebytes(letter)
    assert isinstance(message, EmailMessage)
    return message


def by_the_library(delivery_id: str, to: str, letter: Letter, date: str) -> bytes:
    """The same letter by the standard library's own classes."""
    message = MIMEMultipart("alternative")
    name, address = parseaddr(SENDER)
    message["From"] = f"{Header(name, 'utf-8').encode()} <{address}>"
    message["To"] = to
    message["Subject"] = Header(letter.subject, "utf-8", header_name="Subject")
    message["Date"] = date
    message["Message-ID"] = message_id(delivery_id, "linli.example")
    message["Reply-To"] = "office@linli.example"
    message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = "All"
    message["Content-Language"] = letter.language.value
    if letter.stop:
        message["List-Unsubscribe"] = f"<{letter.stop}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    for subtype, text in (("plain", letter.text), ("html", letter.html)):
        one_way = re.sub(r"\r\n|\r|\n", "\r\n", text).rstrip("\r\n") + "\r\n"
        message.attach(MIMEText(one_way, subtype, "utf-8"))
    return message.as_bytes(policy=email.policy.compat32.clone(linesep="\r\n"))


def headers_of(message: EmailMessage) -> dict[str, str]:
    """Each once, whatever the boundary is called and wherever a line is folded."""
    found = {name.lower(): str(value).strip() for name, value in message.items() if name.lower() != "content-type"}
    assert len(found) == len(message.items()) - 1
    return found | {"content-type": message.get_content_type()}


def parts_of(message: EmailMessage) -> list[tuple[object, ...]]:
    return [
        (part.get_content_type(), part.get_content_charset(), part["Content-Transfer-Encoding"], part.get_content())
        for part in message.iter_parts()
    ]


@given(st.text(), lines, bodies, bodies, st.sampled_from(Language), stops)
@example("d-1", "灯" * 119 + "…", "", "", Language.ZH, None)
def test_a_letter_is_read_as_one_of_the_email_package(
    id: str, subject: str, text: str, html: str, language: Language, stop: str | None
) -> None:
    letter = Letter(language, subject, text, html, stop)
    to = mailbox("w@b.example")
    assert to is not None
    id = id.encode(errors="replace").decode()
    ours = parsed(MAILER._message(id, to, letter))
    theirs = parsed(by_the_library(id, str(to), letter, str(ours["Date"])))
    assert headers_of(ours) == headers_of(theirs)
    assert parts_of(ours) == parts_of(theirs)
    assert [part[:3] for part in parts_of(ours)] == [
        ("text/plain", "utf-8", "base64"),
        ("text/html", "utf-8", "base64"),
    ]
    assert format_datetime(ours["Date"].datetime) == str(ours["Date"])
    assert not [defect for part in ours.walk() for defect in part.defects]


@given(lines, bodies, bodies, stops)
def test_a_letter_is_seven_bits_wide_and_78_characters_long(
    subject: str, text: str, html: str, stop: str | None
) -> None:
    to = mailbox("w@b.example")
    assert to is not None
    written = MAILER._message("d-1", to, Letter(Language.ZH, subject, text, html, stop))
    assert written.isascii()
    assert written.endswith(b"\r\n")
    assert not re.search(rb"(?<!\r)\n|\r(?!\n)|\0", written)
    longest = max(map(len, written.split(b"\r\n")))
    assert longest <= (78 if stop is None else 998)  # the link for stopping letters is not broken in two


@given(lines)
@example("x" + "😀" * 40)
def test_each_encoded_word_holds_whole_characters(subject: str) -> None:
    for word, charset in (found for line in encoded(subject, "Subject").split("\r\n") for found in decode_header(line)):
        assert charset is None or word.decode(charset)


@given(lines)
@example("")
def test_a_name_before_an_address_is_read_as_it_was_written(name: str) -> None:
    said = encoded(name, "From", phrase=True)
    (sender,) = parsed(f"From: {said} <notify@b.example>\r\n\r\n".encode("ascii"))["From"].addresses
    assert sender.addr_spec == "notify@b.example"
    assert str(make_header(decode_header(said))) == name
    if "\r\n" not in said:  # between two words of a name this parser leaves a space, against RFC 2047, 6.2
        assert sender.display_name == name


@given(st.text() | texts)
@example("two\nlines")
@example("two\u2028lines")
@example("half a \ud83d character")
@example("灯\r\nBcc: victim@x.example")
def test_what_cannot_stand_in_a_header_is_refused_and_all_else_adds_none(text: str) -> None:
    try:
        said = encoded(text, "Subject")
        written = Skeleton({}).letter({"Subject": said}, "", "")
    except ValueError:
        assert len(text.splitlines()) > 1 or set(text) & set("\r\n") or re.search("[\ud800-\udfff]", text)
        return
    head, _, _ = written.partition(b"\r\n\r\n")
    names = [line.partition(b":")[0] for line in head.split(b"\r\n") if not line.startswith(b" ")]
    assert names == [b"Subject", b"MIME-Version", b"Content-Type"]


@given(st.text(), st.text())
@example("a\r\nBcc", "x")
@example("x", "a\r\n \r\nBcc: victim@x.example")
@example("x", "a\r\n b\nc")
def test_a_line_break_in_any_header_is_refused(first: str, second: str) -> None:
    for value in (f"{first}\n{second}", f"{first}\r{second}", f"{first}\r\n\r\n{second}"):
        broken = value.replace("\n ", "\n").replace("\n\t", "\n")
        with pytest.raises(ValueError, match="linefeed"):
            Skeleton({}).letter({"X-Any": broken}, "", "")
        with pytest.raises(ValueError, match="linefeed"):
            Skeleton({"X-Any": broken})


@given(st.text(), st.emails())
def test_no_address_brings_a_header_or_a_command_with_it(wild: str, tame: str) -> None:
    for text in (wild, tame, f"{wild}@b.example", f"{tame}\r\nBcc: v@x.example", f"a@{wild}"):
        to = mailbox(text)
        if to is not None:
            assert not re.search(r"[\s<>\"\0,;]", str(to))
            written = MAILER._message("d-1", to, Letter(Language.EN, "s", "t", "h"))
            assert written.isascii() or not str(to).isascii()
            assert b"\r\nTo: " + str(to).encode() + b"\r\n" in written
