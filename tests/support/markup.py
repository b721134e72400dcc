"""An HTML page as a browser reads it: what could run or load in it, and what a reader sees."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urlsplit

VOID = frozenset({"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"})
ADDRESSES = frozenset({"href", "src", "action", "formaction", "data", "poster", "srcset", "xlink:href"})
UNREAD = frozenset({"script", "style", "template", "data"})


@dataclass
class Markup:
    """What a page is made of."""

    elements: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    text: str = ""
    """All that stands between the tags, as it is read."""

    def of(self, tag: str) -> list[dict[str, str]]:
        """The attributes of each element with this tag."""
        return [attributes for name, attributes in self.elements if name == tag]

    def dangers(self) -> list[str]:
        """What the page's policy would refuse, and what should not be there for it to refuse: it is one wall of two."""
        return [found for tag, attributes in self.elements for found in _dangers(tag, attributes)]

    def says(self, words: str) -> bool:
        """Whether they are there to be read, as they are; runs of white space count as one."""
        return _plain(words) in _plain(self.text)

    def field_of(self, name: str) -> str | None:
        """The value of the first field with this name."""
        return next((each.get("value", "") for each in self.of("input") if each.get("name") == name), None)

    def faulty(self) -> set[str]:
        """The fields at which the page says that something is wrong."""
        fields = ("input", "select", "textarea")
        return {each["name"] for tag, each in self.elements if tag in fields and each.get("aria-invalid") == "true"}


def markup(page: str) -> Markup:
    reader = _Reader()
    reader.feed(page)
    reader.close()
    return reader.read


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.read = Markup()
        self._within: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        self.read.elements.append((tag, attributes))
        if tag == "script" and attributes.get("type", "module").endswith("json"):
            tag = "data"  # nothing runs it
        if tag not in VOID:
            self._within.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.read.elements.append((tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        tag = "data" if tag == "script" and self._within[-1:] == ["data"] else tag
        if tag in self._within:
            while self._within.pop() != tag:
                pass

    def handle_data(self, data: str) -> None:
        if not UNREAD & set(self._within):
            self.read.text += data
        elif data.strip():
            self.read.elements.append((f"{self._within[-1]} with content", {"content": data}))


def _dangers(tag: str, attributes: dict[str, str]) -> list[str]:
    told = f"<{tag} {attributes}>"
    if tag in {"script with content", "style with content", "iframe", "object", "embed", "base"}:
        return [told]
    found = [told for name in attributes if name.startswith(("on", "hx-on")) or name in {"style", "srcdoc"}]
    for name in ADDRESSES & attributes.keys():
        address = urlsplit(attributes[name].strip())
        if address.scheme not in {"", "http", "https", "mailto", "tel", "data"} or (address.netloc and tag != "a"):
            found.append(told)
    return found


def _plain(text: str) -> str:
    return " ".join(text.split())
