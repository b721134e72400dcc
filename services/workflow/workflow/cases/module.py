"""Cases: routed on arrival, handled by parties, watched by a timer, published as events."""

from linli.application.context import Module, Reaction
from linli.application.kit import Kit
from linli.contracts.intake.submission import OfSubmission
from linli.messaging.inbox import unprepared
from linli.photos.files import PhotoFiles
from linli.photos.forms import FormRoom
from linli.photos.limits import MB
from linli.storage.disk import Disk
from linli.web.waiting_room import WaitingRoom
from workflow.cases.api import actions, cases, evidence, follow_up, photos, policies, repeats, rules, stats, tracking
from workflow.cases.case_photos import CasePhotos
from workflow.cases.desk import Desk
from workflow.cases.erasure import forget_residents
from workflow.cases.handlers import count_routed, on_submissions
from workflow.cases.measures import Statistics
from workflow.cases.reporters_photos import ReportersPhotos
from workflow.cases.store import CaseStore
from workflow.cases.taken_apart import TakenApart
from workflow.cases.timer import Timer
from workflow.community.store import CommunityStore
from workflow.settings import WorkflowSettings

READS = (OfSubmission,)


def module(kit: Kit[WorkflowSettings]) -> Module:
    """What happens to a case stands in `domain/`; who asks for it in `api/`, `handlers.py` and `timer.py`."""
    settings = kit.settings
    store = CaseStore(kit.database, kit.events, kit.given(CommunityStore))
    files = PhotoFiles(kit.database)
    reporters_photos = ReportersPhotos(settings.intake_url, settings.secret("service.key"))
    return Module(
        routes=[
            *(cases.routes, repeats.routes, actions.routes, evidence.routes, photos.routes),
            *(tracking.routes, follow_up.routes, policies.routes, rules.routes, stats.routes, cases.internal),
        ],
        provides=[
            store,
            Desk(kit.transactions, store),
            CasePhotos(kit.transactions, store, files),
            FormRoom(Disk(kit.database, settings.disk_floor * MB)),
            reporters_photos,
            WaitingRoom(at_once=1, most=20, most_of_one=10),  # to compare; the timer lives in this process too
            TakenApart(),
            Statistics(kit.database),
        ],
        reactions=[Reaction(READS, unprepared(on_submissions(store)))],
        committed=[count_routed],
        erases=[forget_residents(store, files)],
        background={"timer": Timer(kit.client, kit.database, kit.transactions, store, kit.member).run},
        close=[reporters_photos.close],
    )
