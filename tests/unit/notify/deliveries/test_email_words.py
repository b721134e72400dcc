"""A letter's headers hold what was meant, whatever somebody wrote."""

import pytest

from linli.contracts.kinds import Language
from notify.deliveries.channels.email import Mailer, SmtpServer
from notify.deliveries.rendering import Letter

ENCODED = [
    "x =?utf-8?q?=0D=0ABcc:_victim@x.cn=0D=0A=0D=0AForged?= y",
    "=?utf-7?q?+AA0ACg-X-Injected:_1?=",
    "=?utf-8?b?DQpYLUluamVjdGVkOiAx?=",
    "停水=?unicode_escape?q?=5Cr=5CnX-Injected:_1?=",
]


@pytest.mark.parametrize("title", ENCODED)
def test_an_encoded_word_in_a_title_adds_no_header(title: str) -> None:
    mailer = Mailer(SmtpServer("127.0.0.1", 25, "邻里 <notify@linli.example>"))
    letter = Letter(subject=title, text="您好", html="<p>您好</p>", language=Language.ZH)
    written = mailer._message("d-1", "w@linli.example", letter)
    head = written.split(b"\r\n\r\n", 1)[0].replace(b"\r\n ", b" ")
    names = [line.split(b":")[0].lower() for line in head.split(b"\r\n")]
    assert sorted(names) == sorted(set(names))
    assert not {b"bcc", b"x-injected"} & set(names)
    assert b"Forged" not in written.split(b"\r\n\r\n", 1)[1]
