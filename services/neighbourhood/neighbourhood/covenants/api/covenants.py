"""Covenants for staff: drafted, commented on, reviewed, adopted, filed, in force; signatures on paper, breaches."""

from typing import Annotated, Any

from fastapi import Response
from pydantic import Field
from uuid_utils import uuid7

from linli.contracts.base import Record, Slug
from linli.contracts.neighbourhood.affairs import Digest
from linli.contracts.neighbourhood.covenants import CovenantText, Track
from linli.contracts.neighbourhood.permissions import ENTER_SHEETS, HOLD_AFFAIRS, READ_AFFAIRS
from linli.contracts.neighbourhood.placed import Title, Words
from linli.security.auth import Who, needs
from linli.web.app import problems, router
from linli.web.given import given
from linli.web.localized import Localized
from linli.web.problems import Problem, not_found
from neighbourhood.affairs.office import Place
from neighbourhood.affairs.verbs import ERRORS, AffairId, HandedDep, OnBehalf, Verb, add_verbs, as_answer, wish_of
from neighbourhood.covenants.domain import commands
from neighbourhood.covenants.domain.covenant import Covenant
from neighbourhood.covenants.office import Covenants
from neighbourhood.covenants.seen import without_households
from neighbourhood.covenants.templates import TEMPLATES, Template

routes = router(prefix="/v1/covenants", tags=["covenants"])
templates = router(prefix="/v1/covenant-templates", tags=["covenants"])
CovenantsDep = Annotated[Covenants, given(Covenants)]
_DIGEST = "0" * 64


class NewCovenant(OnBehalf):
    """A covenant to be drafted: from a text, or from one of the templates."""

    community: Slug
    neighbourhood: Slug
    track: Track
    title: Title | None = None
    text: CovenantText | None = None
    template: Slug | None = None


class Reviewed(OnBehalf):
    """That a text may be voted on."""

    digest: Digest = Field(description="SHA-256 of the text that was read", examples=[_DIGEST])
    no_fines: Words | None = Field(None, description="Why a word in it that sounds like a fine is none")


class VersionText(Record):
    """A version's text, as it is kept."""

    number: int
    digest: Digest
    title: str
    text: str


@templates.get("", dependencies=[needs(READ_AFFAIRS)])
async def what_to_begin_from() -> list[Template]:
    """Drafts to begin from. They are no authority's model text."""
    return list(TEMPLATES.values())


@routes.post(
    "", dependencies=[needs(HOLD_AFFAIRS)], response_model=Covenant, status_code=201, responses=problems(*ERRORS)
)
async def start(
    new: Annotated[
        NewCovenant,
        Field(
            examples=[
                {
                    "community": "fushan-road",
                    "neighbourhood": "yard-3",
                    "track": "residents",
                    "template": "residents",
                }
            ]
        ),
    ],
    handed: HandedDep,
    covenants: CovenantsDep,
) -> Any:
    """Begin a covenant with its first draft."""
    id, place = str(uuid7()), Place(new.community, new.neighbourhood)
    wish = wish_of(commands.StartCovenant, new, also=(id, _first_draft(new)))
    what = ["covenant", new.model_dump(mode="json")]
    return await handed.once(covenants, what, lambda asked: covenants.begin(id, place, wish, asked), status=201)


@routes.get("", dependencies=[needs(READ_AFFAIRS)], response_model=list[Covenant], responses=problems(404))
async def listing(who: Who, covenants: CovenantsDep, community: Slug, neighbourhood: Slug) -> Any:
    """A neighbourhood's covenants, as `GET /v1/covenants/{id}` shows each."""
    found = await covenants.of_place(who, Place(community, neighbourhood))
    return [each if covenants.holds(each, who) else without_households(each) for each in found]


@routes.get("/{id}", dependencies=[needs(READ_AFFAIRS)], response_model=Covenant, responses=problems(404))
async def view(id: AffairId, who: Who, covenants: CovenantsDep) -> Response:
    """How a covenant stands: its versions, who has signed which. Who does not hold it reads a number in place of each
    household that has."""
    covenant = await covenants.seen(id, who)
    if not covenants.holds(covenant, who):
        covenant = without_households(covenant)
    return as_answer(covenants.stories.written.dump_json(covenant), covenant.version)


@routes.get("/{id}/texts/{digest}", dependencies=[needs(READ_AFFAIRS)], responses=problems(404))
async def text(id: AffairId, digest: Digest, who: Who, covenants: CovenantsDep) -> VersionText:
    """The text that a version has now."""
    version = (await covenants.seen(id, who)).by_digest(digest)
    if version is None:
        raise not_found("version")
    words = (await covenants.texts.of(id))[digest]
    return VersionText(number=version.number, digest=digest, title=version.title, text=words)


@routes.post("/{id}:review", dependencies=[needs(HOLD_AFFAIRS)], response_model=Covenant, responses=problems(*ERRORS))
async def review(id: AffairId, reviewed: Reviewed, handed: HandedDep, covenants: CovenantsDep) -> Any:
    """Say that exactly this text may be voted on. Whoever wrote it does not review it."""
    wish = wish_of(commands.ReviewCovenant, reviewed, also=reviewed.digest)
    what = ["review", id, reviewed.model_dump(mode="json")]
    return await handed.once(covenants, what, lambda asked: covenants.take(id, wish, asked))


def _first_draft(new: NewCovenant) -> dict[str, Any]:
    """Raises 422 where there is nothing to begin from."""
    template = TEMPLATES.get(new.template) if new.template else None
    if new.template and (template is None or template.track is not new.track):
        said = Localized("There is no such template for this kind of covenant.", "没有这类公约的这个模板。")
        raise Problem("invalid", 422, said, reason="template", errors=[{"field": "template", "message": said}])
    title, words = new.title or (template and template.title), new.text or (template and template.text)
    if not title or not words:
        said = Localized("Give a title and a text, or name a template.", "请给出标题和文本，或指明模板。")
        raise Problem("invalid", 422, said, reason="no_text", errors=[{"field": "text", "message": said}])
    return {"title": title, "text": words, "template": new.template}


_ASSEMBLY = {
    "assembly_id": "assembly-2026-1",
    "digest": _DIGEST,
    "held_on": "2026-03-20",
    "listed": ["h-1", "h-2", "h-3"],
    "present": ["h-1", "h-2"],
    "yes": 2,
    "no": 0,
    "minutes": _DIGEST,
}
_SIGNED = {"household": "h-1", "digest": _DIGEST, "scan": "1" * 64}
add_verbs(
    routes,
    Covenants,
    Covenant,
    [
        Verb("draft", commands.DraftCovenant, HOLD_AFFAIRS, {"title": "居民公约", "text": "第一条 爱护公共楼道。"}),
        Verb("open_comments", commands.OpenComments, HOLD_AFFAIRS, {"until": "2026-03-20"}),
        Verb(
            "answer_comment",
            commands.AnswerComment,
            HOLD_AFFAIRS,
            {"comment_id": "c-1", "taken": True, "answer": "已写入第五条。"},
        ),
        Verb("return", commands.ReturnCovenant, HOLD_AFFAIRS, {"digest": _DIGEST, "why": "第三条含义不清。"}),
        Verb("record_assembly", commands.RecordAssembly, HOLD_AFFAIRS, _ASSEMBLY),
        Verb("file", commands.FileCovenant, HOLD_AFFAIRS, {"filing": "街办备〔2026〕3号", "on": "2026-03-25"}),
        Verb("put_in_force", commands.PutInForce, HOLD_AFFAIRS, {"from_day": "2026-04-01"}),
        Verb("sign", commands.SignCovenant, ENTER_SHEETS, _SIGNED, without=frozenset({"on"})),
        Verb("withdraw_signature", commands.WithdrawSignature, ENTER_SHEETS, {"household": "h-1", "digest": _DIGEST}),
        Verb(
            "report_breach",
            commands.ReportBreach,
            HOLD_AFFAIRS,
            {"breach_id": "b-1", "article": 5, "case_id": "FS-2026-000101"},
        ),
        Verb("settle_breach", commands.SettleBreach, HOLD_AFFAIRS, {"breach_id": "b-1", "outcome": "reminded"}),
    ],
)
