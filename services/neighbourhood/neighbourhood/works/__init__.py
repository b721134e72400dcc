"""Works 施工: what a plan's items become, and who watches over it.

A work package is opened from items of a finalised plan. While it is built, residents and the supervisor walk the site,
hidden work is passed before it is covered, and each defect is put right and looked at by somebody else. It is accepted
when all who must sign have, the residents' representatives agree and nothing is open; then it is filed, under warranty,
and handed over. A clearing is the way of an illegal structure, from its finding to the second look.

Start with `domain/package.py` (what a package is), then `domain/deciding.py` (what may be done with it).
"""
