"""Bytes of an XML file → its elements, without entities, external references, network or unbounded memory."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from lxml import etree  # pyright: ignore[reportAttributeAccessIssue]  (compiled, without types)

from ingestion.readers import RejectedFile
from ingestion.readers.text import decode

Element = Any  # lxml tells no types

LARGEST_DOCUMENT = 8 * 1024 * 1024  # the authority takes lots of up to 500 kB
START = 1024
NAMESPACE = "http://www.portalfiscal.inf.br/nfe"
PREFIX = f"{{{NAMESPACE}}}"
# Documents of the same family that are known and hold no goods invoice: told by name, not taken for damage.
OTHER_KINDS = (
    (re.compile(r"cte|CTe"), "a transport document (CT-e)"),
    (re.compile(r"mdfe|MDFe"), "a manifest of transport documents (MDF-e)"),
    (re.compile(r"sped\.fazenda\.gov\.br/nfse|abrasf|nfse|NFSe|CompNfse"), "a service invoice (NFS-e)"),
    (re.compile(r"esocial|reinf"), "an event of eSocial or EFD-Reinf"),
    (re.compile(r"\}(?:ret)?(?:resNFe|resEvento|ConsReci|consSit|consStat|EnviNFe|enviNFe|DistDFe)"), "an answer or "
     "summary of the tax authority without the document itself"),
)  # fmt: skip
SAFE = {
    "resolve_entities": False,
    "no_network": True,
    "load_dtd": False,
    "dtd_validation": False,
    "huge_tree": False,  # limits depth and the length of texts
    "remove_comments": True,
    "remove_pis": True,
    "collect_ids": False,
}


class NothingToLoad(Exception):
    """The file is whole and of a kind that is known, and holds nothing for any table. Says what it is."""

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.what = what


@dataclass(frozen=True)
class Parts:
    """The parts of one file that fiscal rows are made of, in the order of the file."""

    documents: tuple[Element, ...]  # infNFe
    events: tuple[Element, ...]  # infEvento, of requests and of answers
    gaps: tuple[Element, ...]  # infInut, of requests and of answers
    answers: tuple[Element, ...]  # infProt


def read_parts(name: str, content: bytes) -> Parts:
    """The fiscal parts of one XML file, whatever they are wrapped in (nfeProc, a lot, a SOAP envelope).

    Raises RejectedFile for what is too large, empty, not XML, cut, declares a DTD or entities, or is unknown;
    NothingToLoad for a known document of another kind.
    """
    root = parse(name, content)
    found: dict[str, list[Element]] = {"infNFe": [], "infEvento": [], "infInut": [], "infProt": []}
    for element in root.iter(*(f"{PREFIX}{tag}" for tag in found), *found):
        found[local_name(element)].append(element)
    if not (found["infNFe"] or found["infEvento"] or found["infInut"]):
        _refuse_other(name, root)
    return Parts(*(tuple(found[tag]) for tag in ("infNFe", "infEvento", "infInut", "infProt")))


def parse(name: str, content: bytes) -> Element:
    """Root element of an XML file. A declared encoding that does not hold gives way to the one that does."""
    if len(content) > LARGEST_DOCUMENT:
        raise RejectedFile(
            f"{name} has {len(content) / 1048576:,.0f} MiB; a fiscal document may have "
            f"{LARGEST_DOCUMENT // 1048576} MiB.",
            "Export one document a file.",
        )
    content = content.strip(b"\x00\t\n\r \x1a") if content[:1] in b"\x00\t\n\r \x1a" else content
    if not content:
        raise RejectedFile(f"{name} is empty.", "Download the document again.")
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
        _refuse_declarations(name, content)
    try:
        root = etree.fromstring(content, _parser())
    except etree.XMLSyntaxError as error:
        root = _parse_again(name, content, error)
    except ValueError as error:
        raise RejectedFile(f"{name} cannot be read as XML: {error}.", "Download the document again.") from error
    if root.getroottree().docinfo.doctype:
        _refuse_declarations(name, content)
    return root


def local_name(element: Element) -> str:
    """Name of an element without its namespace."""
    return str(element.tag).rpartition("}")[2]


def texts(element: Element | None) -> dict[str, str | None]:
    """Text of every child by its name without namespace; of a repeated child the first."""
    found: dict[str, str | None] = {}
    if element is not None:
        for child in element:
            found.setdefault(child.tag.rpartition("}")[2], child.text)
    return found


def _parser(encoding: str | None = None) -> etree.XMLParser:
    return etree.XMLParser(encoding=encoding, **SAFE)


def _parse_again(name: str, content: bytes, error: etree.XMLSyntaxError) -> Element:
    """Files say UTF-8 and hold cp1252: what is no UTF-8 is read by the one rule for texts."""
    try:
        content.decode("utf-8")
        says_otherwise = b"encoding" in content[:START] and b"utf-8" not in content[:START].lower()
    except UnicodeDecodeError:
        says_otherwise = True
    if says_otherwise and content[:2] not in (b"\xff\xfe", b"\xfe\xff"):
        text = re.sub(r"^\ufeff?\s*<\?xml[^>]*\?>", "", decode(content)[0])
        try:
            return etree.fromstring(text.encode("utf-8", errors="replace"), _parser("utf-8"))
        except etree.XMLSyntaxError as second:
            error = second
    start = content[:START].lower()
    if b"<html" in start:
        raise RejectedFile(
            f"{name} is a web page (HTML), not a fiscal document.",
            "The download failed: sign in again and download the XML.",
        ) from error
    if not content.lstrip(b"\xef\xbb\xbf").startswith((b"<", b"\xff\xfe", b"\xfe\xff")):
        raise RejectedFile(f"{name} is not XML.", "Export the document as XML (procNFe).") from error
    reason = str(error.msg or error).split(", line ")[0]
    raise RejectedFile(
        f"{name}, line {error.lineno}: the XML is cut or damaged: {reason}.",
        "Nothing of it was loaded. Download the document again.",
    ) from error


def _refuse_declarations(name: str, content: bytes) -> None:
    if b"<!doctype html" in content[:START].lower():
        raise RejectedFile(
            f"{name} is a web page (HTML), not a fiscal document.",
            "The download failed: sign in again and download the XML.",
        )
    raise RejectedFile(
        f"{name} declares a document type or entities, which no fiscal document has.",
        "It was not opened. Download the document again from the tax authority.",
    )


def _refuse_other(name: str, root: Element) -> None:
    namespaces = " ".join(str(uri) for element in (root, *root) for uri in element.nsmap.values())
    described = f"{root.tag} {namespaces} " + " ".join(str(child.tag) for child in root)
    for pattern, what in OTHER_KINDS:
        if pattern.search(described):
            raise NothingToLoad(what)
    raise RejectedFile(
        f"{name} is XML, and holds no NF-e, NFC-e, event or number gap (its root is {local_name(root)[:60]}).",
        "Export the documents as XML (procNFe), or take the file out of the folder.",
    )
