"""Values of OFX as banks write them → text with one meaning, or the reason why there is none.

Nothing here guesses: an amount that could mean two things keeps its text and gets a problem.
"""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache

from ingestion.contracts import fold

PLAIN_AMOUNT = re.compile(r"-?[0-9]+\.[0-9]{1,2}")
AMOUNT = re.compile(r"([+-]?)([0-9][0-9.,]*|[.,][0-9]{1,2})")
DATE = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})(?:[0-9]{2,6}(?:\.[0-9]+)?)?\s*(?:\[[^\]]*\])?")

# What follows "saldo" on a line that tells a balance ("SALDO ANTERIOR", "SALDO TOTAL DISPONÍVEL DIA", "S A L D O").
# Every word must be one of these: "SALDO DEVEDOR CARTAO" or "PAGTO SALDO" may be movements, and stay movements.
OPENING_WORDS = {"anterior", "inicial", "abertura"}
BALANCE_WORDS = OPENING_WORDS | {
    "a", "apl", "aplic", "aplicacao", "aplicacoes", "atual", "aut", "automatica", "automaticas", "bloqueado", "c/c",
    "cc", "conta", "contas", "corrente", "cta", "cta/apl", "ctas", "da", "de", "dia", "diario", "disp", "disponivel",
    "do", "em", "fechamento", "final", "invest", "investimento", "investimentos", "liquido", "mais", "na", "no",
    "parcial", "poupanca", "r$", "total",
}  # fmt: skip
BALANCE_LINE = re.compile(r"(?:saldos?|sdo|s a l d o)\b(.*)")
DAY = re.compile(r"\d{1,2}/\d{1,2}(?:/\d{2,4})?")


def amount_text(written: str) -> tuple[str, str | None]:
    """An amount as `-1234.56`, and None; or the text as written and why it has no single meaning.

    The last mark followed by one or two digits is the decimal mark, comma or dot; marks before it are thousands marks
    of the other kind, each followed by exactly three digits. The first group may have any length, because banks write
    `6000.000,00` for six million. One mark followed by three digits (`1.234`) means two things and is refused.
    """
    if PLAIN_AMOUNT.fullmatch(written):
        return written, None
    text = re.sub(r"\s+", "", written)
    if text.endswith("-") and not text.startswith(("-", "+")):
        text = f"-{text[:-1]}"
    match = AMOUNT.fullmatch(text)
    if match is None:
        return written, f'"{written}" is not an amount'
    sign, digits = ("-" if match.group(1) == "-" else ""), match.group(2)
    marks = [mark for mark in digits if mark in ".,"]
    if not marks:
        return f"{sign}{digits}", None
    whole, _, fraction = digits.rpartition(marks[-1])
    if len(fraction) not in (1, 2):
        if len(marks) == 1 and len(fraction) == 3:
            return written, f'"{written}" may mean thousands or thousandths'
        # Two marks or more of one kind, three digits after each: all of them are thousands marks.
        if len(marks) > 1 and len(set(marks)) == 1 and _are_groups(digits, marks[0]):
            return f"{sign}{digits.replace(marks[0], '')}", None
        return written, f'"{written}" is not an amount'
    thousands = set(marks[:-1])
    if not thousands:
        return f"{sign}{whole or '0'}.{fraction}", None
    if len(thousands) > 1 or marks[-1] in thousands or not _are_groups(whole, marks[0]):
        return written, f'"{written}" is not an amount'
    return f"{sign}{whole.replace(marks[0], '')}.{fraction}", None


def _are_groups(digits: str, mark: str) -> bool:
    first, *rest = digits.split(mark)
    return bool(first) and bool(rest) and all(len(group) == 3 for group in rest)


@lru_cache(maxsize=4096)
def date_text(written: str) -> str:
    """The calendar date as the bank wrote it, `yyyy-mm-dd`; the text as written where it is no date.

    The zone in brackets is not applied: `20140305000000[-3:GMT]` is 5 March on the bank's statement.
    """
    match = DATE.fullmatch(written.strip())
    if match is None:
        return written
    try:
        return date(*(int(part) for part in match.groups()[:3])).isoformat()
    except ValueError:
        return written


def memo_text(leaves: dict[str, str]) -> str:
    """The statement text: name (or payee) and memo, once if they are equal; the type where the bank wrote neither."""
    name = leaves.get("NAME") or leaves.get("PAYEE") or ""
    memo = leaves.get("MEMO") or ""
    if not name or not memo or name == memo:
        return name or memo or leaves.get("TRNTYPE", "")
    return f"{name} - {memo}"


def is_balance_line(memo: str) -> bool:
    """Whether a line of the transaction list tells a balance, and so is no movement."""
    return _balance_words(memo) is not None


def is_opening_line(memo: str) -> bool:
    """Whether a line tells the balance before the first movement."""
    words = _balance_words(memo)
    return words is not None and not OPENING_WORDS.isdisjoint(words)


@lru_cache(maxsize=4096)
def _balance_words(memo: str) -> tuple[str, ...] | None:
    match = BALANCE_LINE.fullmatch(fold(memo))
    if match is None:
        return None
    words = re.sub(r"[()+:.\-]", " ", match.group(1)).split()
    return tuple(words) if all(word in BALANCE_WORDS or DAY.fullmatch(word) for word in words) else None
