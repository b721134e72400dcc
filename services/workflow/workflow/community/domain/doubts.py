"""Warnings about a community's data: what is allowed but hardly intended. It is still put in force."""

from collections.abc import Iterator
from datetime import timedelta

from linli.contracts.workflow.community import Community, Condition, Inconsistency, Section
from linli.text.visible import folded
from workflow.community.domain.outlines import outline_doubts

SHORT = timedelta(minutes=1)
"""Nobody deals with anything in less."""


def doubts(community: Community) -> Iterator[Inconsistency]:
    """Spans that nobody can keep, rules that never hold or are never reached, outlines that lie oddly."""
    yield from _spans(community)
    yield from _rules(community)
    yield from outline_doubts(community)


def _spans(community: Community) -> Iterator[Inconsistency]:
    for index, rule in enumerate(community.rules):
        for field in ("accept_within", "answer_within", "resolve_within"):
            if (span := getattr(rule, field)) and span < SHORT:
                yield _short("rules", index, field, span)
    for index, policy in enumerate(community.escalation):
        for level, span in policy.within.items():
            if span < SHORT:
                yield _short("escalation", index, f"within.{level}", span)
        if policy.remind_before and policy.remind_before < SHORT:
            yield _short("escalation", index, "remind_before", policy.remind_before)


def _short(section: Section, index: int, field: str, span: timedelta) -> Inconsistency:
    message = f"{span.total_seconds():g} seconds: each new case is late at once; are minutes (m) or hours (h) meant?"
    return Inconsistency(section=section, index=index, field=field, message=message)


def _rules(community: Community) -> Iterator[Inconsistency]:
    always: str | None = None
    for index, rule in enumerate(community.rules):
        if always:
            yield _of_rule(index, "id", f"never reached: '{always}' above it holds for everything")
        elif rule.when == Condition():
            always = rule.id
        if rule.when.hours and rule.when.hours.never:
            yield _of_rule(
                index, "when.hours", "from and to are the same, so it never holds; a whole day is 00:00 to 24:00"
            )
        for field in ("words", "not_words", "near"):
            if unseen := [word for word in getattr(rule.when, field) if not folded(word)]:
                yield _of_rule(index, f"when.{field}", f"{unseen[0]!r} has no letter that could be found")


def _of_rule(index: int, field: str, message: str) -> Inconsistency:
    return Inconsistency(section="rules", index=index, field=field, message=message)
