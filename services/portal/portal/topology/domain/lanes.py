"""Where each service stands from left to right: events go this way.

Before a service stands the group that it reads in, after it are the topics that it writes; the way begins with the
channels by which submissions come in, and ends with those by which people are told.
"""

LANES = 11
_OF_SERVICES = {"portal": 1, "intake": 2, "workflow": 5, "neighbourhood": 5, "notify": 8}
LAST = 8


def lane_of_service(service: str) -> int:
    """From 0; a service that the map does not know stands with the last."""
    return _OF_SERVICES.get(service, LAST)
