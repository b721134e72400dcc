"""What may be done with a package, with an example of each."""

from collections.abc import Mapping
from typing import Any

from linli.contracts.neighbourhood.permissions import HOLD_AFFAIRS, TAKE_PART
from neighbourhood.affairs.verbs import Verb
from neighbourhood.works.api.given import A_HASH, ANOTHER_HASH, BEFORE_AND_AFTER, PHOTOS
from neighbourhood.works.domain import commands as do

_DEFECT = {"defect_id": "f-1"}
_HIDDEN = {"hidden_id": "z-1"}
_ROUND = {"round_id": "r-1", "kind": "residents", "photos": [A_HASH], "note": "防水层做到第二遍"}
_REPORTED = {"defect_id": "f-1", "what": "防水层起鼓", "round_id": "r-1", "photos": [A_HASH]}
_ORDERED = {"defect_id": "f-1", "to": "builder-co", "due": "2026-05-08"}
_RIGHT = {"defect_id": "f-1", "before": [A_HASH], "after": [ANOTHER_HASH]}
_RETURNED = {"defect_id": "f-1", "why": "仍然渗水", "due": "2026-05-15"}
_GATE = {"representatives": ["r-1", "r-2", "r-3"], "agrees": True}
_HANDED_OVER = {
    "to": "estate",
    "facilities": [
        {
            "id": "shed-1",
            "name": "电动车棚",
            "place": "3 号楼东侧",
            "location": {"lon": 120.405, "lat": 36.105},
            "trades": ["waterproofing", "electrics"],
            "maintained_by": "estate",
        }
    ],
    "papers": [{"name": "竣工图", "sha256": A_HASH}],
}


def _of_a_party(name: str, command: type, example: Mapping[str, Any], instead: Mapping[str, Any] | None = None) -> Verb:
    """What a party does in its own role: the domain says which."""
    return Verb(name, command, TAKE_PART, example, by_the_office=False, instead=instead or {})


VERBS = (
    Verb("announce_progress", do.AnnounceProgress, HOLD_AFFAIRS, {"percent": 40, "message": "基础已完成"}),
    _of_a_party("record_round", do.RecordSupervision, _ROUND, PHOTOS),
    _of_a_party("notify_hidden_work", do.NotifyHiddenWork, {"hidden_id": "z-1", "what": "接地线"}),
    _of_a_party("pass_hidden_work", do.PassHiddenWork, _HIDDEN | {"photos": [A_HASH]}, PHOTOS),
    _of_a_party("fail_hidden_work", do.FailHiddenWork, _HIDDEN | {"why": "搭接不足", "photos": [A_HASH]}, PHOTOS),
    _of_a_party("cover_hidden_work", do.CoverHiddenWork, _HIDDEN),
    _of_a_party("report_defect", do.ReportDefect, _REPORTED, PHOTOS),
    _of_a_party("confirm_defect", do.ConfirmDefect, _DEFECT),
    _of_a_party("dismiss_defect", do.DismissDefect, _DEFECT | {"why": "设计如此"}),
    _of_a_party("order_rectification", do.OrderRectification, _ORDERED),
    _of_a_party("submit_rectification", do.SubmitRectification, _RIGHT, BEFORE_AND_AFTER),
    _of_a_party("verify_rectification", do.VerifyRectification, _DEFECT),
    _of_a_party("return_rectification", do.ReturnRectification, _RETURNED),
    _of_a_party("complete", do.CompleteWorks, {}),
    _of_a_party("request_acceptance", do.RequestAcceptance, {"warranty_letter": A_HASH}),
    _of_a_party("convene_acceptance", do.ConveneAcceptance, {"on": "2026-06-01"}),
    _of_a_party("sign_acceptance", do.SignAcceptance, {"role": "supervisor", "agrees": True}),
    Verb("hold_gate", do.HoldGate, HOLD_AFFAIRS, _GATE),
    _of_a_party("pass_acceptance", do.PassAcceptance, {}),
    _of_a_party("fail_acceptance", do.FailAcceptance, {"why": "排水不畅"}),
    _of_a_party("file_acceptance", do.FileAcceptance, {"number": "青建备2026-118", "on": "2026-06-10"}),
    Verb("revoke_acceptance", do.RevokeAcceptance, HOLD_AFFAIRS, {"why": "验收程序违法"}),
    _of_a_party(
        "register_lift",
        do.RegisterLift,
        {"lift": "lift-1", "certificate": "梯11鲁B00001(26)", "on": "2026-06-05"},
    ),
    _of_a_party("hand_over", do.HandOver, _HANDED_OVER),
)
