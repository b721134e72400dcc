"""The story of one neighbourhood's renewal, from what its households need to works that are accepted.

`linli demo renewal` (`command.py`) plays it on a stack of its own and says what came of it: docs/renewal/story.md.

`story.py` says who asks for what and what it has to come to; each act is a file; `play.py` plays them in order, on a
clock that is put ahead, and `figures.py` compares what came of it.
"""
