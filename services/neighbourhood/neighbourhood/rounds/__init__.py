"""Rounds 征集: one collection of needs and opinions in a neighbourhood 问需于民.

A round asks; each household answers once, by the code of its letter or on paper; the round closes; a second person
reads a sample of the sheets again; what households need becomes demands, each in a cluster or with a reason why in
none; the count is summarised and published.

Two aggregates: the round (`domain/round.py`) and each household's answer (`domain/response.py`), which has a story of
its own so that thousands can answer at once and a household can be forgotten. Start with `domain/deciding.py`.
"""
