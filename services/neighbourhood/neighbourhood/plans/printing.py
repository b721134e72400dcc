"""A version of a plan on paper, as it hangs."""

import asyncio
from datetime import date
from typing import Any

from fastapi import Response

from neighbourhood.papers.document import as_sheet
from neighbourhood.papers.plan_papers import PostedPlan, plan_version
from neighbourhood.papers.press import Press
from neighbourhood.papers.text import Both
from neighbourhood.papers.word import MEDIA_TYPE, docx_of
from neighbourhood.plans.domain.plan import Plan, PlanVersion
from neighbourhood.plans.office import Plans, notice_of
from neighbourhood.profiles.days import Place as Days
from neighbourhood.publicity.office import counted

FILES: dict[int | str, dict[str, Any]] = {
    200: {"content": {"application/pdf": {}, MEDIA_TYPE: {}}, "description": "A PDF or a DOCX, or its JSON"}
}


async def paper_of(
    plans: Plans, plan: Plan, version: PlanVersion, press: Press, owner: str, *, word: bool = False
) -> Response:
    """Raises `Problem` 422, 503."""
    document = plan_version(await _posted(plans, plan, version))
    headers = {"Cache-Control": "no-store"}
    if word:
        return Response(await asyncio.to_thread(docx_of, document), media_type=MEDIA_TYPE, headers=headers)
    return Response(await press.pdf(as_sheet(document), owner), media_type="application/pdf", headers=headers)


async def _posted(plans: Plans, plan: Plan, version: PlanVersion) -> PostedPlan:
    directory = plans.communities.place(plan.community, plan.neighbourhood)
    place = directory.neighbourhoods[plan.neighbourhood]
    office = directory.parties[directory.community.triage]
    named = {share.party for item in version.text.items for share in item.shares if share.party}
    return PostedPlan(
        text=version.text,
        digest=version.digest,
        neighbourhood=Both(place.name, place.name_en or ""),
        demands={},
        parties={each: directory.parties[each].name for each in named if each in directory.parties},
        days=await days_of(plans, plan, version),
        objections_to=Both(office.name, office.name_en or ""),
        made_at=plans.now(),
    )


async def days_of(plans: Plans, plan: Plan, version: PlanVersion) -> tuple[date, date] | None:
    """The first and the last day that count, of the version that hangs in all of its buildings."""
    notice = await plans.notices.stories.one(notice_of(plan))
    if notice is None or notice.digest != version.digest:
        return None
    directory = plans.communities.place(plan.community, plan.neighbourhood)
    days = counted(notice, Days(directory.zone, directory.is_working_day))
    return (days.first_day, days.last_day) if days else None
