"""Rounds: what households need and think."""

from linli.application.context import Module
from linli.application.kit import Kit
from linli.photos.files import PhotoFiles
from neighbourhood.affairs.household_doors import Households
from neighbourhood.affairs.texts import Texts
from neighbourhood.publicity.office import Notices
from neighbourhood.rounds.api import answers, households, rounds, sheets
from neighbourhood.rounds.api import photos as pictures
from neighbourhood.rounds.erasure import forget_households
from neighbourhood.rounds.needs import Needs
from neighbourhood.rounds.office import Rounds, post_summary
from neighbourhood.rounds.photos import HouseholdPhotos
from neighbourhood.rounds.responses import Responses
from neighbourhood.rounds.taking import Taking
from neighbourhood.settings import NeighbourhoodSettings


def module(kit: Kit[NeighbourhoodSettings]) -> Module:
    """What happens to a round stands in `domain/`; who asks for it in `api/`."""
    responses, doors = Responses(kit), kit.given(Households)
    held = Rounds(kit, responses)
    held.followed_by(post_summary(kit.given(Notices), responses))
    photos = HouseholdPhotos(kit.database, PhotoFiles(kit.database))
    taking = Taking(kit, held, responses, doors, photos)
    raising = Needs(kit, held, responses, taking, doors)
    return Module(
        routes=[
            *(rounds.routes, households.routes, sheets.routes),
            *(answers.routes, pictures.by_code, pictures.of_rounds),
        ],
        provides=[responses, held, taking, raising, photos],
        retains=[photos.kept()],
        erases=[forget_households(held, responses, taking, kit.given(Texts))],
        background={"needs": raising.run},
        close=[raising.close],
    )
