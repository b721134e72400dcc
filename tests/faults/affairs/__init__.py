"""Common affairs under faults: ballots, answers of households, records of works; and what has become of each.

`staging` puts a vote, a round and a site there, `load` asks, `ledger` notes what was answered, `books` reads the
database at one instant and the topic, `checker` compares.
"""
