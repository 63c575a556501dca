"""Load time and peak memory of payables rows: ours against DuckDB's own typed read_csv, pandas and dlt.

    python benchmarks/load.py [ROWS] [--repeat N] [--without-pandas] [--keep FOLDER]

Writes a payables export in the contract's dialect and in Windows-1252, one row in 10,000 of it with an amount that is
none, then times each way in a child process of its own. Ours does the whole load: checks, quarantine, hashes, versions,
control sums, one transaction. DuckDB reads the same file with declared types into a table of a new database file, told
that it is Latin-1 (which it is) and to put rows that it cannot read aside: it finds no repeated key, keeps no history.
Pandas reads the same file with declared types and parses its dates; the amounts that hold the bad values come as text,
and those that are none are given up, for with a declared type it reads nothing at all. Every way must find the same
number of good rows. The figures are ratios of one run.
"""

from __future__ import annotations

import argparse
import json
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
FILE_NAME = "payables_benchmark.csv"
WAYS = ("ours", "duckdb", "pandas", "pandas-whole", "dlt")
BAD_EVERY = 10_000
ENCODING = "cp1252"
DLT_ROWS = 10_000  # it reads row by row; its time for all rows is in proportion


def generate(rows: int, path: Path) -> None:
    """Write `rows` payables in the contract's dialect by one query, the last of every 10,000 with a bad amount."""
    import duckdb

    written = "format('{:,.2f}', (1000 + (i * 7919) % 9000000) / 100.0)"
    money = f"replace(replace(replace({written}, ',', '#'), '.', ','), '#', '.')"
    in_utf8 = path.with_suffix(".utf8")
    connection = duckdb.connect(config={"threads": 2})
    connection.execute("set enable_progress_bar = false")
    connection.execute(
        f"""
        copy (
            select '01' as "Empresa", ['MTZ', 'SUL', 'NE', 'CO'][1 + i % 4] as "Unidade",
                'F' || lpad((i % 5000)::varchar, 5, '0') as "Fornecedor", 'NF-' || i as "Documento",
                1 + i % 3 as "Parcela",
                strftime(date '2024-06-01' + (i % 800)::int, '%d/%m/%Y') as "Emissão",
                strftime(date '2024-06-03' + (i % 800)::int, '%d/%m/%Y') as "Recebimento",
                strftime(date '2024-07-03' + (i % 800)::int, '%d/%m/%Y') as "Vencimento",
                case when i % 7 > 0 then strftime(date '2024-07-01' + (i % 810)::int, '%d/%m/%Y') end as "Pagamento",
                case when i % {BAD_EVERY} = {BAD_EVERY - 1} then '12,3x' else {money} end as "Valor",
                case when i % 7 > 0 then {money} end as "Valor Pago",
                'CC' || (i % 40) as "Centro de Custo",
                ['Serviços', 'Mercadorias', 'Frete', 'Aluguel'][1 + i % 4] as "Categoria",
                case when i % 50 = 0 then 'sim' else 'não' end as "Contestado",
                case when i % 7 > 0 then 'Pago' else 'Aberto' end as "Situação"
            from range({rows}) as numbers(i)
        ) to '{in_utf8}' (header, delimiter ';')
        """
    )
    with in_utf8.open(encoding="utf-8", newline="") as source, path.open("w", encoding=ENCODING, newline="") as target:
        shutil.copyfileobj(source, target, 4 << 20)
    in_utf8.unlink()


def good_rows(rows: int) -> int:
    """How many of the first `rows` of the export are good."""
    return rows - rows // BAD_EVERY


def ours(folder: Path) -> int:
    """Rows loaded by `load_file` into a new raw store; all others must be in quarantine."""
    from ingestion.contracts import load_contracts
    from ingestion.load import load_file
    from ingestion.raw import open_raw

    contracts = load_contracts(PROJECT)
    connection = open_raw(folder / "raw.duckdb", contracts)
    report = load_file(connection, folder / FILE_NAME, contracts, batch_id="benchmark")
    connection.close()
    if report.state != "loaded":
        raise SystemExit(report.message)
    table = report.tables[0]
    if table.rows_loaded + table.rows_quarantined != table.rows_read:
        raise SystemExit(f"{table.rows_read} rows read, {table.rows_loaded} loaded, {table.rows_quarantined} not")
    return table.rows_loaded


def duckdb(folder: Path) -> int:
    """Good rows read by DuckDB with declared types: dates by format, amounts with decimal and group marks."""
    import duckdb as engine

    dates = {"issue_date", "receipt_date", "due_date", "paid_date"}
    amounts = {"amount_brl", "paid_amount_brl"}
    names = [
        "company",
        "business_unit",
        "supplier_id",
        "document",
        "instalment",
        "issue_date",
        "receipt_date",
        "due_date",
        "paid_date",
        "amount_brl",
        "paid_amount_brl",
        "cost_centre",
        "category",
        "disputed",
        "status",
    ]
    types = ", ".join(
        f"'{name}': '" + ("DATE" if name in dates else "DECIMAL(18,2)" if name in amounts
                          else "BIGINT" if name == "instalment" else "VARCHAR") + "'"
        for name in names
    )  # fmt: skip
    connection = engine.connect(str(folder / "bare.duckdb"), config={"threads": 2})
    connection.execute(
        f"create table payables as from read_csv('{folder / FILE_NAME}', delim = ';', quote = '\"', escape = '\"', "
        f"header = true, auto_detect = false, columns = {{{types}}}, dateformat = '%d/%m/%Y', "
        "decimal_separator = ',', thousands = '.', encoding = 'latin-1', store_rejects = true)"
    )
    rows = int(connection.execute("select count(*) from payables").fetchall()[0][0])
    connection.close()
    return rows


def pandas(folder: Path) -> int:
    """Good rows read by pandas with declared types, dates parsed by format, bad amounts given up."""
    import pandas

    frame = pandas.read_csv(folder / FILE_NAME, sep=";", decimal=",", thousands=".", encoding=ENCODING, dtype={
        "Empresa": "str", "Unidade": "str", "Fornecedor": "str", "Documento": "str", "Parcela": "int64",
        "Valor": "str", "Valor Pago": "float64"})  # fmt: skip
    for column in ("Emissão", "Recebimento", "Vencimento", "Pagamento"):
        frame[column] = pandas.to_datetime(frame[column], format="%d/%m/%Y")
    plain = frame["Valor"].str.replace(".", "", regex=False).str.replace(",", ".", regex=False)
    frame["Valor"] = pandas.to_numeric(plain, errors="coerce")
    return int(frame["Valor"].notna().sum())


def pandas_whole(folder: Path) -> int:
    """Good rows loaded by pandas doing what ours does: strict checks with reasons, hashes, repeated keys, a database."""
    import duckdb as engine
    import pandas

    text = pandas.read_csv(folder / FILE_NAME, sep=";", encoding=ENCODING, dtype="str", keep_default_na=False)
    for column in text.columns:
        text[column] = text[column].str.strip()
    typed = text.copy()
    problems = []

    def refuse(bad: pandas.Series, column: str, reason: str) -> None:
        rows = text.index[bad]
        problems.append(pandas.DataFrame({"line": rows + 2, "column": column, "value": text.loc[rows, column],
                                          "reason": reason}))  # fmt: skip

    for column in ("Empresa", "Unidade", "Fornecedor", "Documento", "Parcela", "Emissão", "Recebimento", "Vencimento",
                   "Valor", "Situação"):  # fmt: skip
        refuse(text[column] == "", column, "is empty, and it is required")
    for column in ("Emissão", "Recebimento", "Vencimento", "Pagamento"):
        typed[column] = pandas.to_datetime(text[column], format="%d/%m/%Y", errors="coerce")
        refuse((text[column] != "") & typed[column].isna(), column, "is not a date")
        refuse((typed[column].dt.year < 1900) | (typed[column].dt.year > 2199), column, "is outside the years")
    for column in ("Valor", "Valor Pago"):
        good = text[column].str.fullmatch(r"-?(?:[1-9][0-9]{0,2}(?:\.[0-9]{3})+|[0-9]+)(?:,[0-9]{1,2}0*)?")
        plain = text[column].where(good).str.replace(".", "", regex=False).str.replace(",", ".", regex=False)
        typed[column] = (pandas.to_numeric(plain) * 100).round().astype("Int64")
        refuse((text[column] != "") & ~good, column, "is not an amount")
    good = text["Parcela"].str.fullmatch(r"[+-]?[0-9]{1,18}")
    typed["Parcela"] = pandas.to_numeric(text["Parcela"].where(good)).astype("Int64")
    refuse((text["Parcela"] != "") & ~good, "Parcela", "is not a whole number")
    refuse(typed["Parcela"] < 1, "Parcela", "is below the minimum")
    typed["Contestado"] = text["Contestado"].str.lower().map({"sim": True, "não": False, "": False})
    refuse(typed["Contestado"].isna(), "Contestado", "is neither yes nor no")
    typed["Situação"] = text["Situação"].map({"Aberto": "open", "Pago": "paid", "Cancelado": "cancelled"})
    refuse((text["Situação"] != "") & typed["Situação"].isna(), "Situação", "is not one of")
    quarantine = pandas.concat(problems)
    typed["_line"] = typed.index + 2
    typed = typed[~typed["_line"].isin(quarantine["line"])]
    key = ["Empresa", "Fornecedor", "Documento", "Parcela"]
    columns = list(text.columns)
    typed["_row_key"] = pandas.util.hash_pandas_object(typed[key], index=False)
    typed["_row_hash"] = pandas.util.hash_pandas_object(typed[columns], index=False)
    typed = typed[~typed["_row_key"].duplicated(keep="last")]
    with engine.connect(str(folder / "pandas.duckdb"), config={"threads": 2}) as connection:
        connection.execute("create table payables as from typed")
        connection.execute("create table quarantine as from quarantine")
        return int(connection.execute("select count(*) from payables").fetchall()[0][0])


def dlt(folder: Path) -> int:
    """Good rows of the first DLT_ROWS loaded by dlt into a DuckDB file, read and converted by Python as its users do."""
    import csv
    import itertools
    from datetime import datetime
    from decimal import Decimal, InvalidOperation

    import dlt as loader

    def amount(text: str) -> Decimal | None:
        return Decimal(text.replace(".", "").replace(",", ".")) if text else None

    def day(text: str) -> object:
        return datetime.strptime(text, "%d/%m/%Y").date() if text else None  # noqa: DTZ007 (a date)

    @loader.resource(name="payables")
    def payables():
        with (folder / FILE_NAME).open(encoding=ENCODING, newline="") as file:
            for row in itertools.islice(csv.DictReader(file, delimiter=";"), DLT_ROWS):
                try:
                    typed = {
                        name: convert(row[name])
                        for convert, names in ((amount, ("Valor", "Valor Pago")),
                                               (day, ("Emissão", "Recebimento", "Vencimento", "Pagamento")))
                        for name in names
                    }  # fmt: skip
                except InvalidOperation:
                    continue
                yield row | typed

    pipeline = loader.pipeline(
        "benchmark", destination=loader.destinations.duckdb(str(folder / "dlt.duckdb")), dataset_name="raw",
        pipelines_dir=str(folder / "dlt"),
    )  # fmt: skip
    pipeline.run(payables())
    return sum(pipeline.last_trace.last_normalize_info.row_counts.get(name, 0) for name in ("payables",))


def measure(way: str, folder: Path) -> None:
    """In a child process: do it once, print seconds, seconds of processor (imports included), peak MiB and rows."""
    started = time.perf_counter()
    rows = {"ours": ours, "duckdb": duckdb, "pandas": pandas, "pandas-whole": pandas_whole, "dlt": dlt}[way](folder)
    seconds = time.perf_counter() - started
    usage = resource.getrusage(resource.RUSAGE_SELF)
    processor = usage.ru_utime + usage.ru_stime
    print(json.dumps({"seconds": seconds, "processor": processor, "peak": usage.ru_maxrss / 1024, "rows": rows}))


def run(way: str, folder: Path) -> dict[str, float]:
    """What a child process measured that did it once, with new database files."""
    for made in folder.glob("*.duckdb*"):
        made.unlink()
    child = subprocess.run(
        [sys.executable, __file__, "--child", way, "--keep", str(folder)],
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    result: dict[str, float] = json.loads(child.stdout.splitlines()[-1])
    return result


def main() -> None:
    """Generate, measure and print the table of ratios."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("rows", nargs="?", type=int, default=1_000_000)
    parser.add_argument("--repeat", type=int, default=1)
    parser.add_argument("--without-pandas", action="store_true")
    parser.add_argument("--keep", type=Path, help="folder for the generated file (default: temporary)")
    parser.add_argument("--child", choices=WAYS, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.child:
        measure(arguments.child, arguments.keep)
        return
    with tempfile.TemporaryDirectory(prefix="retaguarda_benchmark_") as temporary:
        folder = arguments.keep or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        generate(arguments.rows, folder / FILE_NAME)
        size = (folder / FILE_NAME).stat().st_size
        print(f"{arguments.rows:,} rows, {size / 1e6:,.0f} MB")
        ways = WAYS[:2] if arguments.without_pandas else WAYS
        # In turns, so that a machine which is slower for a while is so for all; a ratio is of one turn.
        turns = [{way: run(way, folder) for way in ways} for _ in range(arguments.repeat)]
        ratios = [turn["ours"]["seconds"] / turn["duckdb"]["seconds"] for turn in turns]
        results = {way: min((turn[way] for turn in turns), key=lambda result: result["seconds"]) for way in ways}
        for way, result in results.items():
            expected = good_rows(min(arguments.rows, DLT_ROWS) if way == "dlt" else arguments.rows)
            if result["rows"] != expected:
                raise SystemExit(f"{way} has {result['rows']:,} good rows, and there are {expected:,}")
        if "dlt" in results:
            share = arguments.rows / min(arguments.rows, DLT_ROWS)
            print(f"dlt has loaded {results['dlt']['rows']:,.0f} rows; its times are told for all of them")
            results["dlt"] |= {name: results["dlt"][name] * share for name in ("seconds", "processor")}
        for way, result in results.items():
            ratio = result["seconds"] / results["duckdb"]["seconds"]
            print(
                f"{way:12s} {result['seconds']:7.2f} s  {ratio:5.2f} × DuckDB  {result['peak']:6.0f} MiB peak  "
                f"{result['processor']:7.2f} s of processor"
            )
        told = ", ".join(f"{ratio:.2f}" for ratio in sorted(ratios))
        print(f"ours ÷ DuckDB, turn by turn: median {statistics.median(ratios):.2f} ({told})")
        for way in WAYS[2:]:
            if way in results:
                print(f"{way} takes {results[way]['seconds'] / results['ours']['seconds']:.1f} × as long as ours")


if __name__ == "__main__":
    main()
