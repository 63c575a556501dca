"""`retaguarda map` as a person and as a script use it."""

from __future__ import annotations

import json
import os
import pty
import select
import subprocess
import sys
import time
from pathlib import Path

import pytest

from ingestion.contracts import load_contracts
from ingestion.mapping import load_mapping
from tests.conftest import PROJECT_ROOT, RunCommand

TITLES = """Relatório de títulos
Nº do título,Cód. forn.,Parc.,Dt. emissão,Entrada,Dt. venc.,Vlr. original,Sit.,Observação
77,F1,1,2026-06-13,2026-06-15,2026-07-13,"1,210.50",A,nada
78,F2,1,2026-06-14,2026-06-16,2026-07-14,99.00,B,nada
79,F3,1,2026-06-15,2026-06-17,2026-07-15,oops,B,nada
"""


@pytest.fixture
def titles(tmp_path: Path) -> Path:
    path = tmp_path / "titulos_2026_07.csv"
    path.write_text(TITLES, encoding="utf-8")
    return path


CONSTANTS = ("--set", "company=01", "--set", "business_unit=MTZ")


def test_a_script_gets_everything_as_json_and_writes_the_mapping(
    retaguarda: RunCommand, titles: Path, tmp_path: Path
) -> None:
    data = tmp_path / "data"
    ended = retaguarda(
        "map", titles, "--as", "payables", *CONSTANTS, "--yes", "--format", "json", "--name", "titulos", data=data
    )
    assert ended.returncode == 0, ended.stderr
    found = json.loads(ended.stdout)
    assert found["table"] == "erp.payables"
    assert found["shape"]["header_line"] == 2
    assert found["dialect"]["decimal"] == "."
    assert found["dialect"]["date_format"] == "yyyy-mm-dd"
    mapped = {each["header"]: each["column"] for each in found["columns"]}
    assert mapped == {
        "Nº do título": "document", "Cód. forn.": "supplier_id", "Parc.": "instalment", "Dt. emissão": "issue_date",
        "Entrada": "receipt_date", "Dt. venc.": "due_date", "Vlr. original": "amount_brl", "Sit.": "status",
    }  # fmt: skip
    assert found["unmapped"] == ["Observação"]
    assert found["unknown_words"] == {"status": ["A", "B"]}
    preview = found["preview"]
    assert preview["tables"][0]["rows_read"] == 3
    assert preview["tables"][0]["rows_quarantined"] == 3  # nobody has said yet what A and B are
    assert any("Sit." in problem for problem in preview["problems"])
    written = data / "mappings" / "titulos.yml"
    assert found["written"] == str(written)
    text = written.read_text(encoding="utf-8")
    assert '# status: {"A": ?, "B": ?}' in text
    mapping = load_mapping(written, load_contracts(PROJECT_ROOT))
    assert mapping.matches("titulos_2026_08.csv")

    # A person says in the file what the words mean; then the very same export loads.
    written.write_text(
        text.replace('# values:\n  # status: {"A": ?, "B": ?}', 'values:\n  status: {"B": paid, "A": open}')
    )
    ended = retaguarda("load", titles, "--format", "json", data=data)
    (table,) = json.loads(ended.stdout)["files"][0]["tables"]
    assert (table["rows_loaded"], table["rows_quarantined"]) == (2, 1)
    assert table["control_loaded"] == "1309.50"


def test_a_mapping_is_never_overwritten_unasked(retaguarda: RunCommand, titles: Path, tmp_path: Path) -> None:
    arguments = ("map", titles, "--as", "payables", *CONSTANTS, "--yes", "--no-preview")
    assert retaguarda(*arguments, data=tmp_path).returncode == 0
    again = retaguarda(*arguments, data=tmp_path)
    assert again.returncode == 2
    assert "is there already" in again.stderr
    assert retaguarda(*arguments, "--force", data=tmp_path).returncode == 0
    outside = retaguarda(*arguments, "--name", "../escaped", data=tmp_path)
    assert outside.returncode == 2
    assert not (tmp_path / "escaped.yml").exists()


def test_what_is_missing_is_told_and_asked_for(retaguarda: RunCommand, titles: Path, tmp_path: Path) -> None:
    ended = retaguarda("map", titles, "--as", "payables", "--write", data=tmp_path)
    assert ended.returncode == 3
    assert "Required, and not in the file: company (text), business_unit (text)" in ended.stderr
    text = (tmp_path / "mappings" / "titulos.yml").read_text(encoding="utf-8")
    assert "# company:" in text


def test_the_order_of_day_and_month_is_asked_never_guessed(retaguarda: RunCommand, tmp_path: Path) -> None:
    path = tmp_path / "titulos.csv"
    path.write_text(TITLES.split("\n", 1)[1].replace("2026-06-13", "01/02/2026").replace("2026-06-14", "03/04/2026")
                    .replace("2026-06-15", "05/06/2026").replace("2026-06-16", "06/06/2026").replace("2026-06-17", "07/06/2026")
                    .replace("2026-07-13", "08/07/2026").replace("2026-07-14", "09/07/2026").replace("2026-07-15", "10/07/2026"))  # fmt: skip
    arguments = ("map", path, "--as", "payables", *CONSTANTS)
    shown = retaguarda(*arguments, data=tmp_path)
    assert shown.returncode == 0
    assert "order of day and month" in shown.stderr
    assert "dates undecided" in shown.stderr
    refused = retaguarda(*arguments, "--yes", data=tmp_path)
    assert refused.returncode == 2
    assert "--date-format dd/mm/yyyy or mm/dd/yyyy" in refused.stderr
    assert not (tmp_path / "mappings" / "titulos.yml").exists()
    told = retaguarda(*arguments, "--yes", "--date-format", "mm/dd/yyyy", data=tmp_path)
    assert told.returncode == 0
    assert "mm/dd/yyyy" in (tmp_path / "mappings" / "titulos.yml").read_text()


def test_personal_data_is_masked(retaguarda: RunCommand, tmp_path: Path) -> None:
    path = tmp_path / "fornecedores_legado.csv"
    path.write_text(
        "Código;Razão Social;CNPJ;Endereço;Ativo\nF1;Fulano de Tal;529.982.247-25;Rua Secreta 1;sim\n", encoding="utf-8"
    )
    ended = retaguarda("map", path, "--as", "suppliers", *CONSTANTS, "--format", "json", data=tmp_path)
    assert ended.returncode == 0, ended.stderr
    for secret in ("Fulano", "529.982", "Secreta"):
        assert secret not in ended.stdout
    assert "F•••" in ended.stdout


@pytest.mark.parametrize("name", ["extrato.ofx", "nota.xml"])
def test_files_that_say_themselves_what_they_are_need_no_mapping(
    retaguarda: RunCommand, tmp_path: Path, name: str
) -> None:
    path = tmp_path / name
    path.write_text("OFXHEADER:100")
    ended = retaguarda("map", path, data=tmp_path)
    assert ended.returncode == 2
    assert "needs no mapping" in ended.stderr


def test_wrong_names_are_usage_errors(retaguarda: RunCommand, titles: Path, tmp_path: Path) -> None:
    for arguments, message in (
        (("--as", "nothing"), "no table"),
        (("--preset", "nothing"), "no preset"),
        (("--as", "payables", "--column", "Sit.=nothing"), 'no column "nothing"'),
        (("--as", "payables", "--set", "company"), "name=value"),
        (("--set", "company=01"), "--as TABLE"),
    ):
        ended = retaguarda("map", titles, *arguments, data=tmp_path)
        assert ended.returncode == 2, ended.stderr
        assert message in ended.stderr


def test_presets_are_listed_and_found_by_headers(retaguarda: RunCommand, tmp_path: Path) -> None:
    listed = json.loads(retaguarda("map", "--preset", "list", "--format", "json").stdout)
    assert {"protheus-payables", "sap-business-one-payables", "omie-payables"} <= {each["preset"] for each in listed}
    path = tmp_path / "export.csv"
    path.write_text(
        "E2_FILIAL;E2_PREFIXO;E2_NUM;E2_PARCELA;E2_TIPO;E2_NATUREZ;E2_FORNECE;E2_LOJA;E2_EMISSAO;E2_EMIS1;E2_VENCREA;E2_BAIXA;"
        "E2_VALOR;E2_SALDO;E2_CCUSTO;D_E_L_E_T_\n01;1;5;;NF;2;F;01;20260613;20260615;20260713;;10;10;;\n01;1;6;;PA;2;F;01;20260613;20260615;20260713;;10;10;;\n"
    )
    found = json.loads(retaguarda("map", path, "--format", "json", data=tmp_path).stdout)
    assert found["preset"] == "protheus-payables"
    assert found["preview"]["tables"][0]["rows_left_out"] == 1
    assert [each["column"] for each in found["missing"]] == ["company"]


class Terminal:
    """The command in a terminal of its own, to be read and typed into."""

    def __init__(self, data: Path, *arguments: object) -> None:
        self.master, slave = pty.openpty()
        environment = os.environ | {"RETAGUARDA_DATA": str(data), "NO_COLOR": "1", "TERM": "dumb", "COLUMNS": "200"}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "pipeline.cli", *map(str, arguments)], cwd=PROJECT_ROOT, env=environment,
            stdin=slave, stdout=slave, stderr=slave, close_fds=True,
        )  # fmt: skip
        os.close(slave)
        self.read = ""
        self._seen = 0

    def wait_for(self, text: str, seconds: float = 60) -> None:
        until = time.monotonic() + seconds
        while text not in self.read[self._seen :]:
            assert time.monotonic() < until, f"waited for {text!r} in:\n{self.read[self._seen :]}"
            if select.select([self.master], [], [], 0.2)[0]:
                try:
                    self.read += os.read(self.master, 65536).decode(errors="replace")
                except OSError:
                    assert text in self.read[self._seen :], self.read
        self._seen = self.read.index(text, self._seen) + len(text)

    def type(self, text: str) -> None:
        os.write(self.master, (text + "\n").encode())

    def end(self) -> int:
        code = self.process.wait(timeout=60)
        os.close(self.master)
        return code


def test_a_person_is_asked_and_changes_columns(titles: Path, tmp_path: Path) -> None:
    terminal = Terminal(tmp_path, "map", titles, "--as", "payables", "--write")
    terminal.wait_for("Accept (enter)")
    terminal.type("Observação = category")
    terminal.wait_for("chosen")
    terminal.wait_for("Accept (enter)")
    terminal.type("Nada = category")
    terminal.wait_for('The file has no header "Nada"')
    terminal.wait_for("Accept (enter)")
    terminal.type("company := 01")
    terminal.wait_for("company is '01' in every row")
    terminal.wait_for("Accept (enter)")
    terminal.type("business_unit <- company")
    terminal.wait_for("business_unit takes the text of company")
    terminal.wait_for("Accept (enter)")
    terminal.type("")
    terminal.wait_for("Write this mapping?")
    terminal.type("y")
    terminal.wait_for("Written:")
    assert terminal.end() == 0
    mapping = load_mapping(tmp_path / "mappings" / "titulos.yml", load_contracts(PROJECT_ROOT))
    assert mapping.columns["Observação"] == "category"
    assert (mapping.constants, mapping.copies) == ({"company": "01"}, {"business_unit": "company"})
