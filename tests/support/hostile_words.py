"""What people, and those who are none, write into a title to see whether a page runs it, breaks, or lies."""

RAN = "ran"
"""What the page's own title would become if any of these ran."""
_RUN = f"document.title='{RAN}'"

HOSTILE: dict[str, str] = {
    "a script": f"电梯<script>{_RUN}</script>坏了",
    "a picture that fails": f'电梯<img src=x onerror="{_RUN}">坏了',
    "out of an attribute": f'电梯" autofocus onfocus="{_RUN}" x=\'',
    "out of an attribute with the other quotes": f"电梯' onmouseover='{_RUN}' x='",
    "out of every element": f"</title></textarea></script></style></option>--><svg onload={_RUN}>电梯",
    "an address that runs": f"javascript:{_RUN}",
    "a template's braces": "{{ 7*7 }}{% raw %}${7*7}#{7*7}<%= 7*7 %>",
    "braces that end": "}}{{ person.key }}{% endraw %}{# 电梯 #}",
    "entities": "&lt;b&gt;电梯&amp;amp;&#x3c;script&#x3e;",
    "attributes of htmx": '电梯<a hx-get="/sessions" hx-trigger="load" hx-on:load="x">坏了</a>',
    "text that runs backwards": "电梯\u202egpj.exe\u202c坏了\u2067x\u2069",
    "zero width and joiners": "电\u200b梯\u200d坏\ufeff了",
    "a formula": '=HYPERLINK("http://evil.example","电梯")',
    "an emoji and beyond the first plane": "🛗𠮷电梯坏了",
    "no place to break": "电" * 20 + "x" * 120,
}
"""What it is → the title."""
