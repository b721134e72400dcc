"""Comments of households on a text, and codes for those who comment and sign by telephone."""

from typing import Annotated, Any

from fastapi import Request, Response
from pydantic import Field
from uuid_utils import uuid7

from linli.contracts.base import Record
from linli.contracts.neighbourhood import covenants as events
from linli.contracts.neighbourhood.affairs import Digest, Id, Wording
from linli.contracts.neighbourhood.permissions import ENTER_SHEETS, INVITE_HOUSEHOLDS, READ_HOUSEHOLDS
from linli.security.audited import about
from linli.security.auth import Who, needs
from linli.text.fields import Paragraphs
from linli.web.app import problems, router
from linli.web.given import given
from neighbourhood.affairs.household_codes import HouseholdCodes
from neighbourhood.affairs.household_letters import LetterOf, LettersDep
from neighbourhood.affairs.households import AS, DELIVERED, CodesFor, HouseholdId, HouseholdsCode, forgotten
from neighbourhood.affairs.verbs import ERRORS, AffairId, Handed, HandedDep
from neighbourhood.covenants.api.covenants import CovenantsDep
from neighbourhood.covenants.domain.commands import Comment
from neighbourhood.covenants.office import Covenants

routes = router(prefix="/v1/covenants", tags=["covenants"])
CodesDep = Annotated[HouseholdCodes, given(HouseholdCodes)]
ABOUT = Wording(
    zh="请阅读公约文本，凭下面的码提出意见；文本通过后，也凭此码签名。签名只对所读的文本有效，可以撤回。",
    en="Read the covenant and say with this code what you think of it; once it is adopted, sign it with the same code."
    " A signature is for exactly the text that was read, and can be taken back.",
)
NOTHING_YET = "0" * 64
"""In place of the hash of words that the office keeps."""


class Commented(Record):
    """What a household says of the text that it has read."""

    digest: Digest = Field(description="Of the text that it read", examples=["0" * 64])
    text: Annotated[str, Paragraphs(4_000, 1)] = Field(examples=["第八条的时间太短。"])


class CommentedOnPaper(Commented):
    """The same, from a household that wrote it down or said it at the office."""

    household: Id = Field(examples=["h-0af31c9b2d"])


class CommentIsThere(Record):
    """That a comment is there."""

    comment: Id
    version: int
    """Of the covenant."""


class CommentInWords(Record):
    """A comment and its answer."""

    comment: Id
    number: int
    digest: Digest
    """Of the text that it is about."""
    text: str
    """Empty, once it was forgotten."""
    taken: bool | None = None
    answer: str | None = None


class CommentOf(CommentInWords):
    """The same, with whose it is: an opaque id."""

    household: Id


@routes.post("/{id}/codes:deliver", dependencies=[needs(INVITE_HOUSEHOLDS)], response_model=list[HouseholdsCode],
             responses=DELIVERED | problems(403, 404, 422, 503))  # fmt: skip
async def deliver(
    id: AffairId, to: CodesFor, who: Who, covenants: CovenantsDep, letters: LettersDep, format: AS = None
) -> Any:
    """Make codes by which households comment and sign. They are told here once; a further one ends the one before."""
    covenant = await covenants.led(id, who)
    title = Wording(zh=covenant.versions[-1].title)
    return await letters.deliver(covenants, covenant, to, who, LetterOf(title, ABOUT, "/signing") if format else None)


@routes.post(
    "/{id}/comments",
    dependencies=[needs(ENTER_SHEETS)],
    response_model=CommentIsThere,
    status_code=201,
    responses=problems(*ERRORS),
)
async def on_paper(
    id: AffairId, commented: CommentedOnPaper, handed: HandedDep, covenants: CovenantsDep, codes: CodesDep
) -> Any:
    """Enter the comment of a household that has no code at hand."""
    covenant = await covenants.led(id, handed.who)
    await codes.check(covenants.place_of(covenant), [commented.household])
    return await take(covenants, id, commented, commented.household, handed.who.id, handed)


@routes.delete(
    "/{id}/households/{household}", dependencies=[needs(ENTER_SHEETS)], status_code=204, responses=problems(403, 404)
)
async def forget(id: AffairId, household: HouseholdId, who: Who, covenants: CovenantsDep) -> Response:
    """Take away for good what a household wrote here; that it wrote something stays."""
    return await forgotten(covenants, covenants.texts, id, household, who)


@routes.get("/{id}/comments", dependencies=[needs(READ_HOUSEHOLDS)], responses=problems(404))
async def in_words(id: AffairId, request: Request, who: Who, covenants: CovenantsDep) -> list[CommentOf]:
    """What households say of the texts, in their words, with the answers."""
    await covenants.led(id, who)
    about(request, [id], "comments")
    return await comments_of(covenants, id)


async def take(covenants: Covenants, id: str, said: Commented, household: str, by: str, handed: Handed) -> Any:
    """A comment, by whichever way it comes."""
    comment = str(uuid7())
    command = Comment(
        by=by, party=None, comment_id=comment, household=household, digest=said.digest, words_digest=NOTHING_YET
    )
    what = ["comment", id, household, said.digest, said.text]
    return await handed.once(
        covenants,
        what,
        lambda asked: covenants.comment(id, command, said.text, asked),
        lambda covenant: {"comment": comment, "version": covenant.version},
        201,
    )


async def comments_of(covenants: Covenants, id: str) -> list[CommentOf]:
    """All of a covenant's, in order."""
    texts, found = await covenants.texts.of(id), dict[str, CommentOf]()
    for event in await covenants.history.of(id):
        if isinstance(event, events.CovenantCommented):
            found[event.comment_id] = CommentOf(
                comment=event.comment_id,
                household=event.household,
                number=event.number,
                digest=event.digest,
                text=texts.get(event.words_digest, ""),
            )
        if isinstance(event, events.CommentAnswered):
            answered = {"taken": event.taken, "answer": event.answer}
            found[event.comment_id] = found[event.comment_id].model_copy(update=answered)
    return list(found.values())
