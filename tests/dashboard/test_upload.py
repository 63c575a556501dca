"""Uploads: off unless enabled, only the inbox written, the proposal shown, the load reported, held files confirmed."""

from __future__ import annotations

import io
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from unittest.mock import patch

import pytest

from dashboard import command, uploads
from dashboard.published import current_path
from tests.dashboard.visiting import plain, texts, visit

TITLES = (
    "Nº do título;Cód. forn.;Parc.;Dt. emissão;Entrada;Dt. venc.;Vlr. original;Sit.\n"
    "77;F1;1;13/06/2026;15/06/2026;13/07/2026;1.210,50;Aberto\n78;F2;1;14/06/2026;16/06/2026;14/07/2026;xx;B\n"
)


@pytest.fixture
def data(demo_data: Path, tmp_path: Path) -> Iterator[Path]:
    """The published sample beside an empty store; uploads are on."""
    folder = tmp_path / "data"
    (folder / "serving").mkdir(parents=True)
    source = current_path(demo_data)
    os.link(source, folder / "serving" / source.name)
    (folder / "serving" / "current").write_text(source.name)
    with patch.dict(os.environ, {"RETAGUARDA_DATA": str(folder), "RETAGUARDA_UPLOADS": "on"}):
        yield folder


def test_uploads_are_off_unless_enabled(data: Path) -> None:
    with patch.dict(os.environ, {"RETAGUARDA_UPLOADS": "off"}):
        app = visit(data, "data", view="upload", lang="en")
    assert any("Uploads are off" in text for text in texts(app))
    assert not app.get("file_uploader")


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("títulos 2026.csv", "títulos 2026.csv"),
        ("../../etc/passwd", "passwd"),
        ("C:\\exports\\a.csv", "a.csv"),
        (".hidden.csv", "hidden.csv"),
        ("a\x00b\n.csv", "ab.csv"),
        ("...", "export"),
        ("x" * 300 + ".csv", "x" * 116 + ".csv"),
    ],
)
def test_names_are_made_safe(given: str, kept: str) -> None:
    assert uploads.safe_name(given) == kept


def test_only_the_inbox_is_written(data: Path) -> None:
    before = {path for path in data.rglob("*") if path.is_file()}
    upload = uploads.keep("../../outside.csv", io.BytesIO(b"a;b\n1;2\n"))
    new = {path for path in data.rglob("*") if path.is_file()} - before
    assert new == {upload.path}
    assert upload.path.is_relative_to(data / "inbox" / ".uploads")
    assert uploads.find(upload.token) == upload
    for token in ("", "../..", "a" * 31, "g" * 32, "0" * 32):
        assert uploads.find(token) is None
    (data / "inbox" / "outside.csv").write_text("there already")
    place = uploads.take_in(upload)
    assert place == data / "inbox" / "outside_2.csv"
    assert uploads.find(upload.token) is None


def test_old_uploads_are_forgotten(data: Path) -> None:
    old = uploads.keep("a.csv", io.BytesIO(b"a"))
    os.utime(old.path.parent, (0, 0))
    young = uploads.keep("b.csv", io.BytesIO(b"b"))
    assert uploads.find(old.token) is None
    assert uploads.find(young.token) == young


def test_a_command_that_fails_is_an_answer_with_its_message(data: Path) -> None:
    answer = command.run("map", str(data / "nothing.csv"))
    assert not answer.is_done
    assert answer.code == 2
    assert "no such file" in answer.message


@pytest.mark.parametrize("tag", ["pt-BR", "en"])
def test_a_proposal_is_shown_and_what_is_open_is_asked(data: Path, tag: str) -> None:
    upload = uploads.keep("titulos_2026_07.csv", io.BytesIO(TITLES.encode()))
    app = visit(data, "data", view="upload", upload=upload.token, table="erp.payables", lang=tag)
    columns = next(each for each in app.dataframe if "header" in each.value.columns).value
    mapped = dict(zip(columns["header"], columns["column"], strict=True))
    assert mapped["Dt. venc."] == "due_date"
    assert mapped["Vlr. original"] == "amount_brl"
    words = next(each for each in app.dataframe if "word" in each.value.columns).value
    assert list(words["word"]) == ["B"]
    labels = [field.label for field in app.text_input]
    assert ("Empresa *" if tag == "pt-BR" else "Company *") in labels
    said = " ".join(plain(text) for text in texts(app))
    assert ("Responda acima" if tag == "pt-BR" else "Answer what is open above") in said
    assert "1.210,50" in said if tag == "pt-BR" else "1,210.50" in said


def test_a_file_that_is_known_loads_with_one_click_and_is_reported(data: Path) -> None:
    header = "Empresa;Unidade;Fornecedor;Documento;Parcela;Emissão;Recebimento;Vencimento;Pagamento;Valor;Valor Pago;Situação\n"
    rows = "01;MTZ;F1;77;1;13/06/2026;15/06/2026;13/07/2026;;1.210,50;;Aberto\n01;MTZ;F1;78;1;99/06/2026;15/06/2026;13/07/2026;;5,00;;Aberto\n"
    upload = uploads.keep("contas_a_pagar_2026_07.csv", io.BytesIO((header + rows).encode()))
    app = visit(data, "data", view="upload", upload=upload.token, lang="en")
    assert any("loads without a new mapping" in str(each.value) for each in app.success)
    next(button for button in app.button if button.label == "Load it as it is").click()
    app.run(timeout=120)
    assert not app.exception
    table = next(each for each in app.dataframe if "rows_read" in each.value.columns).value
    assert list(table["rows_read"]) == ["2"]
    assert list(table["rows_loaded"]) == ["1"]
    assert list(table["rows_quarantined"]) == ["1"]
    assert (data / "inbox" / "contas_a_pagar_2026_07.csv").is_file()
    assert not any((data / "inbox" / ".uploads").iterdir())


def test_quarantined_rows_come_back_in_their_layout(data: Path, demo_data: Path) -> None:
    shutil.copy(demo_data / "raw.duckdb", data / "raw.duckdb")
    app = visit(data, "data", view="quarantine", lang="en")
    chosen = next(box for box in app.selectbox if box.label == "Mend the rows of a file")
    assert chosen.options
    next(button for button in app.button if button.label == "Prepare the file").click()
    app.run(timeout=120)
    assert not app.exception
    downloads = [
        each
        for each in app.get("download_button")
        if each.proto.label.startswith("Download ") and each.proto.label.endswith(".csv")
    ]
    told = [str(each.value) for each in app.caption]
    assert downloads or any("in good order since" in text for text in told)


def test_held_files_are_told_with_the_way_to_confirm(data: Path) -> None:
    held = data / "held"
    held.mkdir()
    (held / "fornecedores.csv").write_text("x")
    (held / "fornecedores.csv.reason.txt").write_text("fornecedores.csv lacks 30 % of the rows.")
    app = visit(data, "data", view="files", lang="en")
    assert any("lacks 30 % of the rows" in plain(str(each.value)) for each in app.warning)
    assert any(button.label == "Load fornecedores.csv all the same" for button in app.button)
    with patch.dict(os.environ, {"RETAGUARDA_UPLOADS": ""}):
        app = visit(data, "data", view="files", lang="en")
    assert any("--confirm" in str(each.value) for each in app.code)


def suppliers(count: int) -> bytes:
    lines = [f"01;MTZ;F{number};Fornecedor {number};;SP;;;;;sim" for number in range(count)]
    header = "Empresa;Unidade;Código;Razão Social;CNPJ/CPF;UF;Endereço;Dados Bancários;Cadastro;Revisão;Ativo"
    return ("\n".join([header, *lines]) + "\n").encode()


def test_an_export_that_shrinks_is_held_until_it_is_confirmed(data: Path, tmp_path: Path) -> None:
    first = tmp_path / "fornecedores_1.csv"
    first.write_bytes(suppliers(10))
    assert command.run("load", str(first)).content["files"][0]["state"] == "loaded"
    upload = uploads.keep("fornecedores_2.csv", io.BytesIO(suppliers(3)))
    app = visit(data, "data", view="upload", upload=upload.token, lang="en")
    next(button for button in app.button if button.label == "Load it as it is").click()
    app.run(timeout=120)
    assert not app.exception
    assert app.warning, "nothing of it is applied"
    next(button for button in app.button if button.label == "Load it all the same").click()
    app.run(timeout=120)
    assert not app.exception
    table = next(each for each in app.dataframe if "rows_closed" in each.value.columns).value
    assert list(table["state"]) == ["loaded"]
    assert list(table["rows_closed"]) == ["7"]


def test_what_a_file_holds_is_shown_letter_by_letter(data: Path) -> None:
    header = "Documento;Valor;[click](http://example.org) **bold** <script>x</script>;=cmd()"
    upload = uploads.keep("[a](http://b).csv", io.BytesIO(f"{header}\n1;10,00;x;y\n2;20,00;x;y\n".encode()))
    app = visit(data, "data", view="upload", upload=upload.token, table="erp.payables", lang="en")
    assert not app.exception
    for text in texts(app):
        assert "](http" not in text
        assert "<script>" not in text


def test_a_file_that_needs_no_mapping_loads_as_it_is(data: Path) -> None:
    statement = (
        "OFXHEADER:100\nDATA:OFXSGML\n\n<OFX><BANKMSGSRSV1><STMTTRNRS><STMTRS><CURDEF>BRL<BANKACCTFROM><BANKID>341<ACCTID>77"
        "</BANKACCTFROM><BANKTRANLIST><STMTTRN><TRNTYPE>DEBIT<DTPOSTED>20260713<TRNAMT>-10.50<FITID>1<MEMO>Tarifa</STMTTRN>"
        "</BANKTRANLIST></STMTRS></STMTTRNRS></BANKMSGSRSV1></OFX>"
    )
    upload = uploads.keep("extrato.ofx", io.BytesIO(statement.encode()))
    app = visit(data, "data", view="upload", upload=upload.token, lang="en")
    assert any("needs no mapping" in plain(str(each.value)) for each in app.warning)
    next(button for button in app.button if button.label == "Load it as it is").click()
    app.run(timeout=120)
    assert not app.exception
    table = next(each for each in app.dataframe if "rows_read" in each.value.columns).value
    assert "1" in list(table["rows_loaded"])
