"""Deliberations 议事协商: a question is talked over by those whom it concerns, and what comes of it is kept.

Convened on a question, with utilities and companies invited as parties; each says by a mandate who may commit it to
what, until when. Households and parties speak, propose and support, online or in a room, in one record; what they said
is kept beside and its hash is in the event. A party commits itself through somebody with a mandate alone, and what is
taken up becomes an action of the task force. The outcome lists who is against it, and is never a decision under 278.

Start with `domain/deliberation.py`, then `domain/deciding.py`; `domain/hearing.py` is how a partner's updates arrive.
"""
