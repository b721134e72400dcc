"""Mediation: a dispute that people talk over with a mediator, until they agree, or until it goes up.

It begins with a case of the kind dispute, and has a story of its own beside the case's. Start with
`domain/mediation.py` (what there is to know), `domain/deciding.py` (what may be done) and `desk.py` (load, decide,
save). Who takes part, what they say and what they agree is kept apart from that story, in `papers.py`: nothing of it is
in an event, and an erasure takes it away whole. What the end of a mediation means for its case is `on_case.py`.
"""
