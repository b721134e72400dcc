"""Votes: registers of owners, votes, the ballot box."""

from linli.application.context import Module
from linli.application.kit import Kit
from neighbourhood.affairs.register_key import KEY
from neighbourhood.affairs.texts import Texts
from neighbourhood.papers.registers.reading import RegisterReader
from neighbourhood.settings import NeighbourhoodSettings
from neighbourhood.votes.api import ballots, papers, public, registers, votes
from neighbourhood.votes.box import Box
from neighbourhood.votes.casting import Casting
from neighbourhood.votes.codes import Codes
from neighbourhood.votes.office import Votes
from neighbourhood.votes.people import People
from neighbourhood.votes.registers import Registers
from neighbourhood.votes.snapshots import Snapshots


def module(kit: Kit[NeighbourhoodSettings]) -> Module:
    """What happens to a vote stands in `domain/`; who asks for it in `api/`."""
    key = kit.settings.secret(KEY)
    people, snapshots, box, codes = People(kit.database, key), Snapshots(kit.database), Box(kit), Codes(kit.database)
    held = Votes(kit, snapshots, box, kit.given(Texts))
    return Module(
        routes=[registers.routes, public.routes, votes.routes, ballots.routes, ballots.by_code, papers.routes],
        provides=[
            *(people, codes, held, Registers(kit, people, snapshots), Casting(kit, held, box, codes, key)),
            RegisterReader(),
        ],
    )
