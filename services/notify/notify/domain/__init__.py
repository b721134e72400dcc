"""Who hears what about a case, and what follows from an attempt to tell them. Values and times in, decisions out.

A *notice* is one message about one event to one recipient; a *delivery* is one try-until-done of it on one channel.
"""
