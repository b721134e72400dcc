"""Plans 改造方案: one for each neighbourhood 一小区一方案.

Items (基础、完善、提升) say who pays what and which demands they answer; every demand is cited by an item or declined
with a reason that its demander reads. A version is frozen by a hash and posted; a change of anything makes another
version, whose days begin anew; every objection is answered before the plan is final.

How long a version hangs is counted by publicity; the plan is told what hung, and asks whether it was this very text.
Start with `domain/deciding.py`; `domain/comparing.py` sets two versions side by side.
"""
