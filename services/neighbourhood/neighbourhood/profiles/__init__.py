"""The rules that come with Linli, as data with citations, and how their days are counted.

A `RuleProfile` (`linli.contracts.neighbourhood.profile`) is what every context of this service decides by; what each
makes of it is in `neighbourhood.place_rules`. An office may write its own; what is here is the part of the law that
somebody has read. Upstream of all contexts: it knows none. Start with `qingdao.py`, then `choosing.py` (which profile
holds where and when) and `days.py`.
"""
