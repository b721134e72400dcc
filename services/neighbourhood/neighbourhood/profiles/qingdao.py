"""The rules of an old neighbourhood in Qingdao, Shandong, as far as their texts were read; the default."""

from datetime import date

from linli.contracts.neighbourhood.profile import RuleProfile
from neighbourhood.profiles import matters, offices, spans
from neighbourhood.profiles.questions import QUESTIONS

QINGDAO = RuleProfile(
    id="qingdao",
    name_zh="青岛市",
    name_en="Qingdao",
    since=date(2021, 1, 1),  # 民法典 1260
    matters=(*matters.OF_THE_CODE, matters.LIFT_IN_QINGDAO),
    days=(*spans.OF_VOTES, *spans.OF_NOTICES, *spans.OF_THE_OFFICE, *spans.OF_WORKS),
    limits=offices.LIMITS,
    answers=offices.ANSWERS,
    portions=offices.PORTIONS,
    duties=offices.DUTIES,
    reminders=offices.REMINDERS,
    warranties=offices.WARRANTIES,
    heating=offices.HEATING,
    adoptions=offices.ADOPTIONS,
    fines=offices.FINES,
    questions=QUESTIONS,
)
JINAN_LIFTS = QINGDAO.model_copy(
    update={
        "id": "jinan-lifts",
        "name_zh": "济南市（加装电梯）",
        "name_en": "Jinan, lifts",
        "matters": (*matters.OF_THE_CODE, matters.LIFT_IN_JINAN),
        "days": (*QINGDAO.days, spans.LIFT_IN_JINAN),
    }
)
"""Where consent is a share of all, and silence therefore a no: kept beside the default as a rule of another shape."""
DEFAULTS = (QINGDAO,)
"""Of these the newest that is in force holds wherever no place has been given one: a later one goes beside it."""
PROFILES = (QINGDAO, JINAN_LIFTS)
"""All that come with Linli, and all that ever came: votes name theirs by its id. No place has been given one."""
