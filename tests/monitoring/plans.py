"""Which alerts are caused in which office. Together they are all that there are."""

from tests.monitoring import affairs, processes, reading, servers, telling
from tests.monitoring.causes import Plan, names

TOWN: Plan = (
    (processes.HOLIDAYS,),
    (processes.DOWN,),
    (processes.NAMESAKE,),
    (processes.SILENT,),
    (processes.NO_MEMBER,),
    (processes.LARGE,),
    (telling.UNREACHED,),
    (telling.READS_NOTHING, telling.SAYS_NOTHING),
    (telling.ENDPOINT_FAILING, telling.ENDPOINT_OFF),
    (reading.FORGED,),
    (reading.GAP,),
    (affairs.ASIDE,),
    (affairs.CLOCK_BEHIND,),
    (affairs.PAPERS,),
)
"""An office with companies and residents, where nobody who is needed is away."""

WORKSHOP: Plan = (
    (reading.NO_COMMUNITY, reading.SLOW_DISK),
    (reading.SLOW_TRANSACTIONS, reading.STUCK),
    (reading.LAG_UNKNOWN, reading.TOO_LONG, reading.CLIENT_DIES),
)
"""An office whose services are slowed, stopped and started."""

HALL: Plan = (
    (servers.BROKER_AWAY, servers.KAFKA_AWAY),
    (servers.MEMBER_AWAY,),
    (processes.RESTARTS,),
)
"""An office whose servers come and go."""

CAUSED = names(TOWN, WORKSHOP, HALL)
