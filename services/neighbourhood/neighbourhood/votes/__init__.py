"""Votes of the owners: who has a vote, what is asked, how it is counted, and how it can be called into question.

A decision of the owners counts twice: by the area of their units and by heads (民法典 278). So a vote begins with a
register that is frozen under a hash, and keeps the rules it is held by. Each owner has one ballot, whichever way it
comes; what is chosen lies in the ballot box and never in an event. The count is a pure function of the frozen register
and the box; two tellers certify it, and a recount from the events comes to the same numbers.

Start with `domain/tally.py`, then `domain/vote.py` and `domain/holding.py`; `domain/ballot.py` is one owner's side.
"""
