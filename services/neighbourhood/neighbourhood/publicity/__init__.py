"""Publicity 公示: what is posted for residents, where it hangs, and which of its days count.

Rounds, plans, votes and covenants have something posted and then ask whether its days are over. They all ask
`domain/days.py`, so a day is counted in one way: from the first midnight after it hangs in the last building, to the
midnight after the last day, where the community is. One changed character begins it all anew.

Start with `domain/days.py`; `domain/profile.py` has the days that the law wants, with where that is written.
"""
