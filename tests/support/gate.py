"""What stands before the routes of an application that has no service around it."""

from linli import mongo
from linli.audit import Audit
from linli.auth import Gate, Keys
from linli.origin import Origins
from linli.rates import Rates
from linli.settings import Settings


def gate_without_limits() -> Gate:
    """Two keys, no limits, and a log whose database is never asked."""

    async def no_key(_: str) -> None: ...

    return Gate(Keys("a", "b", no_key), Rates(), Origins((), "a key"), Audit(mongo.connect(Settings())["none"]))
