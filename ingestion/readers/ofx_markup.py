"""OFX markup → statements: tags only, tolerant of what Brazilian banks write, and never an XML parser.

One scanner serves SGML with closing tags, SGML without, and XML. Nothing is resolved: no document type, no
declared entity, no external file. Only the character references of OFX are replaced, one character by one.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

# Possessive, so that a "<" without its ">" costs one pass and not one a character.
TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9._-]*+)[^<>]*+>")
TAG_AND_TEXT = re.compile(TAG.pattern + r"([^<]*+)")
# Only tags and texts: no comment, declaration or stray "<". Then no token has to be put together from pieces.
PLAIN = re.compile(r"[^<]*+(?:" + TAG.pattern + r"[^<]*+)*+")
# A movement that holds leaves only, as nearly all do, is read in one go.
LEAVES = re.compile(r"(?:\s*+<[A-Z][A-Z0-9._]*+>[^<]*+(?:</[A-Z][A-Z0-9._]*+>)?+)*+\s*+")
LEAF = re.compile(r"<([A-Z][A-Z0-9._]*+)>([^<]*+)")
REFERENCE = re.compile(r"&(?:(amp|lt|gt|quot|apos|nbsp)|#(\d{1,7})|#[xX]([0-9A-Fa-f]{1,6}));")
CHARACTERS = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'", "nbsp": " "}

STATEMENTS = {"STMTRS", "CCSTMTRS"}
ACCOUNTS = {"BANKACCTFROM", "CCACCTFROM"}
MOVEMENT = "STMTTRN"
BALANCE = "LEDGERBAL"
# Elements that hold elements. All else is a leaf, with or without a closing tag, with or without a text.
AGGREGATES = STATEMENTS | ACCOUNTS | {
    "OFX", "SIGNONMSGSRSV1", "SONRS", "STATUS", "FI", "BANKMSGSRSV1", "CREDITCARDMSGSRSV1", "STMTTRNRS", "CCSTMTTRNRS",
    "BANKTRANLIST", "BANKTRANLISTP", MOVEMENT, "STMTTRNP", BALANCE, "AVAILBAL", "BALLIST", "BAL", "BANKACCTTO",
    "CCACCTTO", "CURRENCY", "ORIGCURRENCY", "INVSTMTRS", "INVSTMTMSGSRSV1", "INVTRANLIST", "INVBANKTRAN", "INVPOSLIST",
    "INVBAL", "SIGNUPMSGSRSV1", "ACCTINFOTRNRS", "ACCTINFORS", "EXTDPAYEE", "IMAGEDATA",
}  # fmt: skip
# A bank that forgets </STMTTRN> is still understood: these end an open movement or balance.
ENDS_RECORD = STATEMENTS | {MOVEMENT, BALANCE, "AVAILBAL", "BANKTRANLIST", "STMTTRNRS", "CCSTMTTRNRS", "BALLIST"}
RAW_CHARACTERS = 2000


@dataclass
class Record:
    """A movement or a balance: its line in the file (from 1), its leaves (first value wins) and its text as written."""

    line: int
    leaves: dict[str, str] = field(default_factory=dict)
    raw: str = ""


@dataclass
class Statement:
    """One account's statement. `account` are the leaves of its account element."""

    kind: str
    line: int
    account: dict[str, str] = field(default_factory=dict)
    leaves: dict[str, str] = field(default_factory=dict)
    movements: list[Record] = field(default_factory=list)
    balances: list[Record] = field(default_factory=list)


@dataclass
class Document:
    """All statements of a file; `errors` are the statuses by which the bank refused to answer.

    `is_closed` says that </OFX> is there, `ends_inside` that the text stops within another element: the file was cut.
    """

    institution: dict[str, str] = field(default_factory=dict)
    statements: list[Statement] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    has_investments: bool = False
    is_closed: bool = False
    ends_inside: bool = False


class Token(NamedTuple):
    """A tag, the text that follows it, and where the tag begins and the text ends; `leaves` of a whole movement."""

    name: str
    is_end: bool
    text: str
    start: int
    end: int
    leaves: dict[str, str] | None = None


def read_markup(text: str) -> Document:
    """The document in `text` (line ends already \\n). Unknown tags are leaves; stray closing tags are ignored."""
    lines = _Lines(text)
    document = Document()
    stack: list[str] = []
    statement: Statement | None = None
    record: Record | None = None
    record_start = 0
    status: dict[str, str] = {}

    def end_record(end: int) -> None:
        nonlocal record
        if record is not None:
            record.raw = " ".join(text[record_start:end].split())[:RAW_CHARACTERS]
            record = None

    for token in _tokens(text):
        name = token.name
        if token.is_end:
            if name not in stack:
                continue
            while stack:
                closed = stack.pop()
                if closed in (MOVEMENT, BALANCE):
                    end_record(token.start)
                elif closed == "STATUS":
                    _note_status(document, status)
                    status = {}
                elif closed in STATEMENTS and statement is not None:
                    statement = None
                elif closed == "OFX":
                    document.is_closed = True
                if closed == name:
                    break
            continue
        if name in ENDS_RECORD and record is not None:
            end_record(token.start)
            while stack and stack[-1] not in (MOVEMENT, BALANCE):
                stack.pop()
            if stack:
                stack.pop()
        if token.leaves is not None and statement is not None:
            raw = " ".join(text[token.start : token.end].split())[:RAW_CHARACTERS]
            statement.movements.append(Record(lines.number(token.start), token.leaves, raw))
            continue
        if name in AGGREGATES:
            stack.append(name)
            if name in STATEMENTS:
                statement = Statement(name, lines.number(token.start))
                document.statements.append(statement)
            elif name in (MOVEMENT, BALANCE):
                if statement is None:  # outside any statement: kept without an account, and so quarantined
                    statement = Statement(name, lines.number(token.start))
                    document.statements.append(statement)
                record, record_start = Record(lines.number(token.start)), token.start
                (statement.movements if name == MOVEMENT else statement.balances).append(record)
            elif name == "INVSTMTRS":
                document.has_investments = True
            continue
        value = token.text
        if not value:
            continue
        inner = stack[-1] if stack else ""
        if record is not None and inner in (MOVEMENT, BALANCE):
            record.leaves.setdefault(name, value)
        elif inner == "CURRENCY" and record is not None and name == "CURSYM":
            record.leaves.setdefault("CURRENCY", value)
        elif inner in ACCOUNTS and statement is not None:
            statement.account.setdefault(name, value)
        elif inner in STATEMENTS | {"BANKTRANLIST"} and statement is not None:
            statement.leaves.setdefault(name, value)
        elif inner == "FI":
            document.institution.setdefault(name, value)
        elif inner == "STATUS":
            status.setdefault(name, value)
    document.ends_inside = any(name != "OFX" for name in stack)
    end_record(len(text))
    return document


def _note_status(document: Document, status: dict[str, str]) -> None:
    if status.get("SEVERITY", "").upper() == "ERROR":
        document.errors.append(" ".join(part for part in (status.get("CODE"), status.get("MESSAGE")) if part))


class _Lines:
    """Offsets of the line ends, to turn a place in the text into its line."""

    def __init__(self, text: str) -> None:
        self._ends = [match.start() for match in re.finditer("\n", text)]

    def number(self, offset: int) -> int:
        return bisect_right(self._ends, offset - 1) + 1 if offset else 1


def _tokens(text: str) -> Iterator[Token]:
    """Tags with the text up to the next tag. Comments, declarations and instructions are stepped over."""
    if PLAIN.fullmatch(text):
        yield from _plain_tokens(text)
        return
    name, is_end, start = "", False, -1
    parts: list[str] = []
    position = 0
    while True:
        opening = text.find("<", position)
        stop = len(text) if opening < 0 else opening
        if start >= 0 and stop > position:
            parts.append(_characters(text[position:stop]))
        if opening < 0:
            break
        if text.startswith("<![CDATA[", opening):
            after = text.find("]]>", opening + 9)
            after = len(text) if after < 0 else after
            if start >= 0:
                parts.append(text[opening + 9 : after])
            position = min(after + 3, len(text))
            continue
        if text.startswith("<!--", opening):
            after = text.find("-->", opening + 4)
            position = len(text) if after < 0 else after + 3
            continue
        if text.startswith(("<?", "<!"), opening):
            after = text.find(">", opening)
            position = len(text) if after < 0 else after + 1
            continue
        match = TAG.match(text, opening)
        if match is None:  # a "<" that belongs to the text
            if start >= 0:
                parts.append("<")
            position = opening + 1
            continue
        if start >= 0:
            yield Token(name, is_end, " ".join("".join(parts).split()), start, opening)
        name, is_end, start = match.group(2).upper(), match.group(1) == "/", opening
        parts = []
        position = match.end()
    if start >= 0:
        yield Token(name, is_end, " ".join("".join(parts).split()), start, len(text))


def _plain_tokens(text: str) -> Iterator[Token]:
    """The tokens of a text of nothing but tags and texts; a movement of leaves only is one token."""
    opening, closing = f"<{MOVEMENT}>", f"</{MOVEMENT}>"
    listed = False  # a movement outside a statement takes the long way, which keeps it without an account
    position = text.find("<")
    while 0 <= position < len(text):
        if listed and text.startswith(opening, position):
            end = text.find(closing, position)
            leaves = _leaves(text[position + len(opening) : end]) if end > 0 else None
            if leaves is not None:
                yield Token(MOVEMENT, False, "", position, end, leaves)
                position = text.find("<", end + 1)
                continue
        match = TAG_AND_TEXT.match(text, position)
        if match is None:
            return
        mark, name, after = match.groups()
        name = name.upper()
        if name in STATEMENTS:
            listed = mark != "/"
        yield Token(name, mark == "/", " ".join(_characters(after).split()), position, match.end())
        position = match.end()


def _leaves(text: str) -> dict[str, str] | None:
    """The leaves of a movement's text, first value first; None where it holds more than leaves."""
    if not LEAVES.fullmatch(text):
        return None
    leaves: dict[str, str] = {}
    for name, after in LEAF.findall(text):
        if name in AGGREGATES:
            return None
        value = " ".join((_characters(after) if "&" in after else after).split())
        if value and name not in leaves:
            leaves[name] = value
    return leaves


def _characters(text: str) -> str:
    if "&" not in text:
        return text
    return REFERENCE.sub(_character, text)


def _character(match: re.Match[str]) -> str:
    named, decimal, hexadecimal = match.groups()
    if named:
        return CHARACTERS[named]
    code = int(decimal) if decimal else int(hexadecimal, 16)
    if code in (9, 10, 13, 160) or (32 <= code <= 0x10FFFF and not 0xD800 <= code <= 0xDFFF):
        return " " if code == 160 else chr(code)
    return match.group()
