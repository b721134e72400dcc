"""What is wrong in a community's data, and what is hardly meant so, as the models of all services find it: in words."""

from linli_cli.terminal.language import chinese
from linli_cli.terminal.sayings import fitting, sayings
from linli_cli.terminal.sentences.checking import FOUND_IN_COMMUNITY

KNOWN = sayings(FOUND_IN_COMMUNITY)


def finding_in_words(message: str) -> str:
    """A finding in the language that is spoken; the models tell it in English."""
    found = fitting(message, KNOWN) if chinese() else None
    return found[0].format(*found[1]) if found else message
