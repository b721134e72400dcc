"""Photos of a submission: accepted, re-encoded without camera data, and shown."""

from intake.photos import api
from intake.photos.allowance import Allowance
from intake.photos.store import PhotoStore
from intake.settings import IntakeSettings
from linli.application.context import Module
from linli.application.kit import Kit
from linli.photos.forms import FormRoom
from linli.photos.limits import MB
from linli.storage.disk import Disk


def module(kit: Kit[IntakeSettings]) -> Module:
    """So many in a day, as long as the disk has room."""
    settings = kit.settings
    return Module(
        routes=[api.router, api.internal],
        provides=[
            PhotoStore(kit.database),
            Allowance(kit.database, settings.photos_per_address, settings.photos_per_day, kit.clock.now),
            FormRoom(Disk(kit.database, settings.disk_floor * MB)),
        ],
    )
