"""The laws that the profiles cite, and how far each was read. Texts were read in a mirror of April 2025."""

from linli.contracts.neighbourhood.rules import Citation, Read


def civil_code(article: str, note: str = "") -> Citation:
    return Citation(law="中华人民共和国民法典", article=article, read=Read.TEXT, note=note)


def owners_interpretation(article: str, note: str = "") -> Citation:
    """最高人民法院关于审理建筑物区分所有权纠纷案件适用法律若干问题的解释."""
    return Citation(law="建筑物区分所有权解释", article=article, read=Read.TEXT, note=note)


def qingdao(article: str, note: str = "") -> Citation:
    return Citation(law="青岛市物业管理条例", article=article, read=Read.TEXT, note=note)


def works_quality(article: str, note: str = "") -> Citation:
    return Citation(law="建设工程质量管理条例", article=article, read=Read.TEXT, note=note)


def residents_committees(article: str, note: str = "") -> Citation:
    return Citation(law="城市居民委员会组织法", article=article, read=Read.TEXT, note=note)


def read(law: str, article: str, note: str = "") -> Citation:
    """Of a law that is cited once."""
    return Citation(law=law, article=article, read=Read.TEXT, note=note)


def unread(law: str, article: str = "", note: str = "", read: Read = Read.PRESS) -> Citation:
    """A rule that nobody has read in the law itself: an office asks before it relies on it."""
    return Citation(law=law, article=article, read=read, note=note)


def chosen(note: str, law: str = "", article: str = "") -> Citation:
    """No article that holds here says so; what is more careful was taken. `law`: what it leans on."""
    return Citation(law=law, article=article, read=Read.CHOICE, note=note)
