"""A resident's personal data: exported and erased on request, deleted when its retention time is over."""

from intake.bulletins.handlers import Bulletins
from intake.photos.store import PhotoStore
from intake.residents import api
from intake.residents.ended import EndedCases
from intake.residents.handlers import Residents
from intake.residents.retention import kept_by_intake
from intake.residents.retention_store import RetentionStore
from intake.residents.store import ResidentStore
from intake.settings import IntakeSettings
from linli.application.context import Module
from linli.application.kit import Kit


def module(kit: Kit[IntakeSettings]) -> Module:
    """Workflow is asked which cases have ended."""
    settings, photos = kit.settings, kit.given(PhotoStore)
    store = ResidentStore(kit.client, kit.database, kit.events, photos)
    residents = Residents(store, photos, kit.given(Bulletins), kit.transactions, kit.clock.now)
    ended = EndedCases(settings.workflow_url, settings.secret("service.key"))
    return Module(
        routes=[api.router],
        provides=[residents],
        retains=kept_by_intake(settings, RetentionStore(kit.client, kit.database, photos), residents, ended),
        close=[ended.close],
    )
