"""Which cases are a resident's: intake alone knows, and writes into the audit log who asked."""

import re

from linli.privacy.masking import masked
from linli_cli.connection.client import ApiError, Client
from linli_cli.terminal.errors import CliError
from linli_cli.terminal.language import say

NOT_FOUND = 404
MOST = 100


async def cases_of(client: Client, resident: str) -> list[str]:
    """The newest cases of who has this telephone number or e-mail address; none where nobody has."""
    if not reads_as_resident(resident):
        raise CliError(say("--resident wants a telephone number, an e-mail address or a resident id (r-…)."))
    try:
        found = await client.post("intake", "/v1/residents:find", {"resident": resident})
    except ApiError as error:
        if error.status != NOT_FOUND:
            raise
        return []
    return sorted((each["id"] for each in found["items"]), reverse=True)[:MOST]


def is_number(q: str | None) -> str | None:
    """What was looked for, where it is a telephone number or an e-mail address: these are among no case's words."""
    return q if q and masked(q.strip()) != q.strip() else None


def reads_as_resident(text: str) -> bool:
    """Whether it can be looked up at intake, rather than among the words of the cases."""
    text = text.strip()
    return "@" in text or text.startswith("r-") or re.fullmatch(r"\+?[\d\s()\-]{7,20}", text) is not None
