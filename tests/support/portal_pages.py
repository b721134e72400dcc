"""Every page of the portal, for whom it is, and what its address is filled in with. A page that is made is added here.

Each is looked at in both languages and both colours, small and enlarged, by keyboard, without scripts and without
colours (`tests/browser/test_every_page.py`); its headers by `tests/e2e/pages`.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from tests.support.quarter import Role


@dataclass(frozen=True, slots=True)
class Page:
    """One page, as one person sees it."""

    route: str
    """As the application has it: `/track/{code}`; none, of what is shown where there is no page."""
    role: Role = "resident"
    at: str | None = None
    """The address with fields of `Quarter.places`, where it is not the route's own."""
    status: int = 200
    embeddable: bool = False

    @property
    def name(self) -> str:
        """Of tests and pictures."""
        return f"{self.role}-{(self.at or self.route).strip('/').replace('/', '-') or 'first'}"

    def address(self, places: Mapping[str, str]) -> str:
        return (self.at or self.route).format(**places)


DONE_BY_FORM = ("resolve", "return", "merge", "split", "correct", "follow_up")
"""Actions of the desk whose forms differ from one another."""
NEW = "/desk/renewal/{community}/{neighbourhood}/new"
STEPS = (
    "taskforces/{taskforce}/fill_seat",
    "meetings/{meeting}/record_attendance",
    "plans/{plan}/write_item",
    "deliberations/{talks}/grant_mandate",
    "publicity/{notice}/post",
)
"""Steps of affairs whose forms differ from one another."""
OF_A_VOTE, OF_ITS_BOX = ("open", "lodge_proxy", "settle_challenge"), ("paper", "spoil")
"""Forms of a vote that differ from one another."""

PAGES: tuple[Page, ...] = (
    # the kit
    Page("/"),
    Page("/", "operator"),
    Page("/components"),
    Page("/sign-in"),
    Page("/sessions", "operator"),
    Page("/{rest:path}", at="/no-such-page", status=404),
    # residents
    Page("/report"),
    Page("/track"),
    Page("/track/{code}"),
    Page("/track/{code}", at="/track/{done_code}"),
    Page("/track/{code}", at="/track/2222-2222-2222", status=404),
    Page("/track/{code}/receipt", at="/track/{code}/receipt?id={case}"),
    Page("/track/{code}/withdraw"),
    Page("/track/{code}/follow-up", at="/track/{done_code}/follow-up"),
    Page("/track/{code}/mediation", at="/track/{quarrel_code}/mediation"),
    Page("/n"),
    Page("/n/{community}/{neighbourhood}"),
    Page("/n/{community}/{neighbourhood}", at="/n/{community}/{neighbourhood}?embed=1", embeddable=True),
    Page("/open-data"),
    Page("/letter"),
    Page("/ballot"),
    Page("/ballot/{code}", at="/ballot/{ballot}"),
    Page("/ballot/{code}", at="/ballot/2222-2222-2222-2222", status=404),
    Page("/objections"),
    Page("/objections/{code}", at="/objections/2222-2222-2222-2222", status=404),
    Page("/signing"),
    Page("/signing/{code}", at="/signing/2222-2222-2222-2222", status=404),
    Page("/talks"),
    Page("/talks/{code}", at="/talks/{talks_code}"),
    Page("/talks/{code}", at="/talks/2222-2222-2222-2222", status=404),
    Page("/board/{community}/{neighbourhood}"),
    Page("/bulletins/{community}/{neighbourhood}"),
    Page("/bulletins/{code}", at="/bulletins/2222-2222-2222", status=404),
    Page("/vote/{id}", at="/vote/{vote}"),
    Page("/answer"),
    Page("/answer/{code}", at="/answer/2222-2222-2222-2222", status=404),
    # the desk
    Page("/desk", "operator"),
    Page("/desk", "operator", at="/desk?view=all&sort=newest"),
    Page("/desk", "estate"),
    Page("/desk/cases/{id}", "operator", at="/desk/cases/{case}"),
    Page("/desk/cases/{id}", "operator", at="/desk/cases/{done}"),
    Page("/desk/cases/{id}", "estate", at="/desk/cases/{case}"),
    Page("/desk/cases/{id}/mediation", "operator", at="/desk/cases/{quarrel}/mediation"),
    *(Page("/desk/cases/{id}/do/{name}", "operator", at=f"/desk/cases/{{case}}/do/{name}") for name in DONE_BY_FORM),
    Page("/desk/bulk", "operator", at="/desk/bulk?action=accept&id={case}"),
    # common affairs
    Page("/desk/renewal", "operator"),
    Page("/desk/renewal/{community}/{neighbourhood}", "operator"),
    Page("/desk/renewal/{community}/{neighbourhood}/register", "operator"),
    Page("/desk/renewal/{community}/{neighbourhood}/vote", "operator"),
    Page("/desk/votes/{id}", "operator", at="/desk/votes/{vote}"),
    Page("/desk/votes/{id}/prepare", "operator", at="/desk/votes/{draft}/prepare"),
    Page("/desk/votes/{id}/proxies", "operator", at="/desk/votes/{vote}/proxies"),
    *(Page("/desk/votes/{id}/do/{verb}", "operator", at=f"/desk/votes/{{vote}}/do/{verb}") for verb in OF_A_VOTE),
    *(Page("/desk/votes/{id}/box/{what}", "operator", at=f"/desk/votes/{{vote}}/box/{what}") for what in OF_ITS_BOX),
    Page("/desk/actions", "operator"),
    Page("/desk/actions", "estate"),
    Page("/desk/taskforces/{id}", "operator", at="/desk/taskforces/{taskforce}"),
    Page("/desk/deliberations/{id}", "operator", at="/desk/deliberations/{talks}"),
    Page("/desk/plans/{id}", "operator", at="/desk/plans/{plan}"),
    Page("/desk/notices/{id}", "operator", at="/desk/notices/{notice}"),
    Page("/desk/meetings/{id}", "operator", at="/desk/meetings/{meeting}"),
    Page("/desk/covenants/{id}", "operator", at="/desk/covenants/{covenant}"),
    Page("/desk/clearings/{id}", "operator", at="/desk/clearings/{structure}"),
    *(
        Page("/desk/renewal/{community}/{neighbourhood}/new/{kind}", "operator", at=f"{NEW}/{kind}")
        for kind in ("rounds", "clearings")
    ),
    *(Page("/desk/affairs/{kind}/{id}/{step}", "operator", at=f"/desk/affairs/{of}") for of in STEPS),
    Page("/desk/affairs/{kind}/{id}/codes", "operator", at="/desk/affairs/plans/{plan}/codes"),
    Page("/lineage/{demand}", "operator"),
    # figures and the office
    Page("/reports", "operator"),
    Page("/office", "operator"),
    Page("/office/keys", "operator"),
    Page("/office/keys/new", "operator"),
    Page("/office/keys/{id}/revoke", "operator", at="/office/keys/{key}/revoke"),
    Page("/office/parked", "operator"),
    Page("/office/parked/{service}/replay", "operator", at="/office/parked/workflow/replay?reason={reason}"),
    Page("/office/parked/{service}/{id}/discard", "operator", at="/office/parked/workflow/{parked}/discard"),
    Page("/office/deliveries", "operator"),
    Page("/office/deliveries/{id}", "operator", at="/office/deliveries/{delivery}"),
    Page("/office/deliveries/retry", "operator", at="/office/deliveries/retry?state=failed"),
    Page("/office/audit", "auditor"),
    Page("/office/retention", "operator"),
    Page("/office/privacy", "operator"),
    Page("/office/communities", "operator"),
    Page("/office/communities/{id}", "operator", at="/office/communities/{community}"),
    Page("/office/communities/{id}/new", "operator", at="/office/communities/{community}/new"),
    Page("/office/communities/{id}/{what}", "operator", at="/office/communities/{community}/try"),
    Page("/office/communities/{id}/{what}", "operator", at="/office/communities/{community}/retire"),
    Page(
        "/office/communities/{id}/differences",
        "operator",
        at="/office/communities/{community}/differences?older=1&newer=1",
    ),
    Page("/office/outages", "operator"),
    Page("/office/outages/new", "operator"),
    Page("/office/outages/{community}/{party}/{outage}", "operator", at="/office/outages/{community}/water-co/w-1"),
    Page(
        "/office/outages/{community}/{party}/{outage}/{what}",
        "operator",
        at="/office/outages/{community}/water-co/w-1/restore",
    ),
    Page("/office/partners", "operator"),
    Page("/office/partners/{community}/{party}", "operator", at="/office/partners/{community}/water-co"),
    Page("/office/partners/{community}/{party}/{what}", "operator", at="/office/partners/{community}/water-co/pause"),
    # topology
    Page("/topology", "operator"),
    Page("/topology/{id:path}", "operator", at="/topology/{node}"),
    Page("/topology/way/{case}", "operator"),
    Page("/topology/accept", "operator", at="/topology/accept?finding={finding}"),
)

UNSEEN: Mapping[str, str] = {
    "/sign-in/link": "leads on",
    "/sign-in/oidc/callback": "leads on",
    "/n/{community}/{neighbourhood}/feed.atom": "a feed",
    "/n/{community}/{neighbourhood}/feed.json": "a feed",
    "/desk/bulk/{id}": "what became of a form: in a journey",
    "/desk/cases/{id}/evidence/{photo}": "a photo",
    "/desk/cases/{id}/now": "a part of a page",
    "/desk/cases/{id}/photos/{photo}": "a photo",
    "/desk/changed": "a part of a page",
    "/desk/counts": "a part of a page",
    "/desk/outlines.json": "for the map",
    "/desk/renewal/register-form.xlsx": "a file",
    "/desk/votes/{id}/papers/{paper}": "a file",
    "/desk/votes/{id}/papers/notice.docx": "a file",
    "/live": "a stream",
    "/office/communities/{id}/data.json": "a file",
    "/report/outlines/{community}": "for the map",
    "/track/{code}/evidence/{photo}": "a photo",
    "/track/{code}/photos/{id}/{photo}": "a photo",
    "/track/{code}/receipt.txt": "a file",
    "/track/{code}/steps": "a part of a page",
    "/answer/{code}/withdraw": "its own test: tests/e2e/portal/test_rounds.py",
    "/plans/{id}": "its own test: tests/e2e/pages/test_common_affairs.py",
    "/plans/{id}/plan.pdf": "a file",
    "/rounds/{id}": "its own test: tests/e2e/portal/test_rounds.py",
    "/desk/rounds/{id}": "the same",
    "/desk/rounds/{id}/households": "its own test: tests/e2e/portal/test_steps.py",
    "/desk/rounds/{id}/households/{household}/{what}": "the same",
    "/outcome/{id}": "the same",
    "/desk/plans/{id}/versions/{n}.pdf": "a file",
    "/desk/meetings/{id}/minutes.pdf": "a file",
    "/desk/meetings/{id}/invitation.ics": "a file",
    "/desk/clearings/{id}/photos/{sha256}": "a photo",
    "/desk/rounds/{id}/photos": "the same",
    "/desk/rounds/{id}/photos/{household}/{sha256}": "the same",
    "/reports/export.csv": "a file",
    "/reports/export.json": "a file",
    "/n/{community}/{neighbourhood}/works": "its own test: tests/e2e/portal/test_works.py",
    "/works/{id}": "the same",
    "/site/{code}": "the same",
    "/desk/works/{id}": "the same",
    "/topology/events": "a stream",
    "/topology/part": "a part of a page",
    "/topology/way": "leads on",
    "/vote/{id}/result.pdf": "a file",
}
"""Routes of pages that are none, and why."""

SHOWING_TITLES: tuple[Page, ...] = (
    Page("/track/{code}"),
    Page("/track/{code}/withdraw"),
    Page("/track/{code}/follow-up"),
    Page("/desk", "operator", at="/desk?view=all&sort=newest"),
    Page("/desk", "estate", at="/desk?view=all&sort=newest"),
    Page("/desk/cases/{id}", "operator", at="/desk/cases/{case}"),
    Page("/desk/cases/{id}", "estate", at="/desk/cases/{case}"),
    Page("/desk/cases/{id}/do/{name}", "operator", at="/desk/cases/{case}/do/correct"),
    Page("/desk/cases/{id}/do/{name}", "operator", at="/desk/cases/{case}/do/merge"),
    Page("/desk/cases/{id}/do/{name}", "operator", at="/desk/cases/{case}/do/split"),
    Page("/desk/bulk", "operator", at="/desk/bulk?action=accept&id={case}"),
)
"""Those that show the title of `case`; what comes of a form is in `tests/e2e/pages/test_hostile_forms.py`."""
