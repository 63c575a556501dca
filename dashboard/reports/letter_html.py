"""The page of a letter, as mail readers understand it: tables, styles at each element, 600 pixels, nothing fetched.

Styles stand at the elements because many readers throw a style sheet away; the small sheet only adds what may be lost:
dark ground and telephones.
"""

from __future__ import annotations

from collections.abc import Iterable
from xml.etree import ElementTree

from dashboard.language import tag
from dashboard.reports.markup import Child, Element, element

WIDTH = 600
FONT = "font-family:-apple-system,'Segoe UI',Roboto,'Helvetica Neue',Arial,sans-serif"
STYLES = {
    "ground": "background-color:#f3f5f7",
    "paper": "background-color:#ffffff",
    "ink": f"{FONT};font-size:16px;line-height:1.45;color:#1f2830;margin:0 0 10px",
    "quiet": f"{FONT};font-size:13px;line-height:1.45;color:#57626e;margin:0 0 6px",
    "company": f"{FONT};font-size:14px;line-height:1.4;color:#57626e;font-weight:600;margin:0 0 2px",
    "title": f"{FONT};font-size:26px;line-height:1.2;color:#1f2830;font-weight:700;margin:0 0 2px",
    "heading": f"{FONT};font-size:19px;line-height:1.3;color:#1f2830;font-weight:700;margin:28px 0 8px;"
    "padding:10px 0 0;border-top:2px solid #1f2830",
    "group": f"{FONT};font-size:15px;line-height:1.4;font-weight:700;margin:14px 0 4px",
    "better": "color:#1f5f9f",
    "worse": "color:#a4500a",
    "changed": "color:#6a45b3",
    "status": f"{FONT};font-size:15px;line-height:1.4;color:#1f2830;font-weight:600;margin:8px 0 12px;"
    "padding:0 0 0 10px;border-left:4px solid #2f78c4",
    "provisional": f"{FONT};font-size:15px;line-height:1.4;color:#1f2830;font-weight:600;margin:8px 0 12px;"
    "padding:0 0 0 10px;border-left:4px solid #d9731a",
    "area": f"{FONT};font-size:14px;line-height:1.3;color:#1f2830;font-weight:700;text-align:left;"
    "padding:14px 6px 5px 0;border-bottom:1px solid #7d8996",
    "corner": f"{FONT};font-size:12px;line-height:1.3;color:#57626e;font-weight:400;text-align:left;"
    "padding:2px 6px 5px 0;vertical-align:bottom",
    "column": f"{FONT};font-size:12px;line-height:1.3;color:#57626e;font-weight:400;text-align:right;"
    "padding:2px 0 5px 8px;vertical-align:bottom",
    "label": f"{FONT};font-size:14px;line-height:1.35;color:#1f2830;font-weight:400;text-align:left;"
    "padding:6px 6px 6px 0;border-bottom:1px solid #e4e8ec;vertical-align:top",
    "number": f"{FONT};font-size:14px;line-height:1.35;color:#1f2830;text-align:right;white-space:nowrap;"
    "padding:6px 0 6px 8px;border-bottom:1px solid #e4e8ec;vertical-align:top",
    "button": f"{FONT};display:inline-block;font-size:15px;line-height:1.3;font-weight:600;color:#ffffff;"
    "background-color:#1f5f9f;text-decoration:none;padding:10px 16px;border-radius:4px",
    "link": "color:#1f5f9f",
    "name": "color:#1f2830;font-weight:600;text-decoration:underline;text-decoration-color:#b4bcc5",
    "picture": "display:block;width:100%;max-width:552px;height:auto;border:0;background-color:#ffffff;border-radius:4px",
}
SHEET = """
:root { color-scheme: light dark; supported-color-schemes: light dark; }
body { margin: 0; padding: 0; }
@media (max-width: 480px) {
  .inside { padding: 20px 16px !important; }
  .title { font-size: 23px !important; }
  .number, .label, .area { font-size: 13px !important; }
}
@media (prefers-color-scheme: dark) {
  .ground { background-color: #14181c !important; }
  .paper { background-color: #1c2228 !important; }
  .ink, .title, .label, .number, .area, .name, .status, .provisional { color: #eef1f4 !important; }
  .heading { color: #eef1f4 !important; border-top-color: #eef1f4 !important; }
  .quiet, .company, .column, .corner { color: #aeb8c2 !important; }
  .label, .number { border-bottom-color: #3a434c !important; }
  .link { color: #8abbf0 !important; }
  .better { color: #8abbf0 !important; }
  .worse { color: #f0a869 !important; }
  .changed { color: #bda5f0 !important; }
  .button { background-color: #2f78c4 !important; color: #ffffff !important; }
}
"""
# Outlook on Windows knows no widest width: it gets a table of its own around ours.
OUTLOOK = (
    f'[if mso]><table role="presentation" width="{WIDTH}" align="center"><tr><td><![endif]',
    "[if mso]></td></tr></table><![endif]",
)


def styled(name: str, style: str, /, *children: Child, **attributes: str) -> Element:
    """An element with its style; the styles are named in `style`, the first being its class as well."""
    names = style.split()
    text = ";".join(STYLES[one] for one in names)
    made = element(name, *children, **attributes)
    made.set("class", " ".join(names))
    made.set("style", text)
    return made


def grid(*rows: Element, **attributes: str) -> Element:
    """A table that only arranges."""
    table = element("table", *rows, cellpadding="0", cellspacing="0", border="0", width="100%", **attributes)
    if "role" not in table.attrib:
        table.set("role", "presentation")
    return table


def paragraph(style: str, *children: Child) -> Element:
    """A paragraph."""
    return styled("p", style, *children)


def button(words: str, address: str | None) -> Element | None:
    """A link that looks like a button; None without an address."""
    return element("p", styled("a", "button", words, href=address), style="margin:4px 0 14px") if address else None


def linked(style: str, words: str, address: str | None) -> Element:
    """Words that lead to a page; only words without an address."""
    return styled("a", style, words, href=address) if address else element("strong", words)


def page(title: str, language: str, first_words: str, body: Iterable[Child]) -> str:
    """The whole page. `first_words` is what a list of mails shows beside the subject."""
    hidden = element("div", first_words, style="display:none;max-height:0;overflow:hidden;mso-hide:all")
    inside = element("td", *body, style="padding:28px 24px", class_="inside")
    paper = styled("table", "paper", element("tr", inside), role="presentation", cellpadding="0", cellspacing="0")
    paper.set("width", "100%")
    paper.set("style", f"{paper.get('style')};width:100%;max-width:{WIDTH}px;margin:0 auto")
    cell = element("td", align="center", style="padding:12px 0")
    cell.extend([ElementTree.Comment(OUTLOOK[0]), paper, ElementTree.Comment(OUTLOOK[1])])
    ground = styled("table", "ground", element("tr", cell), role="presentation", cellpadding="0", cellspacing="0")
    ground.set("width", "100%")
    body_element = styled("body", "ground", hidden, ground)
    body_element.set("style", f"margin:0;padding:0;{STYLES['ground']}")
    document = element("html", _head(title), body_element)
    document.set("lang", tag(language))
    document.set("dir", "ltr")
    return "<!DOCTYPE html>\n" + ElementTree.tostring(document, encoding="unicode", method="html") + "\n"


def _head(title: str) -> Element:
    return element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", name="color-scheme", content="light dark"),
        element("meta", name="supported-color-schemes", content="light dark"),
        # Telephones make links of what looks like a number to call or a day to meet.
        element("meta", name="format-detection", content="telephone=no, date=no, address=no, email=no"),
        element("title", title),
        element("style", SHEET),
    )
