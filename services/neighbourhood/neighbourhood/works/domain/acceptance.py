"""Acceptance: who must sign has signed, the residents' representatives agree, and nothing is open.

建设工程质量管理条例 16 (who accepts, and that nothing is used before), 49 (filed within 15 days). The residents' gate
is asked beside the signatures: it can hold an acceptance up, and stands for no signature.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import TypeAlias

from linli.contracts.neighbourhood import works_accepted as events
from linli.contracts.neighbourhood.works import PackageEvent, SiteRole
from linli.web.localized import Localized, listed
from neighbourhood.digests import digest_of_text
from neighbourhood.profiles.names import SITE
from neighbourhood.refusal import Refusal, refused
from neighbourhood.works.domain import commands
from neighbourhood.works.domain.package import Package, PackageState, Signed
from neighbourhood.works.domain.rules import WorksRules
from neighbourhood.works.domain.telling import Decision, not_now, not_yours, tell
from neighbourhood.works.domain.warranties import warranties_from

OfAcceptance: TypeAlias = (
    commands.RequestAcceptance
    | commands.ConveneAcceptance
    | commands.SignAcceptance
    | commands.HoldGate
    | commands.SayAtGate
    | commands.PassAcceptance
    | commands.FailAcceptance
)
S = PackageState
CLIENTS = not_yours("The client does that.", "由建设单位办理。")
_STATE = {
    commands.RequestAcceptance: S.COMPLETED,
    commands.ConveneAcceptance: S.REQUESTED,
    commands.SignAcceptance: S.CONVENED,
    commands.HoldGate: S.CONVENED,
    commands.SayAtGate: S.CONVENED,
    commands.PassAcceptance: S.CONVENED,
    commands.FailAcceptance: S.CONVENED,
}
_ROLE = {
    commands.RequestAcceptance: SiteRole.BUILDER,
    commands.ConveneAcceptance: SiteRole.CLIENT,
    commands.PassAcceptance: SiteRole.CLIENT,
    commands.FailAcceptance: SiteRole.CLIENT,
}
"""Who may do it."""
_SIMPLE: dict[type[OfAcceptance], tuple[type[PackageEvent], tuple[str, ...]]] = {
    commands.RequestAcceptance: (events.AcceptanceRequested, ("warranty_letter",)),
    commands.ConveneAcceptance: (events.AcceptanceConvened, ("on",)),
    commands.SignAcceptance: (events.AcceptanceSigned, ("role", "agrees", "remark")),
    commands.FailAcceptance: (events.AcceptanceFailed, ("why",)),
}
"""What is told as it was said."""


def decide_acceptance(package: Package, command: OfAcceptance, rules: WorksRules, now: datetime) -> Decision:
    """What a command about the acceptance comes to."""
    if package.state is not _STATE[type(command)]:
        return not_now(package)
    role = command.role if isinstance(command, commands.SignAcceptance) else _ROLE.get(type(command))
    if role and not package.has(role, command.party):
        return not_yours("That is for another party on the site.", "这一步由工程的另一方办理。")
    return _decided(package, command, rules, now)


def _decided(package: Package, command: OfAcceptance, rules: WorksRules, now: datetime) -> Decision:
    match command:
        case commands.ConveneAcceptance() if command.on < rules.place.day_of(now):
            return refused("day_passed", "The day is past already.", "日期不能早于今天。", "/on")
        case commands.SignAcceptance() if package.signed.get(command.role) == Signed(command.agrees, command.by):
            return _SIGNED
        case commands.HoldGate():
            return _gate(package, command, rules, now)
        case commands.SayAtGate():
            return _opinion(package, command, now)
        case commands.PassAcceptance():
            return why_not(package, rules) or _passed(package, command, rules, now)
        case _:
            kind, names = _SIMPLE[type(command)]
            return tell(kind, package, command, now, **{name: getattr(command, name) for name in names})


def why_not(package: Package, rules: WorksRules) -> Refusal | None:
    """What is in the way of passing; None where nothing is."""
    missing = [role for role in sorted(rules.signatories) if not (s := package.signed.get(role)) or not s.agrees]
    if missing:
        names = listed([SITE[role] for role in missing])
        return refused(
            "signature_missing", "Not signed, or not in agreement: {names}.", "尚未签署同意：{names}。", names=names
        )
    if refusals := [role for role, each in sorted(package.signed.items()) if not each.agrees]:
        names = listed([SITE[role] for role in refusals])
        return refused("signature_missing", "Not in agreement: {names}.", "不同意：{names}。", names=names)
    if rules.gate and (package.gate is None or not package.gate.agrees):
        return refused(
            "gate_missing",
            "The residents' representatives have not been asked, or do not agree.",
            "居民代表尚未表示意见，或者不同意。",
        )
    if package.open_defects:
        return _still("defects_open", _OPEN, package.open_defects)
    if package.unpassed:
        return _still("hidden_work_not_passed", _UNPASSED, package.unpassed)
    return None


_SIGNED = refused("signed_already", "It has been signed so already.", "已经这样签署过了。")
_OPEN = Localized("Open defects: {count} ({which}).", "还有 {count} 项缺陷没有销号（{which}）。")
_UNPASSED = Localized(
    "Hidden work that nobody has passed: {count} ({which}).", "还有 {count} 项隐蔽工程没有验收合格（{which}）。"
)
NAMED_AT_MOST = 10


def _still(slug: str, said: Localized, ids: Sequence[str]) -> Refusal:
    """How many are in the way, and the first of them by name."""
    named = [*ids[:NAMED_AT_MOST], *(["…"] if len(ids) > NAMED_AT_MOST else [])]
    return refused(slug, str(said), said.chinese, count=len(ids), which=", ".join(named))


def _gate(package: Package, command: commands.HoldGate, rules: WorksRules, now: datetime) -> Decision:
    if any(each.party == command.party for each in package.appointed):
        return not_yours(
            "Who has a role on the site does not speak for the residents.", "工程各方不能代居民代表表示意见。"
        )
    asked = {*command.representatives}
    if len(asked) < len(command.representatives) or len(asked) < max(rules.gate, 1):
        return refused(
            "representatives_too_few",
            "At least {count} different representatives are asked.",
            "至少要有 {count} 名不同的居民代表。",
            "/representatives",
            count=max(rules.gate, 1),
        )
    if command.agrees and (against := sorted(id for id, agrees in package.opinions.items() if not agrees)):
        return refused(
            "representative_disagrees",
            "Of the residents' representatives, some have said no by their own code: {which}.",
            "有居民代表已经用自己的验证码表示不同意：{which}。",
            which=", ".join(against),
        )
    remark = digest_of_text(command.remark) if command.remark else None
    fields = {"representatives": command.representatives, "agrees": command.agrees, "remark_sha256": remark}
    return tell(events.ResidentsGateHeld, package, command, now, **fields)


def _opinion(package: Package, command: commands.SayAtGate, now: datetime) -> Decision:
    if package.opinions.get(command.representative) is command.agrees:
        return refused("said_already", "You have said so already.", "您已经这样表示过了。")
    remark = digest_of_text(command.remark) if command.remark else None
    fields = {"representative": command.representative, "agrees": command.agrees, "remark_sha256": remark}
    return tell(events.GateOpinionGiven, package, command, now, **fields)


def _passed(package: Package, command: commands.PassAcceptance, rules: WorksRules, now: datetime) -> Decision:
    today = rules.place.day_of(now)
    try:
        warranties = warranties_from(today, package.trades, rules)
    except KeyError:
        return no_term()
    return tell(
        events.AcceptancePassed,
        package,
        command,
        now,
        items=package.items,
        demands=package.demands,
        accepted_on=today,
        file_by=rules.place.last_day(today, rules.filing),
        warranties=warranties,
    )


def no_term() -> Refusal:
    """The rules do not say how long a warranty of that trade runs, so nobody may make one up."""
    return refused(
        "no_warranty_term",
        "The rules have no term for one of the warranties; add it with its source.",
        "规则里没有其中一项保修的期限，请连同依据补上。",
        "/trades",
    )
