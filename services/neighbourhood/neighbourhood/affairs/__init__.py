"""What every context of common affairs does in the same way.

An affair (a round, a vote, a work package) is an aggregate: people's commands are decided on by its pure domain, the
events are kept with its state in one transaction, and told on `linli.neighbourhood`. A context says what its domain
needs beside the command (`Office.decide`), and which commands who may give (`Verb`); the rest is here.

Read `office.py` first, then `stories.py` (how it is kept) and `verbs.py` (how a command comes in over HTTP).
"""
