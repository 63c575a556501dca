"""Elements of a page, made from words: text is always text, so that no name of the company's can become markup."""

from __future__ import annotations

from xml.etree import ElementTree

Element = ElementTree.Element
Child = Element | str | None


def element(name: str, /, *children: Child, **attributes: str) -> Element:
    """An element; children that are None or empty are left out. `class_` is written `class`, `data_kpi` `data-kpi`."""
    made = ElementTree.Element(name, {key.rstrip("_").replace("_", "-"): value for key, value in attributes.items()})
    for child in children:
        if isinstance(child, ElementTree.Element):
            made.append(child)
        elif child:
            _add_text(made, child)
    return made


def _add_text(parent: Element, text: str) -> None:
    # A character that XML does not know (a vertical tab, say) is no text of a page either.
    clean = "".join(
        letter for letter in text if letter.isprintable() or letter in "\n\t\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}"
    )
    if len(parent):
        parent[-1].tail = (parent[-1].tail or "") + clean
    else:
        parent.text = (parent.text or "") + clean


def page_bytes(root: Element) -> bytes:
    """The page as HTML in UTF-8."""
    return b"<!DOCTYPE html>\n" + ElementTree.tostring(root, encoding="utf-8", method="html")
