"""The task force 工作专班: who steers a renewal, and what they have promised.

Its seats are held without a gap. It meets: a meeting is called, held, minuted and confirmed, and confirmed minutes
change by corrigendum only. What was promised becomes actions, each with one owner and one date; somebody else verifies
it. Bulletins tell all who subscribed.

Start with `domain/force.py` (seats and bulletins), then `domain/meeting.py` and `domain/action.py`.
"""
