"""Errors for callers: a slug, a status, a sentence. They become problem+json in `linli.web.app`."""

from collections.abc import Mapping
from typing import Any, Literal, TypeAlias

from linli.web.localized import Localized


class Problem(Exception):
    """RFC 9457 problem details, before they are written. `extra` stands beside the standard members.

    `retry_after` (seconds) becomes the header of that name.
    """

    def __init__(
        self,
        slug: str,
        status: int,
        detail: str,
        *,
        retry_after: int | None = None,
        headers: dict[str, str] | None = None,
        **extra: Any,
    ) -> None:
        super().__init__(f"{slug}: {detail}")
        self.slug, self.status, self.detail, self.extra = slug, status, detail, extra
        self.page: str | None = None
        """HTML for a person who came by a link, in place of the document."""
        self.headers = dict(headers or {}) | ({"Retry-After": str(retry_after)} if retry_after else {})

    def document(self) -> dict[str, Any]:
        """The members of the problem document."""
        return {
            "type": f"urn:linli:problem:{self.slug}",
            "title": self.slug.replace("_", " ").capitalize(),
            "status": self.status,
            "detail": self.detail,
            **self.extra,
        }


What: TypeAlias = Literal[
    "affair",
    "case",
    "community",
    "delivery",
    "endpoint",
    "event",
    "key",
    "mediation",
    "mediator",
    "neighbourhood",
    "open data",
    "order",
    "outage",
    "parked record",
    "partner",
    "party",
    "ballot",
    "member",
    "statement",
    "photo",
    "register",
    "representative",
    "resident",
    "submission",
    "version",
]
_CHINESE: Mapping[What, str] = {
    "affair": "没有这件公共事务。",
    "case": "没有这件事项。",
    "community": "没有这个街道。",
    "delivery": "没有这条通知。",
    "endpoint": "没有设置端点。",
    "event": "没有这个事件。",
    "key": "没有这个密钥。",
    "mediation": "这件事项没有进入调解。",
    "mediator": "没有这位调解员。",
    "neighbourhood": "没有这个小区。",
    "open data": "没有开放这些数据。",
    "order": "没有这个工单。",
    "outage": "没有这次停供。",
    "parked record": "没有这条搁置的记录。",
    "partner": "没有这个合作单位。",
    "party": "没有这个单位。",
    "ballot": "没有这张表决票。",
    "member": "没有这位成员的姓名。",
    "statement": "没有这些发言。",
    "photo": "没有这张照片。",
    "register": "没有这份业主名册。",
    "representative": "没有这位居民代表。",
    "resident": "没有找到这位居民。",
    "submission": "没有这件反映。",
    "version": "街道资料没有这个版本。",
}


def not_found(what: What) -> Problem:
    """What was asked for is not there, or not for the asker to see."""
    return Problem("not_found", 404, Localized("There is no such {what}.", _CHINESE[what], what=what))


class Refused(Problem):
    """A problem that is a no to somebody who said who they are: it lands in the audit log, with the reason."""

    def __init__(self, problem: Problem, reason: str, *objects: str) -> None:
        super().__init__(problem.slug, problem.status, problem.detail, headers=problem.headers, **problem.extra)
        self.reason, self.objects = reason, objects


class Guessed(Refused):
    """A refusal of somebody who may be trying keys or tracking codes: it counts towards their limit of wrong ones."""


def unknown_code(detail: str) -> Guessed:
    """Nothing is known under a tracking code."""
    return Guessed(Problem("unknown_tracking_code", 404, detail), "unknown code")
