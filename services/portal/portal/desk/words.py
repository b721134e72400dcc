"""The desk's words for what workflow says by name. Each is looked up when it is said, in the reader's language."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from portal.desk.counting import COUNTED_TO
from portal.desk.next_step import minutes_left
from portal.pages.language import _, once


@once
def view(name: str) -> str:
    return {
        "turn": _("My turn"),
        "post": _("My post"),
        "overdue": _("Overdue"),
        "watching": _("Watching"),
        "all": _("All"),
    }[name]


@once
def state(name: str) -> str:
    return {
        "open": _("Received"),
        "triage": _("To be routed"),
        "dispatched": _("Dispatched"),
        "accepted": _("Being dealt with"),
        "returned": _("Returned"),
        "resolved": _("Resolved"),
        "closed": _("Closed"),
        "withdrawn": _("Withdrawn"),
    }.get(name, name)


@once
def kind(name: str) -> str:
    return {"demand": _("Wish"), "report": _("Report"), "dispute": _("Dispute"), "alarm": _("Alarm")}.get(name, name)


@once
def promise(name: str) -> str:
    return {
        "works": _("Works on site"),
        "money": _("Money"),
        "service": _("A service"),
        "permit": _("A permit"),
        "answer": _("An answer in writing"),
    }.get(name, name)


@once
def level(name: str) -> str:
    return {
        "subdistrict": _("Subdistrict"),
        "community": _("Community"),
        "grid": _("Grid"),
        "building_group": _("Building group"),
        "household": _("Member household"),
        "property": _("Property company"),
        "owners_committee": _("Owners' committee"),
        "telecom": _("Telecommunications"),
        "water": _("Water"),
        "power": _("Power"),
        "gas": _("Gas"),
        "heating": _("Heating"),
        "builder": _("Builder"),
        "supervisor": _("Supervisor"),
    }.get(name, name)


@once
def sort(name: str) -> str:
    return {
        "due": _("What is owed first"),
        "age": _("Who has waited longest"),
        "newest": _("Newest first"),
        "updated": _("Changed last"),
    }[name]


@once
def waiting(name: str) -> str:
    return {
        "resident": _("the resident"),
        "part": _("a part"),
        "vote": _("a vote"),
        "other": _("something else"),
    }.get(name, name)


@once
def action(name: str) -> str:
    return {
        "accept": _("Accept"),
        "return": _("Return"),
        "send_back": _("Send back"),
        "progress": _("Tell progress"),
        "resolve": _("Resolve"),
        "close": _("Close"),
        "reopen": _("Reopen"),
        "reassign": _("Reassign"),
        "note": _("Note"),
        "pause": _("Pause"),
        "resume": _("Resume"),
        "merge": _("Merge"),
        "unmerge": _("Undo the merge"),
        "split": _("Split"),
        "correct": _("Correct"),
        "follow_up": _("Follow up by telephone"),
        "evidence": _("Add photos"),
    }.get(name, name)


def done(name: str) -> str:
    return _("Done: {what}.").format(what=action(name))


@once
def effect(name: str) -> str:
    """What an action does, and who hears of it."""
    return {
        "accept": _("Whoever is responsible takes the case on. The reporter hears that it is being dealt with."),
        "return": _("The case goes to the node above, which has a day to decide whose it is. The deadline runs on."),
        "send_back": _("Whoever returned it has it again, for good: it cannot be returned once more."),
        "progress": _("The reporter hears what you write."),
        "resolve": _("The reporter gets your answer, with the photos, and is asked whether it is solved."),
        "close": _("The case ends here. Where the reporter asked for more, the answer is no, with your words."),
        "reopen": _("The party that had it is asked again, with new deadlines. The reporter hears of it."),
        "reassign": _("Another party is responsible from now on, with the deadlines of its rule. Both hear of it."),
        "note": _("Staff see it; the reporter does not."),
        "pause": _("The clock stands still, 30 days at most. The reporter sees what you write."),
        "resume": _("The clock runs again, with the time that was left."),
        "merge": _("The case follows another one. Its reporter hears all that is done there."),
        "unmerge": _("It was another matter after all: its former party has it again, with the full time."),
        "split": _("Several parties each get a part as a case of its own. The whole ends when all parts have."),
        "correct": _("What is known of the case is put right. What its reporter said stays beside it."),
        "follow_up": _("What the reporter said on the telephone counts like an answer by the link."),
        "evidence": _("Photos of before and after are seen by the reporter too; those of a return stay among staff."),
    }.get(name, "")


@once
def next_word(what: str) -> str:
    return {
        "route": _("Decide whose it is"),
        "accept": _("Take it on"),
        "arbitrate": _("Decide on the return"),
        "answer": _("Give a first answer"),
        "resolve": _("Resolve it"),
        "decide": _("Decide whether to reopen"),
        "parts": _("The parts are being dealt with"),
        "follow": _("Dealt with in another case"),
        "ask": _("The reporter is asked"),
        "nothing": _("Nothing"),
        "wait_resident": _("Paused: waits for the resident"),
        "wait_part": _("Paused: waits for a part"),
        "wait_vote": _("Paused: waits for a vote"),
        "wait_other": _("Paused"),
    }.get(what, what)


@once
def clock(name: str) -> str:
    return {
        "accept": _("taking it on"),
        "answer": _("first answer"),
        "resolve": _("resolution"),
        "decide": _("decision on reopening"),
        "level": _("the level above"),
    }.get(name, name)


@once
def standing(name: str) -> str:
    return {
        "next": _("runs, and is next"),
        "owed": _("runs"),
        "paused": _("stands still"),
        "met": _("kept"),
        "met_late": _("kept too late"),
        "late": _("missed"),
        "over": _("not owed any more"),
    }[name]


TONES = {"next": "ok", "owed": "ok", "paused": "wait", "met": "off", "met_late": "late", "late": "bad", "over": "off"}


def number(counted: int | None) -> str:
    """How many there are, as far as they were counted."""
    if counted is None:
        return "?"
    return f"{COUNTED_TO}+" if counted > COUNTED_TO else str(counted)


def span(minutes: int) -> str:
    """So many minutes as people count them."""
    days, hours = divmod(minutes // 60, 24)
    if minutes < 60:
        return _("{n} min").format(n=minutes)
    if minutes < 48 * 60:
        return _("{h} h {m} min").format(h=minutes // 60, m=minutes % 60)
    return _("{d} d {h} h").format(d=days, h=hours)


def left(by: datetime, now: datetime) -> str:
    """How much time is left, or how late it is."""
    minutes = minutes_left(by, now)
    return (
        _("late by {time}").format(time=span(-minutes)) if minutes < 0 else _("{time} left").format(time=span(minutes))
    )


@once
def step(name: str) -> str:
    """What an event of a case says, by its name without version."""
    return {
        "opened": _("Received"),
        "triaged": _("No rule fits; a person decides"),
        "dispatched": _("Dispatched"),
        "accepted": _("Taken on"),
        "returned": _("Returned"),
        "progressed": _("Progress"),
        "resolved": _("Resolved"),
        "closed": _("Closed"),
        "reopened": _("Reopened"),
        "withdrawn": _("Withdrawn"),
        "noted": _("Note"),
        "reminded": _("Reminded of a deadline"),
        "escalated": _("Went up a level"),
        "paused": _("Paused"),
        "resumed": _("Resumed"),
        "rated": _("The reporter's answer"),
        "documented": _("Photos added"),
        "supplemented": _("The reporter adds"),
        "corrected": _("Put right"),
        "redacted": _("Words erased"),
        "erased": _("Erased"),
        "merged": _("Merged into another case"),
        "joined": _("Another case was merged into this one"),
        "unmerged": _("Merge undone"),
        "parted": _("A case that followed this one left"),
        "split": _("Split"),
        "mediated": _("Mediation"),
        "promise_heard": _("What became of the promise"),
    }.get(name, name)


@once
def delivery(name: str) -> str:
    return {
        "due": _("waiting to be sent"),
        "sent": _("delivered"),
        "failed": _("not delivered: given up"),
        "skipped": _("not sent"),
        "undeliverable": _("not delivered: no way to reach them"),
        "replaced": _("sent another way"),
    }.get(name, name)


def because(reason: Mapping[str, Any]) -> str:
    """Why another case is likely the same matter."""
    value = reason["value"]
    said = {
        "text": _("similar words"),
        "metres": _("so many metres apart"),
        "far": _("far apart, in metres"),
        "days": _("days apart"),
        "same_place": _("same place"),
        "other_place": _("another place"),
        "same_neighbourhood": _("same neighbourhood"),
        "other_neighbourhood": _("another neighbourhood"),
        "same_category": _("same category"),
    }.get(reason["because"], str(reason["because"]))
    shown = f"{value:.0%}" if reason["because"] == "text" and isinstance(value, float) else f"{value}"
    return f"{said} ({shown}) {reason['share']:+.2f}"


@once
def stage(name: str) -> str:
    return {"before": _("Before"), "after": _("After"), "return": _("Reason for a return")}.get(name, name)


@once
def particular(name: str) -> str:
    return {
        "kind": _("Kind"),
        "title": _("Title"),
        "neighbourhood": _("Neighbourhood"),
        "category": _("Category"),
        "place": _("Place"),
        "location": _("Point on the map"),
    }.get(name, name)


@once
def channel(name: str) -> str:
    return {
        "email": _("E-mail"),
        "webhook": _("Webhook"),
        "sms": _("Text message"),
        "web": _("Web"),
        "hotline": _("Hotline"),
        "desk": _("Counter"),
        "device": _("Device"),
        "import": _("Import"),
    }.get(name, name)


WHY = ("follow_up", "details", "visit", "emergency", "authority")


@once
def why(name: str) -> str:
    """Why somebody has to call."""
    return {
        "follow_up": _("to ask how it was"),
        "details": _("to learn more"),
        "visit": _("to agree on a visit"),
        "emergency": _("an emergency"),
        "authority": _("required by law"),
    }[name]
