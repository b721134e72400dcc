"""What a renewal has made of a demand, as its case tells it.

Neighbourhood says what each demand has come to. Here that becomes a step of the demand's case: news that its reporter
hears of, and at the end the case is resolved for that reason. Start with `module.py`; the sentences are in `words.py`.
"""
