"""What households do with an adopted text: sign it, and report that an article is not kept."""

from datetime import date, datetime
from typing import TypeAlias

from linli.contracts.neighbourhood import covenants_kept as kept
from linli.contracts.neighbourhood.covenants_kept import SignedOn
from neighbourhood.covenants.domain import commands
from neighbourhood.covenants.domain.covenant import Covenant
from neighbourhood.covenants.domain.rules import CovenantRules
from neighbourhood.covenants.domain.telling import NOT_NOW, OTHER_TEXT, Decision, of, tell
from neighbourhood.refusal import refused

OfKeeping: TypeAlias = (
    commands.SignCovenant | commands.WithdrawSignature | commands.ReportBreach | commands.SettleBreach
)


def decide_keeping(covenant: Covenant, command: OfKeeping, rules: CovenantRules, now: datetime) -> Decision:
    """What a signature or a breach comes to."""
    today = rules.place.day_of(now)
    match command:
        case commands.SignCovenant():
            return _signed(covenant, command, today, now)
        case commands.WithdrawSignature():
            return _withdrawn(covenant, command, now)
        case commands.ReportBreach():
            return _reported(covenant, command, today, now)
        case commands.SettleBreach():
            return _settled(covenant, command, now)


def _signed(covenant: Covenant, command: commands.SignCovenant, today: date, now: datetime) -> Decision:
    version = covenant.by_digest(command.digest)
    if version is None or command.digest not in covenant.may_be_signed_on(today):
        return OTHER_TEXT
    if (command.digest, command.household) in covenant.signatures:
        return refused("known_already", "This household has signed this text.", "这一户已经签署了这一版。")
    if (command.on is SignedOn.PAPER) is not (command.scan is not None):
        return refused("scan_missing", "A paper has a scan, and nothing else has.", "纸质签署要有扫描件。", "/scan")
    fields = {"household": command.household, "on": command.on, "scan": command.scan}
    return tell(kept.CovenantSigned, covenant, command, now, **of(version), **fields)


def _withdrawn(covenant: Covenant, command: commands.WithdrawSignature, now: datetime) -> Decision:
    version = covenant.by_digest(command.digest)
    if version is None or (command.digest, command.household) not in covenant.signatures:
        return refused("unknown", "There is no such signature.", "没有这个签名。")
    return tell(kept.SignatureWithdrawn, covenant, command, now, **of(version), household=command.household)


def _reported(covenant: Covenant, command: commands.ReportBreach, today: date, now: datetime) -> Decision:
    version = covenant.in_force_on(today)
    if version is None:
        return NOT_NOW
    if command.breach_id in covenant.breaches:
        return refused("known_already", "That breach is reported already.", "这件违约已经记下。")
    fields = {"breach_id": command.breach_id, "article": command.article, "case_id": command.case_id}
    return tell(kept.BreachReported, covenant, command, now, **of(version), **fields)


def _settled(covenant: Covenant, command: commands.SettleBreach, now: datetime) -> Decision:
    if command.breach_id not in covenant.breaches:
        return refused("unknown", "There is no such breach.", "没有这件违约。")
    if covenant.breaches[command.breach_id] is not None:
        return refused("known_already", "That breach is settled already.", "这件违约已经办结。")
    fields = {"breach_id": command.breach_id, "outcome": command.outcome}
    return tell(kept.BreachSettled, covenant, command, now, **fields)
