"""What is agreed: a text, signatures that are bound to its hash, and what the court says of it."""

from datetime import date, datetime, timedelta
from hashlib import sha256

from linli.contracts.workflow import mediation as told
from linli.contracts.workflow.mediation import CourtStep, SigningWay
from linli.frozen import replace
from linli.refusal import Refusal, refused
from workflow.mediation.domain import commands
from workflow.mediation.domain.mediation import AGREED_ONCE, RUNNING, Agreement, Mediation, S
from workflow.mediation.domain.people import nobody_to_meet
from workflow.mediation.domain.refusing import NOBODY, NOT_NOW
from workflow.mediation.domain.rules import MediationRules
from workflow.mediation.domain.telling import Decision, tell

MOST_DRAFTS = 50
FURTHEST_VISIT = timedelta(days=366)


def digest_of(text: str) -> str:
    """SHA-256 of a text as it is kept, in UTF-8: one changed character makes another."""
    return sha256(text.encode()).hexdigest()


def day_of(now: datetime, rules: MediationRules) -> date:
    return now.astimezone(rules.zone).date()


def decide_agreement(
    mediation: Mediation, command: commands.OfAgreement, rules: MediationRules, now: datetime
) -> Decision:
    match command:
        case commands.DraftAgreement():
            return _drafted(mediation, command, rules, now)
        case commands.SignAgreement():
            return _signed(mediation, command, rules, now)
        case commands.NoteCourtStep():
            return _court(mediation, command, day_of(now, rules))


def _drafted(mediation: Mediation, command: commands.DraftAgreement, rules: MediationRules, now: datetime) -> Decision:
    today = day_of(now, rules)
    visit_on = command.visit_on or today + timedelta(days=rules.visit_days)
    if (wrong := _not_to_be_drafted(mediation, command)) is not None:
        return wrong
    if not today <= visit_on <= today + FURTHEST_VISIT:
        why = "The return visit is on a day to come, within a year."
        return refused("visit_day", why, "回访日期要在以后一年之内。", "/visit_on")
    number = len(mediation.agreements) + 1
    fields = {"number": number, "digest": command.digest, "visit_on": visit_on}
    return (tell(told.AgreementDrafted, mediation, command.by, S.DRAFTED, **fields),)


def _not_to_be_drafted(mediation: Mediation, command: commands.DraftAgreement) -> Refusal | None:
    newest = mediation.newest
    refused_by_court = newest is not None and mediation.state is S.IN_EFFECT and newest.court is CourtStep.REFUSED
    if mediation.state not in RUNNING and not refused_by_court:
        return NOT_NOW
    if (nobody := nobody_to_meet(mediation)) is not None:
        return nobody
    if not any(each.held_at for each in mediation.sessions):
        return refused("not_met", "They have not met yet.", "还没有开过调解会。")
    if newest and mediation.state is S.DRAFTED and newest.digest == command.digest:
        return refused("known_already", "That text is being signed already.", "这份文本已经在签署。", "/text")
    if len(mediation.agreements) >= MOST_DRAFTS:
        return refused("too_many", "There are too many drafts.", "协议稿太多。")
    return None


def _signed(mediation: Mediation, command: commands.SignAgreement, rules: MediationRules, now: datetime) -> Decision:
    newest = mediation.newest
    if newest is None or mediation.state is not S.DRAFTED:
        return NOT_NOW
    if (wrong := _wrongly_signed(mediation, newest, command, rules)) is not None:
        return wrong
    number = len(mediation.agreements)
    text = {"number": number, "digest": newest.digest}
    how = {"signer": command.signer, "way": command.way, "scan": command.scan}
    signed = tell(told.AgreementSigned, mediation, command.by, **text, **how)
    if not complete(mediation, replace(newest, signed=newest.signed | {command.signer})):
        return (signed,)
    today = day_of(now, rules)
    dates = {
        "effective_on": today,
        "confirm_until": today + timedelta(days=rules.confirm_days),  # the day itself does not count
        "visit_on": max(newest.visit_on, today),  # some sign late
    }
    return signed, tell(told.AgreementInEffect, mediation, "linli", S.IN_EFFECT, **text, **dates)


def _wrongly_signed(
    mediation: Mediation, newest: Agreement, command: commands.SignAgreement, rules: MediationRules
) -> Refusal | None:
    if command.signer not in mediation.participants:
        return NOBODY
    if command.digest != newest.digest:
        why = "That is another text than the one to be signed now; read that one."
        return refused("other_text", why, "不是现在待签的文本，一字之差也是另一份，请重新阅读。", "/digest")
    if command.signer in newest.signed:
        return refused("signed_already", "They have signed this text.", "已经签署了这份文本。", "/signer")
    if (command.way is SigningWay.PAPER) is not (command.scan is not None):
        return refused("scan_missing", "A paper has a scan, and nothing else has.", "纸质签署要有扫描件。", "/scan")
    if command.signer in mediation.mediators and rules.sealed and not command.sealed:
        why = "A mediator signs with the mediation committee's seal."
        return refused("seal_missing", why, "调解员签名要加盖人民调解委员会印章。", "/sealed")
    return None


def complete(mediation: Mediation, agreement: Agreement) -> bool:
    """Whether all who are concerned have signed, and one who mediates."""
    return mediation.concerned.keys() <= agreement.signed and bool(agreement.signed & mediation.mediators.keys())


def _court(mediation: Mediation, command: commands.NoteCourtStep, today: date) -> Decision:
    newest = mediation.newest
    if newest is None or mediation.state not in AGREED_ONCE or not newest.effective_on or not newest.confirm_until:
        return NOT_NOW
    if not newest.effective_on <= command.on <= today:
        why = "That day is before the agreement took effect, or yet to come."
        return refused("court_day", why, "日期在协议生效之前，或者还没有到。", "/on")
    applied = command.step is CourtStep.APPLIED
    if (newest.court is None) is not applied or newest.court in {CourtStep.CONFIRMED, CourtStep.REFUSED}:
        why = "First all apply together, then the court decides, once."
        return refused("court_order", why, "先由各方共同申请，再由法院作出一次裁定。", "/step")
    if applied and command.on > newest.confirm_until:
        last = {"last": newest.confirm_until.isoformat()}
        why = "The last day to ask the court together was {last}."
        return refused("court_late", why, "共同申请司法确认的最后一日是 {last}。", "/on", **last)
    if applied and not mediation.concerned.keys() <= command.asked:
        why = "All who are concerned ask the court together."
        return refused("court_together", why, "司法确认由各方当事人共同申请。", "/asked")
    fields = {"number": len(mediation.agreements), "step": command.step, "on": command.on}
    return (tell(told.CourtStepNoted, mediation, command.by, **fields),)
