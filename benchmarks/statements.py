"""Load OFX statements on one core: transactions a second, against ofxparse reading the same files.

    python -m benchmarks.statements [FILES] [TRANSACTIONS]

Each file is the statement of another account. `ofxparse` only parses; ours also checks, hashes, versions, reconciles
balances and books.
"""

from __future__ import annotations

import argparse
import io
import tempfile
import time
import warnings
from pathlib import Path

from ingestion.contracts import load_contracts
from ingestion.load_many import load_files
from ingestion.raw import open_raw

PROJECT = Path(__file__).resolve().parents[1]


def statement(account: int, count: int) -> str:
    """One statement of so many movements."""
    movements = "\n".join(
        f"<STMTTRN>\n<TRNTYPE>{'DEBIT' if number % 3 else 'CREDIT'}\n<DTPOSTED>2026{1 + number % 12:02d}{1 + number % 28:02d}"
        f"120000[-3:BRT]\n<TRNAMT>{'-' if number % 3 else ''}{number % 9973}.{number % 100:02d}\n<FITID>{account}-{number}\n"
        f"<CHECKNUM>{number}\n<MEMO>PAGAMENTO FORNECEDOR {number % 500}\n</STMTTRN>"
        for number in range(count)
    )
    return (
        "OFXHEADER:100\nDATA:OFXSGML\nVERSION:102\nSECURITY:NONE\nENCODING:USASCII\nCHARSET:1252\nCOMPRESSION:NONE\n"
        "OLDFILEUID:NONE\nNEWFILEUID:NONE\n\n<OFX>\n<SIGNONMSGSRSV1><SONRS><STATUS><CODE>0<SEVERITY>INFO</STATUS>"
        "<DTSERVER>20261231<LANGUAGE>POR</SONRS></SIGNONMSGSRSV1>\n<BANKMSGSRSV1><STMTTRNRS><TRNUID>1<STATUS><CODE>0"
        "<SEVERITY>INFO</STATUS><STMTRS><CURDEF>BRL<BANKACCTFROM><BANKID>341"
        f"<ACCTID>{account}<ACCTTYPE>CHECKING</BANKACCTFROM>\n<BANKTRANLIST><DTSTART>20260101<DTEND>20261231\n{movements}\n"
        "</BANKTRANLIST><LEDGERBAL><BALAMT>100.00<DTASOF>20261231</LEDGERBAL></STMTRS></STMTTRNRS></BANKMSGSRSV1></OFX>\n"
    )


def main() -> None:
    """Write the statements, load them, load them again, parse them with ofxparse."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("files", nargs="?", type=int, default=10)
    parser.add_argument("transactions", nargs="?", type=int, default=10_000)
    arguments = parser.parse_args()
    total = arguments.files * arguments.transactions
    with tempfile.TemporaryDirectory(prefix="retaguarda_benchmark_") as temporary:
        folder = Path(temporary)
        paths = [folder / f"extrato_{number}.ofx" for number in range(arguments.files)]
        for number, path in enumerate(paths):
            path.write_text(statement(number, arguments.transactions), encoding="cp1252")
        contracts = load_contracts(PROJECT)
        connection = open_raw(folder / "raw.duckdb", contracts)
        print(
            f"{arguments.files} statements of {arguments.transactions:,} transactions; transactions a second of processor"
        )
        for name in ("whole load", "the same files again"):
            used = time.process_time()
            reports = load_files(connection, paths, contracts, batch_id="benchmark")
            print(f"{name:22s} {total / (time.process_time() - used):10,.0f}")
            taken = sum(table.rows_loaded + table.rows_unchanged for report in reports for table in report.tables[:1])
            if taken != total:
                raise SystemExit(f"{taken:,} of {total:,} transactions were loaded: {reports[0].message}")
        connection.close()
        import ofxparse

        used = time.process_time()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            ofxparse.OfxParser.parse(io.BytesIO(paths[0].read_bytes()))
        print(f"{'ofxparse, parsing only':22s} {arguments.transactions / (time.process_time() - used):10,.0f}")


if __name__ == "__main__":
    main()
