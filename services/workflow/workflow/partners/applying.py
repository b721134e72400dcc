"""What one update comes to: the commands of its verdict taken on its case, with the photos that it names."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from linli.contracts.workflow.partner import Outcome, Update, UpdateReceived
from linli.web.localized import Localized, of_error
from workflow.cases.domain.action import NotAllowed
from workflow.cases.domain.cascade import decide
from workflow.cases.domain.case import Case, Evidence
from workflow.cases.domain.evidence import NoMorePhotos, OtherStage, document
from workflow.cases.unit_of_work import UnitOfWork
from workflow.community.domain.directory import Directory
from workflow.partners.domain.orders import Order
from workflow.partners.domain.partner import Partner
from workflow.partners.domain.photos import STAGES, UnknownPhoto, Uploaded, pictures, shows
from workflow.partners.domain.updates import UNKNOWN, Judged, judged, noted, unheard
from workflow.partners.receiving import receipt_for


def named(update: Update) -> Mapping[str, Any]:
    """What a receipt calls it by."""
    return {"update_id": update.update_id, "order_id": update.order_id, "dispatch_no": update.dispatch_no}


def applied(
    update: Update,
    order: Order | None,
    partner: Partner,
    unit: UnitOfWork,
    directories: Mapping[str, Directory],
    uploaded: Mapping[str, Uploaded],
    now: datetime,
) -> UpdateReceived:
    """Let an update take effect, whole or as a note. `uploaded` are the photos that wait of its order, by id."""
    case = unit.cases.get(order.case_id) if order else None
    directory = directories.get(partner.community)
    if order is None or case is None or directory is None or directory.party(partner.party) is None:
        return receipt_for(partner, named(update), UNKNOWN.outcome, UNKNOWN.text)
    verdict = judged(update, order, case, directory, now)
    try:
        photos = _photos(update, verdict, order, case, uploaded, now)
    except (UnknownPhoto, NoMorePhotos, OtherStage) as error:
        where = f"/photos/{error.place}" if isinstance(error, UnknownPhoto) else "/photos"
        state = case.state
        return receipt_for(partner, named(update), Outcome.INVALID, _said(error), case_state=state, pointer=where)
    verdict = _acted(update, verdict, photos, case, unit, directory, now)
    state = unit.cases[case.id].state
    return receipt_for(partner, named(update), verdict.outcome, verdict.text, case_state=state, pointer=verdict.pointer)


def _photos(
    update: Update, verdict: Judged, order: Order, case: Case, uploaded: Mapping[str, Uploaded], now: datetime
) -> Sequence[Evidence]:
    """What its case is to list, if anything is done at all. Raises what keeps it from that."""
    if not update.photos or not verdict.commands or not shows(order, case):
        return ()
    found = pictures(update, case, uploaded)
    document(case, STAGES[update.did], found, order.party, None, now)
    return found


def _acted(
    update: Update,
    verdict: Judged,
    photos: Sequence[Evidence],
    case: Case,
    unit: UnitOfWork,
    directory: Directory,
    now: datetime,
) -> Judged:
    """The verdict once its commands are taken; where the case allows only some, what is left is a note.

    The photos come before the last of them, which may point to them.
    """
    for command in verdict.commands:
        try:
            if photos and command is verdict.commands[-1]:
                by = update.order_id.partition("~")[2]
                if step := document(unit.cases[case.id], STAGES[update.did], photos, by, None, now):
                    unit.take(step)
            unit.take(decide(unit.cases[case.id], command, unit.cases, directory, now))
        except NotAllowed as error:
            if verdict.outcome is Outcome.NOTED:
                return verdict  # not even a note is taken: the receipt says how it stands
            if update.promise is not None:
                return unheard(unit.cases[case.id], _said(error))
            left = noted(update, unit.cases[case.id], _said(error))
            return _acted(update, left, photos, case, unit, directory, now)
    return verdict


def _said(error: Exception) -> Localized:
    why = of_error(error)
    return why if isinstance(why, Localized) else Localized(why, why)
