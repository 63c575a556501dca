"""A bank statement as OFX 1.02, SGML without closing tags, as Brazilian banks write it."""

from __future__ import annotations

import polars as pl

_HEADER = (
    "OFXHEADER:100\r\nDATA:OFXSGML\r\nVERSION:102\r\nSECURITY:NONE\r\nENCODING:USASCII\r\nCHARSET:1252\r\n"
    "COMPRESSION:NONE\r\nOLDFILEUID:NONE\r\nNEWFILEUID:NONE\r\n\r\n"
)


def statement(lines: pl.DataFrame) -> bytes:
    """One account's statement from bank lines with a running ``balance``; cp1252 bytes, comma decimals, LEDGERBAL."""
    first, last = lines.row(0, named=True), lines.row(-1, named=True)
    transactions = "".join(
        f"<STMTTRN>\r\n<TRNTYPE>{row['transaction_type']}\r\n<DTPOSTED>{row['posted_date']:%Y%m%d}120000[-3:BRT]\r\n"
        f"<TRNAMT>{_money(row['amount_brl'])}\r\n<FITID>{row['transaction_id']}\r\n<MEMO>{row['memo']}\r\n</STMTTRN>\r\n"
        for row in lines.iter_rows(named=True)
    )
    text = (
        f"{_HEADER}<OFX>\r\n<SIGNONMSGSRSV1>\r\n<SONRS>\r\n<STATUS>\r\n<CODE>0\r\n<SEVERITY>INFO\r\n</STATUS>\r\n"
        f"<DTSERVER>00000000000000\r\n<LANGUAGE>POR\r\n</SONRS>\r\n</SIGNONMSGSRSV1>\r\n<BANKMSGSRSV1>\r\n"
        f"<STMTTRNRS>\r\n<TRNUID>1\r\n<STATUS>\r\n<CODE>0\r\n<SEVERITY>INFO\r\n</STATUS>\r\n<STMTRS>\r\n"
        f"<CURDEF>BRL\r\n<BANKACCTFROM>\r\n<BANKID>{first['bank_id']}\r\n<ACCTID>{first['account_id']}\r\n"
        f"<ACCTTYPE>CHECKING\r\n</BANKACCTFROM>\r\n<BANKTRANLIST>\r\n<DTSTART>{first['posted_date']:%Y%m%d}\r\n"
        f"<DTEND>{last['posted_date']:%Y%m%d}\r\n{transactions}</BANKTRANLIST>\r\n<LEDGERBAL>\r\n"
        f"<BALAMT>{_money(last['balance'])}\r\n<DTASOF>{last['posted_date']:%Y%m%d}120000[-3:BRT]\r\n</LEDGERBAL>\r\n"
        "</STMTRS>\r\n</STMTTRNRS>\r\n</BANKMSGSRSV1>\r\n</OFX>\r\n"
    )
    return text.encode("cp1252")


def _money(cents: int) -> str:
    return f"{'-' if cents < 0 else ''}{abs(cents) // 100},{abs(cents) % 100:02d}"
