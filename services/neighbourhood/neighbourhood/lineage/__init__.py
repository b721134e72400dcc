"""Lineage: what became of a demand, from its cluster to the acceptance of what was built, or why it ended before.

Every event of rounds, plans, talks, actions, works and cases makes a few small links from one thing to another. A link
is written by one story alone and the newest of its events wins, so it is of no account in which order stories arrive:
one service may be away, and the lineage is complete afterwards. Nothing is read to write a link.

Start with `domain/links.py` (what a link is), then `domain/reading.py` (which event makes which),
`domain/assembling.py` (what links come to, for one demand) and `domain/telling.py` (who is told of it).
"""
