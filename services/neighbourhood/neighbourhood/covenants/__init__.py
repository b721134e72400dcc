"""Covenants 公约: what neighbours agree to keep, from the first draft to the version that supersedes it.

A text is drafted, commented on by households, each of whom is answered, and reviewed; the right electorate adopts
exactly that text by a vote; it is filed and put in force. Households sign it: their signatures bind the digest of one
text, so those under an older version count for nothing under a newer one, and none of them stands for the vote.

Start with `domain/covenant.py` (what a covenant is), then `domain/deciding.py` (what may be done with it).
"""
