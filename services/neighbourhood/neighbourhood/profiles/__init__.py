"""The rules that come with Linli, as data with citations, and how their days are counted.

A `RuleProfile` (`linli.contracts.neighbourhood.profile`) is what every context of this service decides by; what each
makes of it is in `neighbourhood.place_rules`. One that a place needs beside these is written here too, in code, with a
new id (`docs/renewal/rules.md`, "How to change a rule"); there is no form for it. Upstream of all contexts: it knows
none. Start with `qingdao.py`, then `choosing.py` (which profile holds where and when) and `days.py`.
"""
