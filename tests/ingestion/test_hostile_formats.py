"""Files that would do harm: workbooks that unfold to billions of cells, endless lines, nesting, mixed encodings.

Each runs within limits of time and memory, and ends in a rejection or a quarantine that says what is wrong.
"""

from __future__ import annotations

import json
import subprocess
import sys
import textwrap
import zipfile
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest
import xlsxwriter

from ingestion.contracts import Contract
from ingestion.readers import RejectedFile, reader_for
from ingestion.reports import FileReport
from tests.ingestion.conftest import HEADER, PROJECT, payable
from tests.ingestion.ods_files import MANIFEST, cell, sheet, write_ods

HUNDRED_MEGABYTES = 100_000_000
MOST_MEMORY = 4 << 30
MOST_SECONDS = 120
READ_IN_LIMITS = textwrap.dedent(
    """
    import resource, sys
    from pathlib import Path

    resource.setrlimit(resource.RLIMIT_AS, (int(sys.argv[1]), int(sys.argv[1])))
    import duckdb
    from ingestion.contracts import load_contracts
    from ingestion.readers import RejectedFile, file_format, reader_for

    contracts = load_contracts(Path.cwd())
    for path in map(Path, sys.argv[2:]):
        contract = None if file_format(path).names_tables else contracts["erp.payables"]
        try:
            with duckdb.connect(config={"memory_limit": "2GB"}) as connection:
                reader = reader_for(path)
                for _ in range(2):
                    try:
                        found = reader.read(connection, path, contracts, contract, None)
                        rows = [connection.execute(f'select count(*) from "{t.relation}"').fetchall() for t in found]
                        break
                    except duckdb.InvalidInputException:
                        if getattr(reader, "careful", True):
                            raise
                        reader.careful = True
            print("read", rows)
        except RejectedFile as refused:
            print("refused:", refused.message[:300].replace("\\n", " "))
        except duckdb.InvalidInputException as error:  # load_file says so in a rejection
            print("refused by the database:", str(error)[:100].replace("\\n", " "))
    """
)


def read_within_limits(*paths: Path) -> list[str]:
    """What becomes of files that are read in a process of its own, which may be killed by them: a line each."""
    ended = subprocess.run(
        [sys.executable, "-c", READ_IN_LIMITS, str(MOST_MEMORY), *map(str, paths)],
        capture_output=True, text=True, timeout=MOST_SECONDS, check=False, cwd=PROJECT,
    )  # fmt: skip
    assert ended.returncode == 0, ended.stderr[-2000:]
    told = ended.stdout.splitlines()
    assert len(told) == len(paths)
    assert all(line.startswith(("read", "refused")) for line in told)
    return told


def refusal(path: Path, contracts: dict[str, Contract]) -> RejectedFile:
    with duckdb.connect() as connection, pytest.raises(RejectedFile) as refused:
        reader_for(path).read(connection, path, contracts, contracts["erp.payables"], None)
    assert refused.value.remedy
    return refused.value


# ---- workbooks ------------------------------------------------------------------------------------------------------


def test_two_cells_far_apart_do_not_fill_the_memory(contracts, tmp_path) -> None:
    """A few kilobytes: the library keeps room for all the cells between, and the process is killed for it."""
    path = tmp_path / "payables.xlsx"
    with xlsxwriter.Workbook(path) as book:
        page = book.add_worksheet()
        page.write_string(0, 0, "Empresa")
        page.write_string(1_048_575, 16_383, "x")
    assert path.stat().st_size < 20_000
    assert "1,048,576 rows and 16,384 columns" in read_within_limits(path)[0]


@pytest.mark.parametrize("place", ['r="XFD1048576"', "r='XFD1048576'", 's="1"  r = "XFD1048576"'])
def test_the_far_cell_may_be_written_in_any_way(place, contracts, tmp_path) -> None:
    with xlsxwriter.Workbook(tmp_path / "good.xlsx") as book:
        book.add_worksheet().write_string(0, 0, "Empresa")
    path = tmp_path / "payables.xlsx"
    with zipfile.ZipFile(tmp_path / "good.xlsx") as good, zipfile.ZipFile(path, "w") as bad:
        for name in good.namelist():
            content = good.read(name)
            if name.endswith("sheet1.xml"):
                content = content.replace(b"</row>", f"<c {place}><v>1</v></c></row>".encode())
            bad.writestr(name, content)
    assert "spreads over" in refusal(path, contracts).message


@pytest.mark.parametrize(
    "body",
    [
        '<table:table table:name="T"><table:table-row table:number-rows-repeated="1048576">'
        + cell("x").replace("<table:table-cell", '<table:table-cell table:number-columns-repeated="16384"')
        + "</table:table-row></table:table>",
        f'<table:table table:name="T"><table:table-row>{cell("x")}</table:table-row><table:table-row '
        'table:number-rows-repeated="1000000"><table:table-cell/></table:table-row><table:table-row><table:table-cell '
        f'table:number-columns-repeated="16000"/>{cell("x")}</table:table-row></table:table>',
        f'<table:table table:name="T"><table:table-row table:number-rows-repeated="99999999999999">{cell("x")}'
        f"{cell('y')}{cell('z')}{cell('w')}</table:table-row></table:table>",
    ],
)  # fmt: skip
def test_repeated_cells_of_ods_do_not_unfold(body, tmp_path) -> None:
    assert "spreads over" in read_within_limits(write_ods(tmp_path / "payables.ods", body))[0]


def test_entities_of_ods_are_not_followed(contracts, tmp_path) -> None:
    path = write_ods(tmp_path / "good.ods", sheet("T", [("&x;",)]))
    bad = tmp_path / "payables.ods"
    secret = tmp_path / "secret.txt"
    secret.write_text("the secret")
    with zipfile.ZipFile(path) as good, zipfile.ZipFile(bad, "w") as package:
        for name in good.namelist():
            content = good.read(name).decode()
            if name == "content.xml":
                laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
                kind = f'<!DOCTYPE d [<!ENTITY l0 "ha">{laughs}<!ENTITY x SYSTEM "file://{secret}">]>'
                content = content.replace("?>", f"?>{kind}", 1).replace("&amp;x;", "&x;&l11;")
            package.writestr(name, content)
    (told,) = read_within_limits(bad)
    assert "refused" in told
    assert "the secret" not in told


def test_a_protected_ods_and_an_ods_that_is_none(contracts, tmp_path) -> None:
    manifest = MANIFEST.replace("/>", "><manifest:encryption-data/></manifest:manifest>")
    assert "password" in refusal(write_ods(tmp_path / "a.ods", sheet("T", []), manifest), contracts).message
    with zipfile.ZipFile(tmp_path / "b.ods", "w") as package:
        package.writestr("a.txt", "x")
    assert "no .ods workbook" in refusal(tmp_path / "b.ods", contracts).message
    (tmp_path / "c.ods").write_bytes(b"a;b\n")
    assert "is not a workbook" in refusal(tmp_path / "c.ods", contracts).message


# ---- one line of a hundred megabytes --------------------------------------------------------------------------------


ENDLESS = {
    "csv": [(HEADER.encode() + b"\n", b"x", b"\nx\n"), (b"", b"x", b""), (HEADER.encode() + b'\n"', b"x", b""),
            (b"", b"a;", b"")],
    "ndjson": [(b'{"Valor": "', b"x", b'"}\n'), (b"", b"9", b"")],
    "json": [(b'[{"Valor": "', b"x", b'"}]'), (b"", b"[", b"")],
    "ret": [(b"00100000", b"0", b""), (b"02RETORNO", b" ", b"1\n")],
}  # fmt: skip


@pytest.mark.parametrize("suffix", ENDLESS)
def test_an_endless_line_ends(suffix, tmp_path) -> None:
    paths = []
    for number, (start, fill, end) in enumerate(ENDLESS[suffix]):
        paths.append(tmp_path / f"payables_{number}.{suffix}")
        paths[-1].write_bytes(start + fill * (HUNDRED_MEGABYTES // len(fill)) + end)
    read_within_limits(*paths)
    for path in paths:
        path.unlink()


# ---- nesting, names and numbers -------------------------------------------------------------------------------------


def test_deep_nesting_is_told(tmp_path) -> None:
    paths = []
    for depth in (100, 200, 5_000, 200_000):
        for name, text in ((f"a{depth}.json", "[" * depth + "]" * depth), (f"b{depth}.json", '[{"a":' * depth),
                           (f"c{depth}.ndjson", '{"a":' * depth + "1" + "}" * depth)):  # fmt: skip
            paths.append(tmp_path / name)
            paths[-1].write_text(text)
    read_within_limits(*paths)


def test_objects_that_all_have_other_names_are_refused(contracts, tmp_path) -> None:
    path = tmp_path / "payables.ndjson"
    path.write_text("\n".join(json.dumps({f"name {place}": 1}) for place in range(6000)))
    assert "more than 5,000 different names" in refusal(path, contracts).message


@pytest.mark.parametrize("text", ["1e999999999", "-1E-400", "1" * 5000, "0." + "3" * 5000, "NaN", "Infinity", "1e308"])
def test_numbers_without_end_are_quarantined(text, load) -> None:
    row = {"Empresa": "01", "Unidade": "M", "Fornecedor": "F", "Documento": "1", "Parcela": 1, "Emissão": "2026-07-01",
           "Recebimento": "2026-07-01", "Vencimento": "2026-07-01", "Valor": 5.25, "Situação": "Aberto"}  # fmt: skip
    content = json.dumps(row).replace("5.25", text) + "\n" + json.dumps({**row, "Documento": "2"})
    report = load(content.encode(), "payables.ndjson")
    assert (report.tables[0].rows_loaded, report.tables[0].rows_quarantined) == (1, 1), report.message


def test_formulas_and_sql_in_json_names_are_only_names(load) -> None:
    row = {"Empresa": "01", "Unidade": "=cmd()", "Fornecedor": "'; drop table erp.payables; --", "Documento": '"1"',
           "Parcela": 1, "Emissão": "2026-07-01", "Recebimento": "2026-07-01", "Vencimento": "2026-07-01", "Valor": 5,
           "Situação": "Aberto", "x'; drop table a; --": 1, 'y"z/~.': 2, "": 3}  # fmt: skip
    report = load(json.dumps([row]).encode(), "payables.json")
    assert report.tables[0].rows_loaded == 1, report.message


# ---- encodings and blank lines --------------------------------------------------------------------------------------


def test_a_header_in_utf8_over_rows_in_cp1252_is_told_as_such(load: Callable[..., FileReport]) -> None:
    content = f"{HEADER}\n".encode() + f"{payable(category='Serviços')}\n".encode("cp1252")
    report = load(content)
    assert report.state == "rejected"
    assert "two encodings are mixed: line 1 is UTF-8, lines below it are Windows-1252" in report.message


@pytest.mark.parametrize("name", ["payables.csv", "payables.json"])
def test_a_line_without_any_value_is_one_problem(name, load) -> None:
    if name.endswith("json"):
        good = {"Empresa": "01", "Unidade": "M", "Fornecedor": "F", "Documento": "1", "Parcela": 1, "Valor": 5,
                "Emissão": "2026-07-01", "Recebimento": "2026-07-01", "Vencimento": "2026-07-01",
                "Situação": "Aberto"}  # fmt: skip
        report = load(json.dumps([good, dict.fromkeys(good)]).encode(), name)
    else:
        report = load([payable(), ";" * HEADER.count(";")])
    assert (report.tables[0].rows_loaded, report.tables[0].rows_quarantined) == (1, 1)
    assert [problem.reason for problem in report.quarantine] == ["has no value in any column"]


# ---- names of files -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["payables*.csv", "payables[12].csv", "payables?.csv", "payables'; --.csv"])
def test_a_name_that_is_a_pattern_reads_no_other_file(name, load, tmp_path) -> None:
    for other in ("payables1.csv", "payables2.csv", "payables_other.csv"):
        (tmp_path / other).write_text(f"{HEADER}\n{payable(document=other)}\n")
    assert load([payable()], name).tables[0].rows_read == 1
    careful = load([payable(), "", payable(document="NF-2")], name)  # line by line, because of the blank one
    assert careful.tables[0].rows_read == 2
