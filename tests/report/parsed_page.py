"""A page as a browser reads it."""

import html.parser
import re

_VOID = {"meta", "br", "path", "use", "img"}


class Page(html.parser.HTMLParser):
    """Collects what a browser would see, and checks that the tags match."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.ids, self.links, self.text, self.open = [], [], [], "", []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.handle_startendtag(tag, attrs)
        if tag not in _VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.append(tag)
        for name, value in attrs:
            if name == "id":
                self.ids.append(value)
            if name in ("src", "href", "xlink:href"):
                self.links.append(value)

    def handle_endtag(self, tag):
        if tag not in _VOID:
            assert self.open.pop() == tag

    def handle_data(self, data):
        self.text += data


def parse_self_contained(path):
    """Returns the `Page` of a file, and checks that it is whole and needs no other."""
    source = path.read_text(encoding="utf-8")
    page = Page(source)
    assert page.open == []
    assert "script" not in page.tags and "link" not in page.tags
    assert all(link.startswith(("#", "data:image/png;base64,")) for link in page.links)
    assert not re.search(r"(@import|url\()\s*[\"']?(https?:)?//", source)
    assert len(set(page.ids)) == len(page.ids)
    assert {link[1:] for link in page.links if link[0] == "#"} <= set(page.ids)
    assert set(re.findall(r"url\(#([^)]+)\)", source)) <= set(page.ids)
    assert not list(path.parent.glob(".*"))
    return page
