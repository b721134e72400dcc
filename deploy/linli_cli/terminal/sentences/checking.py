"""`linli community check`: what the models of the services find in a community's data."""

from collections.abc import Mapping

_PLAIN_HTTP = "plain HTTP goes nowhere but to private networks; write https://"
_NAME_IT = "if it is meant, name its network in LINLI_WEBHOOK_ALLOWED_NETWORKS"
_NAMED = "确实要用时，请在 LINLI_WEBHOOK_ALLOWED_NETWORKS 中写明它的网络"
FOUND_IN_COMMUNITY: Mapping[str, str] = {
    # linli.contracts.workflow.community
    r"there is no party '(.*)'": "没有单位“{0}”",
    r"'(.*)' is not a party of kind grid": "“{0}”不是 grid 类型的单位",
    r"there is no category '(.*)' above '(.*)'": "“{1}”没有上级类别“{0}”",
    r"there is no category '(.*)'": "没有类别“{0}”",
    r"there is no neighbourhood '(.*)'": "没有小区“{0}”",
    r"nobody fills the role '(.*)'": "角色“{0}”无人承担",
    r"'(.*)' stands twice": "“{0}”出现了两次",
    r"the subdistrict is the top of the tree and has no parent": "街道是最上级，没有上级单位",
    r"the node above is missing": "没有填写上级单位",
    r"'(.*)' is no level of the tree": "“{0}”不是层级中的单位",
    r"a (.*) hangs from the level above it, not from a (.*)": "{0} 的上级应是紧邻的上一级，不能是 {1}",
    # workflow.community.domain.doubts
    r"(.*) seconds: each new case is late at once; are minutes \(m\) or hours \(h\) meant\?": (
        "{0} 秒：新案件会立即超期；是不是要写分钟（m）或小时（h）？"
    ),
    r"never reached: '(.*)' above it holds for everything": "用不到：前面的“{0}”适用于一切",
    r"from and to are the same, so it never holds; a whole day is 00:00 to 24:00": (
        "起止时间相同，永远不适用；全天请写 00:00 至 24:00"
    ),
    r"'?(.*?)'? has no letter that could be found": "“{0}”中没有可供查找的文字",
    # workflow.community.domain.outlines
    r"it lies (.*) km from the others; longitude comes first, then latitude": (
        "离其他小区 {0} 公里；请先写经度，后写纬度"
    ),
    r"(.*) lies (.*) km from the other outlines": "{0}离其他轮廓 {1} 公里",
    r"the line crosses itself or holds no area near (.*) \((.*)\); draw it anew": (
        "轮廓线在 {0} 附近自相交叉，或没有面积（{1}）；请重画"
    ),
    r"the line crosses itself or holds no area \((.*)\); draw it anew": "轮廓线自相交叉，或没有面积（{0}）；请重画",
    r"(.*) of the smaller one lies in (.*) and in (.*); a point there is located in the first by id": (
        "较小者的 {0} 同时在{1}和{2}内；落在其中的点归编号在前的小区"
    ),
    # linli.security.addresses
    r"it is no address of the web; write it like (.*)": "不是网址；请写成 {0} 的样子",
    r"a name or password in it would be readable to many; what is sent is signed, check the signature instead": (
        "其中的用户名或密码会被许多人看到；发送的内容有签名，请改为验证签名"
    ),
    r"what stands behind # is never sent; leave it out": "# 后面的部分不会发送；请去掉",
    r"its host is (.*) in disguise; write an address in its usual form": "主机其实是 {0}；请用通常的写法",
    r"its host is neither a name nor an address": "主机既不是名称也不是地址",
    rf"(.*) is no address of the Internet; {_NAME_IT}": f"{{0}} 不是互联网地址；{_NAMED}",
    rf"only this machine or network knows '(.*)'; {_NAME_IT}": f"“{{0}}”只有本机或本网络认识；{_NAMED}",
    _PLAIN_HTTP: "http 只能用于内部网络；请写 https://",
    rf"{_PLAIN_HTTP}, or {_NAME_IT}": f"http 只能用于内部网络；请写 https://，或者{_NAMED}",
}
"""What they say, as a pattern → in Chinese."""
