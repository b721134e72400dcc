"""Who mediates, and whose dispute it is. Nobody mediates in a matter of their own."""

from linli.contracts.workflow import mediation as told
from linli.contracts.workflow.mediation import WhyLeft
from linli.refusal import Refusal, refused
from workflow.mediation.domain import commands
from workflow.mediation.domain.mediation import RUNNING, Mediation, S
from workflow.mediation.domain.refusing import NOBODY, NOT_NOW
from workflow.mediation.domain.telling import Decision, tell

MOST = 20
"""Mediators, or people concerned."""
NO_MEDIATOR = refused(
    "no_mediator_of_the_tree",
    "Only the subdistrict, the community, the grid or a volunteer mediates.",
    "调解员只能是街道、社区、网格或志愿者。",
    "/mediator",
)
"""Of a company: it is responsible, or may come to be."""


def decide_people(mediation: Mediation, command: commands.OfPeople) -> Decision:
    match command:
        case commands.Appoint():
            return _appointed(mediation, command)
        case commands.LetGo():
            if command.mediator not in mediation.mediators:
                return NOBODY
            if mediation.state not in RUNNING:
                return NOT_NOW
            return (tell(told.MediatorLeft, mediation, command.by, mediator=command.mediator, why=command.why),)
        case commands.NameConcerned():
            return _named(mediation, command)


def _appointed(mediation: Mediation, command: commands.Appoint) -> Decision:
    if mediation.state not in RUNNING:
        return NOT_NOW
    if command.mediator in mediation.mediators:
        return refused("known_already", "They mediate here already.", "这位调解员已经在调解。", "/mediator")
    if command.mediator in mediation.gone:
        why = "They have left this mediation, and do not come back to it."
        return refused("mediator_gone", why, "这位调解员已退出本次调解，不再参加。", "/mediator")
    if command.mediator in mediation.concerned or _own_matter(mediation, command.party):
        return conflict("mediator")
    if len(mediation.mediators) >= MOST:
        return too_many()
    return (tell(told.MediatorAppointed, mediation, command.by, mediator=command.mediator, party=command.party),)


def _named(mediation: Mediation, command: commands.NameConcerned) -> Decision:
    if mediation.state not in RUNNING:
        return NOT_NOW
    if command.concerned in mediation.participants:
        return refused("known_already", "They take part already.", "已经是参加人。", "/concerned")
    if command.party is not None and command.party in mediation.mediators.values():
        return conflict("party")
    if len(mediation.concerned) >= MOST:
        return too_many()
    if mediation.state is S.DRAFTED:  # who comes in now has no say in what others sign
        return refused(
            "being_signed",
            "An agreement is being signed; whoever else is concerned is named before it is drafted.",
            "协议正在签署；其他当事人要在起草之前列明。",
        )
    fields = {"concerned": command.concerned, "side": command.side, "party": command.party}
    return (tell(told.ConcernedNamed, mediation, command.by, **fields),)


def _own_matter(mediation: Mediation, party: str | None) -> bool:
    return party is not None and party in {each.party for each in mediation.concerned.values()}


def nobody_to_meet(mediation: Mediation) -> Refusal | None:
    """Why people cannot meet or agree; None if they can."""
    if not mediation.mediators:
        return refused("no_mediator", "Nobody mediates yet.", "还没有调解员。")
    if not mediation.two_sides:
        return refused("one_side", "There is nobody on the other side yet.", "还没有列明另一方当事人。")
    return None


def conflict(field: str) -> Refusal:
    return refused(
        str(WhyLeft.CONFLICT_OF_INTEREST),
        "Nobody mediates in a matter of their own; let another mediate.",
        "与纠纷有利害关系的应当回避，请另选调解员。",
        f"/{field}",
    )


def too_many() -> Refusal:
    return refused("too_many", "No more than {most} can take part.", "参加人不能超过 {most} 位。", most=MOST)
