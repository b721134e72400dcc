"""What leads to the portal's pages says: `linli portal`, and the ends of `linli up` and `linli demo`."""

SENTENCES = {
    "for residents": "居民页面",
    "the desk": "工作台",
    "the topology": "拓扑图",
    "sign in as operator": "以操作员身份登录",
    "sign in as {party}": "以“{party}”身份登录",
    "A link opens once, within ten minutes. A new one: linli portal sign-in": (
        "每个链接十分钟内有效，只能用一次。重新获取：linli portal sign-in"
    ),
    "no link to sign in: {why}": "没有登录链接：{why}",
    "It opens once, until {until}.": "只能用一次，{until} 前有效。",
    "What runs: linli status": "运行情况：linli status",
}
HELP = {
    "The pages, for who has a key.": "门户页面，供持有密钥的人使用。",
    """Print a link that signs whoever opens it in to the portal: once, within ten minutes, with a key's rights.

Whoever has the link may do what the key may: hand it over as you would the key.""": """\
显示一个登录门户的链接：十分钟内有效，只能用一次，权限与密钥相同。

拿到链接的人可以做密钥能做的一切，请像保管密钥一样保管链接。""",
    "Whose key it is for. Default: LINLI_KEY_FILE's, or the operator's.": (
        "用谁的密钥。默认：LINLI_KEY_FILE 的，或操作员的。"
    ),
}
