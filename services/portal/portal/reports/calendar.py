"""What day it is, on the database server's clock."""

from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from linli.storage.clock import Now


@dataclass(frozen=True, slots=True)
class Calendar:
    now: Now

    def today(self, zone: ZoneInfo) -> date:
        return self.now().astimezone(zone).date()
