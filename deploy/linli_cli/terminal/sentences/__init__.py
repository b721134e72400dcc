"""What commands say to people: English → Chinese, a table for each subject. Both have the same fields in braces.

A sentence that a command says and that is in no table fails a test (`tests/unit/linli_cli/terminal/test_sentences.py`).
"""

from collections.abc import Mapping

from linli_cli.terminal.sentences import (
    acting,
    agreeing,
    answering,
    building,
    declaring,
    examining,
    flowing,
    importing,
    installing,
    keeping,
    looking,
    mediating,
    opening,
    partnering,
    personal,
    posting,
    renewing,
    reporting,
    rounding,
    showing,
    steering,
    voting,
)

SENTENCES: Mapping[str, str] = {
    **answering.SENTENCES,
    **acting.SENTENCES,
    **looking.SENTENCES,
    **importing.SENTENCES,
    **reporting.SENTENCES,
    **examining.SENTENCES,
    **flowing.SENTENCES,
    **keeping.SENTENCES,
    **declaring.SENTENCES,
    **mediating.SENTENCES,
    **building.SENTENCES,
    **agreeing.SENTENCES,
    **steering.SENTENCES,
    **rounding.SENTENCES,
    **voting.SENTENCES,
    **posting.SENTENCES,
    **renewing.SENTENCES,
    **partnering.SENTENCES,
    **personal.SENTENCES,
    **installing.SENTENCES,
    **showing.SENTENCES,
    **opening.SENTENCES,
}
