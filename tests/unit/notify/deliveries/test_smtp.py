"""What a mail server says is taken apart alike however it comes, and no line of a letter ends it before its end."""

import asyncio
from itertools import pairwise

from hypothesis import example, given
from hypothesis import strategies as st

from notify.deliveries.channels.smtp import Answers, with_dots_doubled

SAID = b"250-mail.example\r\n250-SIZE\r\n250 PIPELINING\r\n550-no such user\r\n550 w@b.example\r\n354 go on\r\n"


@given(st.sets(st.integers(1, len(SAID) - 1)))
async def test_answers_are_the_same_however_their_octets_come(cuts: set[int]):
    answers = Answers()
    waiting = asyncio.ensure_future(answers.next(3, 5))
    await asyncio.sleep(0)  # it has begun to wait
    for start, end in pairwise([0, *sorted(cuts), len(SAID)]):
        answers.data_received(SAID[start:end])
    assert await waiting == [250, 550, 354]
    assert not answers.ended


@given(st.lists(st.sampled_from([b"", b".", b"..", b".a", b"a.", b"a", b"\n.", b"\r"])).map(b"\r\n".join))
@example(b".")
def test_a_letter_with_dots_doubled_is_read_as_it_was(letter: bytes):
    sent = with_dots_doubled(letter + b"\r\n") + b".\r\n"
    lines = sent.split(b"\r\n")[:-1]
    assert lines.index(b".") == len(lines) - 1, "it would end before its end"
    assert b"\r\n".join(line.removeprefix(b".") for line in lines[:-1]) == letter
