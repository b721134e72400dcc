"""What letters say, in both languages, and what cannot be smuggled into them."""

import re
from dataclasses import replace
from email import message_from_bytes
from email.policy import SMTP

import pytest

from linli.contracts.kinds import Language
from linli.contracts.workflow import case
from notify.deliveries.channels.email import Mailer, SmtpServer
from notify.deliveries.channels.mime import Skeleton
from notify.deliveries.domain.deliveries import Delivery, delivery
from notify.deliveries.domain.digests import IN_ONE_LETTER
from notify.deliveries.domain.tries import Refused
from notify.deliveries.names import HEADINGS
from notify.deliveries.rendering import Addressee, Letter, digest, letter
from notify.notices.domain.directory import Directory
from notify.notices.domain.kinds import OF_NO_CASE, Channel, NoticeKind
from notify.notices.domain.notices import Notice
from tests.support.builders import NOON, community
from tests.support.cases import CODE, said

EVENTS = {
    NoticeKind.REPORTER_DISPATCHED: case.CaseDispatched,
    NoticeKind.REPORTER_PROGRESSED: case.CaseProgressed,
    NoticeKind.REPORTER_RESOLVED: case.CaseResolved,
    NoticeKind.REPORTER_REOPENED: case.CaseReopened,
    NoticeKind.REPORTER_NOT_REOPENED: case.CaseClosed,
    NoticeKind.PARTY_DISPATCHED: case.CaseDispatched,
    NoticeKind.PARTY_REASSIGNED: case.CaseDispatched,
    NoticeKind.PARTY_REOPENED: case.CaseReopened,
    NoticeKind.PARTY_REMINDED: case.CaseReminded,
    NoticeKind.PARTY_NOT_SATISFIED: case.CaseRated,
    NoticeKind.REPORTER_MERGED: case.CaseMerged,
    NoticeKind.REPORTER_UNMERGED: case.CaseUnmerged,
    NoticeKind.REPORTER_SPLIT: case.CaseSplit,
    NoticeKind.PARTY_MERGED: case.CaseMerged,
    NoticeKind.PARTY_UNMERGED: case.CaseUnmerged,
    NoticeKind.NODE_RETURNED: case.CaseReturned,
    NoticeKind.NODE_ESCALATED: case.CaseEscalated,
    NoticeKind.REPORTER_TRIAGED: case.CaseTriaged,
    NoticeKind.REPORTER_PAUSED: case.CasePaused,
    NoticeKind.REPORTER_WITHDRAWN: case.CaseWithdrawn,
    NoticeKind.PARTY_CORRECTED: case.CaseCorrected,
    NoticeKind.PARTY_PAUSED: case.CasePaused,
    NoticeKind.PARTY_RESUMED: case.CaseResumed,
    NoticeKind.PARTY_NOT_REOPENED: case.CaseClosed,
    NoticeKind.PARTY_WITHDRAWN: case.CaseWithdrawn,
    NoticeKind.PARTY_SUPPLEMENTED: case.CaseSupplemented,
    NoticeKind.PARTY_FEWER_WAIT: case.CaseParted,
    NoticeKind.PARTY_JOINED: case.CaseJoined,
    NoticeKind.PARTY_SPLIT: case.CaseSplit,
    NoticeKind.REPORTER_MEDIATED: case.CaseMediated,
    NoticeKind.PARTY_MEDIATED: case.CaseMediated,
    NoticeKind.PARTY_PROMISE_HEARD: case.CasePromiseHeard,
    NoticeKind.NODE_TRIAGED: case.CaseTriaged,
    NoticeKind.NODE_NOT_SATISFIED: case.CaseRated,
}
LINK = f"https://linli.example/v1/track/{CODE}"
DIRECTORY = Directory.of(community())
OF_CASES = [kind for kind in NoticeKind if kind not in OF_NO_CASE]


def made(kind: NoticeKind, **fields) -> Delivery:
    recipient = "resident:r-1" if kind.startswith("reporter") else "party:estate"
    return delivery(said(EVENTS[kind], **fields), Notice(kind, recipient, Channel.EMAIL), NOON)


def written(kind: NoticeKind, language: Language = Language.ZH, name: str | None = "王芳", **fields) -> Letter:
    to = Addressee(name, language, CODE, LINK) if kind.startswith("reporter") else Addressee(None, language)
    return letter(made(kind, **fields), to, DIRECTORY)


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("kind", OF_CASES)
def test_every_notice_has_its_words_in_every_language(kind, language):
    found = written(kind, language)
    assert "楼道灯坏了" in found.subject
    assert "\n" not in found.subject
    for body in (found.text, found.html):
        assert "None" not in body
        assert "{" not in body
        assert "楼道灯坏了" in body
    assert "\n\n\n" not in found.text
    assert f'lang="{language}"' in found.html


@pytest.mark.parametrize("kind", OF_CASES)
def test_a_letter_speaks_one_language(kind):
    chinese = re.compile(r"[一-鿿]")
    title, names = "Lamp", Directory.of(community())
    to = Addressee("Ann", Language.EN, CODE, LINK)
    fields = {"title": title, "message": "fine", "neighbourhood": None, "category": None}
    facts = made(kind, **fields).facts | {"text": "dark", "place": "house 3", "reason": "not ours"}
    facts |= {"was_title": "Light", "was_place": "house 2"}
    plain = replace(made(kind, **fields), facts=facts)
    nameless = replace(names, names={})
    found = letter(plain, to, nameless)
    assert not chinese.search(found.subject + found.text + found.html)


@pytest.mark.parametrize("language", list(Language))
def test_a_resident_gets_the_code_and_the_link(language):
    for kind in (kind for kind in NoticeKind if kind.startswith("reporter")):
        found = written(kind, language)
        assert CODE in found.text
        assert LINK in found.text
        assert f'href="{LINK}"' in found.html


def test_a_resident_without_a_name_is_greeted_all_the_same():
    assert "居民朋友，您好" in written(NoticeKind.REPORTER_RESOLVED, name=None).text
    assert "Dear neighbour" in written(NoticeKind.REPORTER_RESOLVED, Language.EN, name=None).text


def test_a_party_learns_what_where_and_until_when_in_local_time():
    text = written(NoticeKind.PARTY_DISPATCHED).text
    for part in ("物业公司", "东院", "3号楼前", "电梯", "三天没修了", "case-1"):
        assert part in text
    assert "2026年11月23日 14:00 前签收" in text  # 06:00 UTC in Shanghai


@pytest.mark.parametrize("language", list(Language))
def test_a_party_learns_which_case_joined_its_own_and_which_left(language):
    joined = written(NoticeKind.PARTY_JOINED, language, joined="case-7", also=["case-8"])
    parted = letter(
        delivery(
            said(case.CaseParted, "case-1", 4, parted="case-7"),
            Notice(NoticeKind.PARTY_FEWER_WAIT, "party:estate", Channel.EMAIL),
            NOON,
        ),
        Addressee(None, language),
        DIRECTORY,
    )
    for each in ("text", "html"):
        assert "case-7" in getattr(joined, each) and "case-8" in getattr(joined, each)
        assert "case-7" in getattr(parted, each)


@pytest.mark.parametrize(("language", "words"), [(Language.ZH, "反映时间"), (Language.EN, "Said at")])
@pytest.mark.parametrize("kind", [NoticeKind.PARTY_DISPATCHED, NoticeKind.NODE_TRIAGED])
def test_a_letter_says_when_the_call_was_made_where_the_event_does(kind, language, words):
    told = written(kind, language, submitted_at=NOON, external_id="GD-2026-17", text="两家又吵起来了")
    older = written(kind, language)
    for each in ("text", "html"):
        assert words in getattr(told, each)
        assert "GD-2026-17" in getattr(told, each)
        assert "两家又吵起来了" in getattr(told, each)
        assert words not in getattr(older, each)


@pytest.mark.parametrize(
    ("language", "may_return", "may_not"),
    [
        (Language.ZH, "说明理由后退单", "不能再次退单"),
        (Language.EN, "return it and say why", "cannot be returned again"),
    ],
)
def test_a_party_that_cannot_return_a_case_again_is_told_so_and_why(language, may_return, may_not):
    first = written(NoticeKind.PARTY_DISPATCHED, language)
    again = written(NoticeKind.PARTY_DISPATCHED, language, binding=True, message="路灯在小区红线内")
    unexplained = written(NoticeKind.PARTY_DISPATCHED, language, binding=True)
    for each in ("text", "html"):
        assert may_return in getattr(first, each)
        words = " ".join(getattr(again, each).split())
        assert may_return not in words
        assert may_not in words
        assert "路灯在小区红线内" in words
        assert "None" not in getattr(unexplained, each)
    assert first.subject != again.subject


def test_a_node_learns_who_returned_it_and_why_and_until_when_to_decide():
    found = written(NoticeKind.NODE_RETURNED, accept_by=NOON)
    assert "物业公司退回了" in found.text
    assert "不归我们管" in found.text
    assert "请于 2026年11月23日 12:00 前决定" in found.text and "前决定" in found.html
    assert "前决定" not in written(NoticeKind.NODE_RETURNED).text


def test_a_party_whose_case_goes_on_elsewhere_learns_where_and_why():
    text = written(NoticeKind.PARTY_MERGED, party="water-co", previous_party="estate", message="同一根水管").text
    assert text.startswith("物业公司：")
    assert "由水务公司负责，贵方不必再办" in text
    assert "同一根水管" in text


def test_a_party_whose_case_was_given_to_another_learns_to_whom():
    text = written(NoticeKind.PARTY_REASSIGNED, party="water-co", previous="estate", message="管道归水务").text
    assert text.startswith("物业公司：")
    assert "已改由水务公司办理，贵方不必再办" in text
    assert "管道归水务" in text


@pytest.mark.parametrize("kind", [NoticeKind.REPORTER_REOPENED, NoticeKind.REPORTER_NOT_REOPENED])
def test_a_reporter_learns_why_a_case_is_taken_up_again_or_not(kind):
    said_why, unsaid = written(kind, message="灯罩是好的，换的是灯泡"), written(kind, message=None)
    assert "灯罩是好的" in said_why.text and "灯罩是好的" in said_why.html
    assert "说明" not in unsaid.text + unsaid.html


def test_a_reporter_learns_among_whom_a_case_was_divided_and_who_is_responsible_for_the_whole():
    text = written(NoticeKind.REPORTER_SPLIT).text
    assert "第一网格、水务公司" in text
    assert "物业公司负责统筹" in text
    assert "清理" not in text, "what the parties are told is among them"


def test_html_is_escaped_and_text_is_left_as_it_is():
    found = written(NoticeKind.REPORTER_PROGRESSED, message="<script>alert('x')</script> & 谢谢", title="<b>灯</b>")
    assert "<script>" not in found.html
    assert "&lt;script&gt;" in found.html
    assert "<b>灯" not in found.html
    assert "<script>alert('x')</script> & 谢谢" in found.text


def test_a_name_cannot_carry_a_template():
    assert "{{ 7 * 7 }}" in written(NoticeKind.REPORTER_PROGRESSED, message="{{ 7 * 7 }}").text


@pytest.mark.parametrize("language", Language)
def test_a_reporter_reads_the_own_title_and_who_is_responsible_the_one_that_staff_gave_it(language):
    titles = {"title": "春晓苑供水二期", "reported_title": "水管又坏了"}
    to_reporter = written(NoticeKind.REPORTER_RESOLVED, language, **titles)
    assert "水管又坏了" in to_reporter.subject and "水管又坏了" in to_reporter.html
    assert "二期" not in to_reporter.subject + to_reporter.text + to_reporter.html
    assert "春晓苑供水二期" in written(NoticeKind.PARTY_DISPATCHED, language, **titles).subject


def test_a_subject_is_one_short_line():
    found = written(NoticeKind.REPORTER_RESOLVED, title="灯\r\nBcc: all@linli.example\u2028" + "长" * 300)
    assert len(found.subject) == 120
    assert not re.search(r"[\r\n\u2028]", found.subject)


async def handed_in(subject: str, to: str):
    mailer = Mailer(SmtpServer("127.0.0.1", 9, "邻里 <notify@linli.example>"))
    written = mailer._message("d-1", to, Letter(Language.ZH, subject, "文\n字", "<p>文</p>"))
    return message_from_bytes(written, policy=SMTP)


async def test_a_letter_says_that_a_machine_wrote_it_and_in_which_language():
    message = await handed_in("您好", "wang@linli.example")
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Content-Language"] == "zh-CN"
    assert message.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]
    assert [part.get_content() for part in message.iter_parts()] == ["文\r\n字\r\n", "<p>文</p>\r\n"]
    assert message["Subject"] == "您好"
    assert message.defects == []


@pytest.mark.parametrize(
    "to",
    [
        "a@b.example\r\nBcc: all@linli.example",
        "a@b.example\nSubject: x",
        "a@b.example, all@linli.example",
        "a@b.example>\r\nDATA",
        "nobody",
        "",
        "@",
        "<a@b.example>",
    ],
)
async def test_what_is_no_address_is_refused_and_adds_no_header(to):
    mailer = Mailer(SmtpServer("127.0.0.1", 9, "邻里 <notify@linli.example>"))
    outcome = await mailer.send("d-1", to, Letter(Language.ZH, "您好", "文", "<p>文</p>"))
    assert outcome == Refused("bad_address")


async def test_a_subject_cannot_add_a_header():
    with pytest.raises(ValueError, match="linefeed"):
        await handed_in("您好\r\nBcc: all@linli.example", "wang@linli.example")


@pytest.mark.parametrize("value", ["a\r\nBcc: b", "a\nb", "a\rb", "a\r\n", "a\r\n \r\nBcc: b", "\r\n\r\nbody"])
def test_no_header_whatever_it_holds_begins_another_one(value):
    with pytest.raises(ValueError, match="X-Any holds a linefeed"):
        Skeleton({}).letter({"X-Any": value}, "文", "<p>文</p>")


def test_a_letter_stays_what_it_was_on_its_way():
    said = "一\r\n--二\r三\n.\n" + "长" * 2_000 + "\u2028\0 end"
    written = Skeleton({}).letter({"Subject": "a\r\n b"}, said, said)
    assert written.isascii()
    assert max(map(len, written.split(b"\r\n"))) <= 100
    assert not re.search(rb"(?<!\r)\n|\r(?!\n)", written)
    message = message_from_bytes(written, policy=SMTP)
    assert message["Subject"] == "a b"
    assert message.defects == []
    once_more = [part.get_content() for part in message.iter_parts()]
    assert once_more == ["一\r\n--二\r\n三\r\n.\r\n" + "长" * 2_000 + "\u2028\0 end\r\n"] * 2


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize(
    "kind", [kind for kind in EVENTS if not kind.startswith("reporter") and kind in HEADINGS[Language.ZH]]
)
def test_a_letter_for_many_has_a_heading_of_its_kind_and_lists_them(kind, language):
    many = [made(kind, title=f"楼道灯{number}") for number in range(60)]
    found = digest(many, Addressee(None, language), DIRECTORY)
    alone = written(kind, language)
    heading = HEADINGS[language][kind]
    assert "60" in found.subject and heading in found.subject
    assert heading in alone.subject
    for each in ("text", "html"):
        assert "楼道灯49" in getattr(found, each)
        assert "楼道灯50" not in getattr(found, each)
        assert "10" in getattr(found, each) and "None" not in getattr(found, each)


def test_every_kind_of_a_partys_letter_can_come_in_one():
    kinds = {kind for kind in OF_CASES if not kind.startswith("reporter")}
    for language in Language:
        assert kinds - HEADINGS[language].keys() == IN_ONE_LETTER
