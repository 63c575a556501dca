"""CNAB files written for tests, field by field, by the positions of the standard and not by the reader's tables."""

from __future__ import annotations

from decimal import Decimal


def record(width: int, **fields: str) -> str:
    """A line of blanks with texts at positions: `p9='E'` puts an E at position 9 (from 1)."""
    line = [" "] * width
    for name, text in fields.items():
        start = int(name[1:]) - 1
        line[start : start + len(text)] = list(text)
    assert len(line) == width
    return "".join(line)


def cents(amount: Decimal, digits: int) -> str:
    return str(int(amount * 100)).zfill(digits)


def collection_240(titles: list[dict[str, object]], bank: str = "001", totals: bool = True) -> list[str]:
    """A collection return as Banco do Brasil writes it: header, one lot of T and U, trailers."""
    lines = [
        record(240, p1=bank, p4="0000", p8="0", p18="2", p19="12345678000195", p53="01234", p59="000000056789",
               p71="0", p73="DISTRIBUIDORA", p143="2", p144="01072026", p158="000001"),
        record(240, p1=bank, p4="0001", p8="1", p9="T", p10="01", p14="030"),
    ]  # fmt: skip
    number = 0
    for title in titles:
        number += 1
        lines.append(
            record(240, p1=bank, p4="0001", p8="3", p9=f"{number:05d}", p14="T", p16=str(title["code"]),
                   p38=str(title["our_number"]).ljust(20), p58="1", p59=str(title["document"]).ljust(15),
                   p74=f"{title['due']:%d%m%Y}", p82=cents(title["face"], 15), p97="001",
                   p199=cents(title["fee"], 15)),
        )  # fmt: skip
        number += 1
        lines.append(
            record(240, p1=bank, p4="0001", p8="3", p9=f"{number:05d}", p14="U", p18="0" * 60,
                   p78=cents(title["paid"], 15), p93=cents(title["paid"] - title["fee"], 15), p108="0" * 30,
                   p138="01072026", p146="02072026"),
        )  # fmt: skip
    face = sum((title["face"] for title in titles), Decimal(0))
    sums = {"p24": f"{len(titles):06d}", "p30": cents(face, 17)} if totals else {"p24": "0" * 23}
    lines.append(record(240, p1=bank, p4="0001", p8="5", p18=f"{number + 2:06d}", **sums))
    lines.append(record(240, p1=bank, p4="9999", p8="9", p18="000001", p24=f"{number + 4:06d}"))
    return lines


def statement_240(movements: list[tuple[str, Decimal, str, str]], bank: str = "341") -> list[str]:
    """A statement: movements are day (ddmmyyyy), signed amount, text and document."""
    owner = {"p18": "2", "p19": "12345678000195", "p53": "01234 ", "p59": "0000000567890"}
    lines = [
        record(240, p1=bank, p4="0000", p8="0", p143="2", **owner),
        record(240, p1=bank, p4="0001", p8="1", p9="E", p10="0440032", p143="01072026", p151="0" * 18, p169="CF", **owner),
    ]  # fmt: skip
    for number, (day, amount, text, document) in enumerate(movements, 1):
        lines.append(
            record(240, p1=bank, p4="0001", p8="3", p9=f"{number:05d}", p14="E", p109="DPV", p134="S", p135=day,
                   p143=day, p151=cents(abs(amount), 18), p169="D" if amount < 0 else "C", p170="112", p173="0001",
                   p177=text[:25], p202=document[:39], **owner),
        )  # fmt: skip
    debits = sum((-amount for _, amount, _, _ in movements if amount < 0), Decimal(0))
    credits_ = sum((amount for _, amount, _, _ in movements if amount > 0), Decimal(0))
    final = credits_ - debits
    lines.append(
        record(240, p1=bank, p4="0001", p8="5", p143="31072026", p151=cents(abs(final), 18),
               p169="D" if final < 0 else "C", p170="F", p171=f"{len(movements) + 2:06d}", p177=cents(debits, 18),
               p195=cents(credits_, 18), **owner),
    )  # fmt: skip
    lines.append(record(240, p1=bank, p4="9999", p8="9", p18="000001", p24=f"{len(movements) + 4:06d}"))
    return lines
