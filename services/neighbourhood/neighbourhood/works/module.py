"""Works: packages of a plan's items, clearings, and the photos of both."""

from linli.application.context import Module
from linli.application.kit import Kit
from linli.photos.files import PhotoFiles
from neighbourhood.affairs.texts import Texts
from neighbourhood.affairs.timer import Timer
from neighbourhood.settings import NeighbourhoodSettings
from neighbourhood.works.api import by_code, clearings, packages, photos, public, representatives
from neighbourhood.works.office import Clearings, FindPlan, Works
from neighbourhood.works.photos import SitePhotos
from neighbourhood.works.representatives import Representatives


def module(kit: Kit[NeighbourhoodSettings], plan: FindPlan) -> Module:
    """What happens to a package stands in `domain/`; who asks for it in `api/`. `plan`: how the plans are asked."""
    kept = SitePhotos(kit.database, PhotoFiles(kit.database))
    people = Representatives(kit.database)
    works = Works(kit, kept, kit.given(Texts), people, plan)
    kit.given(Timer).watch(works)
    return Module(
        routes=[
            *(photos.of_clearings, photos.of_works, public.routes, representatives.routes),
            *(packages.routes, clearings.routes, by_code.routes),
        ],
        provides=[
            kept,
            works,
            Clearings(kit, kept),
        ],
        retains=[kept.kept()],
    )
