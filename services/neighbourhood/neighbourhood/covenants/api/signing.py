"""What a household does with its code: reads the text, says something of it, signs it, takes its signature back."""

from typing import Annotated, Any

from fastapi import Path
from pydantic import Field

from linli.contracts.base import Record
from linli.contracts.neighbourhood.affairs import Digest
from linli.contracts.neighbourhood.covenants_kept import SignedOn
from linli.contracts.neighbourhood.permissions import ANSWER_BY_CODE
from linli.security.auth import needs
from linli.web.app import problems, router
from linli.web.problems import unknown_code
from neighbourhood.affairs.household_codes import NO_CODE, HouseholdCodes
from neighbourhood.affairs.verbs import HandedDep
from neighbourhood.covenants.api.comments import CodesDep, Commented, CommentInWords, CommentIsThere, comments_of, take
from neighbourhood.covenants.api.covenants import CovenantsDep
from neighbourhood.covenants.api.public import PublicCovenant, public_covenant
from neighbourhood.covenants.domain.commands import SignCovenant, WithdrawSignature
from neighbourhood.covenants.domain.covenant import Covenant
from neighbourhood.covenants.office import Covenants

by_code = router(prefix="/v1/signing", tags=["covenants"])
Code = Annotated[str, Path(max_length=40, pattern=r"^[0-9A-Za-z -]+$", examples=["K7PM-2XQ9-HT4C-WB6E"])]


class ThisText(Record):
    """Exactly which text."""

    digest: Digest = Field(examples=["0" * 64])


class Signed(Record):
    """Which texts the household has signed now."""

    signed: list[Digest]
    version: int
    """Of the covenant."""


class HouseholdsCovenant(Record):
    """What a household sees behind its code."""

    covenant: PublicCovenant
    signed: list[Digest]
    """Texts that it has signed; a later text takes another signature."""
    comments: list[CommentInWords]


@by_code.get("/{code}", dependencies=[needs(ANSWER_BY_CODE)], responses=problems(404, 409))
async def show(code: Code, covenants: CovenantsDep, codes: CodesDep) -> HouseholdsCovenant:
    """The covenant, what the household has said of it and was answered, and which text it has signed."""
    covenant, household = await _theirs(code, covenants, codes)
    said = [each for each in await comments_of(covenants, covenant.id) if each.household == household]
    return HouseholdsCovenant(
        covenant=await public_covenant(covenants, covenant),
        signed=_signed(covenant, household),
        comments=[CommentInWords(**each.model_dump(exclude={"household"})) for each in said],
    )


@by_code.post(
    "/{code}/comments",
    dependencies=[needs(ANSWER_BY_CODE)],
    response_model=CommentIsThere,
    status_code=201,
    responses=problems(400, 404, 409, 422),
)
async def comment(code: Code, commented: Commented, handed: HandedDep, covenants: CovenantsDep, codes: CodesDep) -> Any:
    """Say something of the text. The answer is to be read behind the same code."""
    covenant, household = await _theirs(code, covenants, codes)
    return await take(covenants, covenant.id, commented, household, household, handed)


@by_code.post("/{code}:sign", dependencies=[needs(ANSWER_BY_CODE)], response_model=Signed,
              responses=problems(400, 404, 409, 422))  # fmt: skip
async def sign(code: Code, this: ThisText, handed: HandedDep, covenants: CovenantsDep, codes: CodesDep) -> Any:
    """Sign exactly this text, once it is adopted."""
    covenant, household = await _theirs(code, covenants, codes)
    command = SignCovenant(by=household, party=None, household=household, digest=this.digest, on=SignedOn.PHONE)
    what = ["sign", covenant.id, household, this.digest]
    act, shown = covenants.take, _shown(household)
    return await handed.once(covenants, what, lambda asked: act(covenant.id, command, asked), shown)


@by_code.post("/{code}:withdraw", dependencies=[needs(ANSWER_BY_CODE)], response_model=Signed,
              responses=problems(400, 404, 409, 422))  # fmt: skip
async def withdraw(code: Code, this: ThisText, handed: HandedDep, covenants: CovenantsDep, codes: CodesDep) -> Any:
    """Take the household's signature back."""
    covenant, household = await _theirs(code, covenants, codes)
    command = WithdrawSignature(by=household, party=None, household=household, digest=this.digest)
    what = ["withdraw", covenant.id, household, this.digest]
    act, shown = covenants.take, _shown(household)
    return await handed.once(covenants, what, lambda asked: act(covenant.id, command, asked), shown)


async def _theirs(code: str, covenants: Covenants, codes: HouseholdCodes) -> tuple[Covenant, str]:
    whose = await codes.whose(code)
    covenant = await covenants.stories.one(whose.affair)
    if covenant is None:  # a code of another affair
        raise unknown_code(NO_CODE)
    return covenant, whose.household


def _signed(covenant: Covenant, household: str) -> list[str]:
    return sorted(digest for digest, who in covenant.signatures if who == household)


def _shown(household: str) -> Any:
    return lambda covenant: {"signed": _signed(covenant, household), "version": covenant.version}
