"""The rules of Qingdao for each context, where no day is off."""

from zoneinfo import ZoneInfo

from neighbourhood.place_rules import rules_of
from neighbourhood.profiles.days import Place
from neighbourhood.profiles.qingdao import QINGDAO

_RULES = rules_of(QINGDAO, Place(ZoneInfo("Asia/Shanghai")))
ROUNDS, PUBLICITY, TASKFORCE = _RULES.rounds, _RULES.publicity, _RULES.taskforce
WORKS, COVENANTS = _RULES.works, _RULES.covenants
