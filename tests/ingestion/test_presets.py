"""Presets: each field accounted for, known by its headers, and a small export as the system writes it loads rightly."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from ingestion.contracts import Contract
from ingestion.load import load_file
from ingestion.mapping import load_mapping
from ingestion.presets import Preset, load_presets, preset_of
from ingestion.proposal import Choices, propose
from ingestion.proposal_writing import mapping_text
from ingestion.reports import TableReport


@pytest.fixture(scope="module")
def presets(contracts: dict[str, Contract]) -> dict[str, Preset]:
    return load_presets(contracts)


SYSTEMS = {"SAP Business One", "TOTVS Protheus", "Omie", "Bling", "Conta Azul"}


def test_every_system_has_presets_and_every_field_says_whether_it_was_checked(presets: dict[str, Preset]) -> None:
    assert {preset.system for preset in presets.values()} == SYSTEMS
    for preset in presets.values():
        used = {*preset.mapping.columns, *preset.mapping.further_headers()}
        told = {*preset.checked, *preset.unchecked}
        assert used <= told, (preset.name, used - told)
        assert not set(preset.checked) & set(preset.unchecked), preset.name
        assert preset.mapping.match, preset.name
        assert preset.export, preset.name
        assert set(preset.label) == {"en", "pt_BR"}


def test_presets_leave_only_company_and_unit_to_be_said(presets: dict[str, Preset], contracts) -> None:
    for preset in presets.values():
        filled = preset.mapping.filled_columns()
        contract = contracts[preset.mapping.table]
        missing = {each.name for each in contract.columns if each.required and each.default is None} - filled
        assert missing <= {"company", "business_unit"}, (preset.name, missing)


def test_presets_are_known_by_their_headers(presets: dict[str, Preset]) -> None:
    for name, preset in presets.items():
        headers = [*preset.mapping.columns, *preset.mapping.further_headers(), "OUTRO_CAMPO"]
        found = preset_of(headers, presets)
        assert found is not None, name
        # Conta Azul has one sheet for both; a customer and a supplier of SAP are told apart by the type of the row.
        assert found.system == preset.system, name
        if preset.system not in ("Conta Azul", "SAP Business One", "Bling", "Omie"):
            assert found.name == name
    assert preset_of(["Documento", "Valor", "Vencimento", "Emissão"], presets) is None


class Loaded:
    """A file written as a system exports it, proposed, its mapping written, read back and loaded."""

    def __init__(self, store: duckdb.DuckDBPyConnection, contracts: dict[str, Contract], folder: Path) -> None:
        self.store, self.contracts, self.folder = store, contracts, folder

    def __call__(self, preset: Preset, name: str, content: str, **constants: str) -> TableReport:
        path = self.folder / name
        path.write_text(content, encoding="utf-8")
        proposal = propose(
            path, self.contracts, Choices(preset=preset.mapping, constants={"company": "01", **constants})
        )
        assert not proposal.missing, proposal.missing
        assert not proposal.questions, proposal.questions
        written = self.folder / "mapping.yml"
        written.write_text(mapping_text(proposal), encoding="utf-8")
        mapping = load_mapping(written, self.contracts)
        assert replace(mapping, path=None) == replace(proposal.mapping, path=None)
        report = load_file(self.store, path, self.contracts, mapping=mapping, batch_id="preset")
        assert report.state == "loaded", report.message
        assert not report.quarantine, report.quarantine
        return report.tables[0]


@pytest.fixture
def loaded(store: duckdb.DuckDBPyConnection, contracts: dict[str, Contract], tmp_path: Path) -> Loaded:
    return Loaded(store, contracts, tmp_path)


def table_text(rows: list[dict[str, str]], delimiter: str = ";") -> str:
    stream = io.StringIO()
    writer = csv.DictWriter(stream, list(rows[0]), delimiter=delimiter, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return stream.getvalue()


def current(store: duckdb.DuckDBPyConnection, table: str, columns: str) -> list[tuple]:
    return store.execute(f"select {columns} from {table} where _valid_to is null order by all").fetchall()


SE2 = {"E2_FILIAL": "01", "E2_PREFIXO": "COM", "E2_NUM": "000001234", "E2_PARCELA": "  ", "E2_TIPO": "NF ",
       "E2_NATUREZ": "20101", "E2_FORNECE": "000045", "E2_LOJA": "01", "E2_EMISSAO": "20260613", "E2_EMIS1": "20260615",
       "E2_VENCREA": "20260713", "E2_BAIXA": "        ", "E2_VALOR": "1250.5", "E2_SALDO": "1250.5", "E2_CCUSTO": "110",
       "D_E_L_E_T_": " "}  # fmt: skip


def test_protheus_payables(loaded: Loaded, presets: dict[str, Preset], store) -> None:
    preset = presets["protheus-payables"]
    rows = [
        SE2,
        SE2 | {"E2_PARCELA": "B", "E2_BAIXA": "20260720", "E2_SALDO": "0"},
        SE2 | {"E2_NUM": "000009999", "D_E_L_E_T_": "*"},
        SE2 | {"E2_TIPO": "PA ", "E2_VALOR": "300"},
        SE2 | {"E2_TIPO": "NDF"},
        SE2 | {"E2_TIPO": "TX ", "E2_FORNECE": "UNIAO"},
    ]
    table = loaded(preset, "se2_2026.csv", table_text(rows))
    assert (table.rows_read, table.rows_loaded, table.rows_left_out) == (6, 2, 4)
    assert current(
        store, "erp.payables", "document, supplier_id, instalment, status, amount_brl, paid_date is null"
    ) == [
        ("COM-000001234", "000045/01", 1, "open", Decimal("1250.50"), True),
        ("COM-000001234", "000045/01", 2, "paid", Decimal("1250.50"), False),
    ]
    # Deleted since: what was known is closed.
    table = loaded(preset, "se2_later.csv", table_text([SE2 | {"D_E_L_E_T_": "*"}]))
    assert (table.rows_left_out, table.rows_closed) == (1, 1)
    assert len(current(store, "erp.payables", "document")) == 1


def test_protheus_receivables(loaded: Loaded, presets: dict[str, Preset], store) -> None:
    row = {"E1_FILIAL": "01", "E1_PREFIXO": "1", "E1_NUM": "000000777", "E1_PARCELA": "A", "E1_TIPO": "NF", "E1_CLIENTE": "000123",
           "E1_LOJA": "02", "E1_EMISSAO": "20260613", "E1_VENCREA": "20260713", "E1_BAIXA": "", "E1_VALOR": "900.00",
           "E1_SALDO": "900.00", "D_E_L_E_T_": ""}  # fmt: skip
    rows = [row, row | {"E1_TIPO": "RA"}, row | {"E1_TIPO": "NCC"}, row | {"E1_NUM": "2", "D_E_L_E_T_": "*"}]
    table = loaded(presets["protheus-receivables"], "se1.csv", table_text(rows))
    assert (table.rows_loaded, table.rows_left_out) == (1, 3)
    assert current(store, "erp.receivables", "document, customer_id, instalment, status") == [
        ("1-000000777", "000123/02", 1, "open")
    ]


def test_protheus_suppliers_and_customers(loaded: Loaded, presets: dict[str, Preset], store) -> None:
    row = {"A2_FILIAL": "", "A2_COD": "000045", "A2_LOJA": "01", "A2_NOME": "PAPELARIA LTDA", "A2_CGC": "11222333000181",
           "A2_EST": "SP", "A2_END": "RUA A, 1", "A2_BANCO": "341", "A2_AGENCIA": "0123", "A2_NUMCON": "", "A2_MSBLQL": "2",
           "D_E_L_E_T_": ""}  # fmt: skip
    rows = [row, row | {"A2_LOJA": "02", "A2_MSBLQL": "1"}, row | {"A2_LOJA": "03", "D_E_L_E_T_": "*"}]
    assert loaded(presets["protheus-suppliers"], "sa2.csv", table_text(rows)).rows_left_out == 1
    assert current(store, "erp.suppliers", "supplier_id, business_unit, bank_account, active") == [
        ("000045/01", "todas", "341/0123", True),
        ("000045/02", "todas", "341/0123", False),
    ]
    row = {"A1_FILIAL": "01", "A1_COD": "C1", "A1_LOJA": "01", "A1_NOME": "CLIENTE SA", "A1_CGC": "11222333000181",
           "A1_MUN": "CURITIBA", "A1_EST": "PR", "A1_MSBLQL": "", "D_E_L_E_T_": ""}  # fmt: skip
    assert loaded(presets["protheus-customers"], "sa1.csv", table_text([row])).rows_loaded == 1
    assert current(store, "erp.customers", "customer_id, city, active") == [("C1/01", "CURITIBA", True)]


def test_protheus_journal(loaded: Loaded, presets: dict[str, Preset], store) -> None:
    row = {"CT2_FILIAL": "01", "CT2_DATA": "20260630", "PERIODO": "2026-06", "LANCAMENTO": "20260630008850001000001",
           "LINHA": "1", "CONTA": "11101", "DEBITO": "75.30", "CREDITO": "0", "CCUSTO": "", "CT2_MANUAL": "1",
           "CT2_TPSALD": "1", "D_E_L_E_T_": ""}  # fmt: skip
    credit = row | {"LINHA": "2", "CONTA": "21101", "DEBITO": "0", "CREDITO": "75.30", "CT2_MANUAL": "2"}
    table = loaded(presets["protheus-journal"], "ct2.csv", table_text([row, credit, row | {"CT2_TPSALD": "2"}]))
    assert (table.rows_loaded, table.rows_left_out) == (2, 1)
    found = current(store, "erp.journal_lines", "line_number, debit_brl, credit_brl, source, entry_kind")
    assert found == [
        (1, Decimal("75.30"), Decimal(0), "manual", "normal"),
        (2, Decimal(0), Decimal("75.30"), "automatic", "normal"),
    ]


def test_sap_pays_by_instalment(loaded: Loaded, presets: dict[str, Preset], store) -> None:
    row = {"DocEntry": "812", "BPLId": "1", "CardCode": "F0001", "CANCELED": "N", "TaxDate": "2026-06-13", "DocDate": "2026-06-15",
           "InstlmntID": "1", "DueDate": "2026-07-13", "InsTotal": "500.000000", "PaidToDate": "500.000000", "Status": "C",
           "LastPaid": "2026-07-20"}  # fmt: skip
    second = row | {
        "InstlmntID": "2",
        "DueDate": "2026-08-13",
        "PaidToDate": "0.000000",
        "Status": "O",
        "LastPaid": "NULL",
    }
    rows = [row, second, row | {"DocEntry": "813", "CANCELED": "Y"}, row | {"DocEntry": "814", "CANCELED": "C"}]
    table = loaded(presets["sap-business-one-payables"], "opch.csv", table_text(rows, ","))
    assert (table.rows_loaded, table.rows_left_out) == (2, 2)
    assert current(
        store, "erp.payables", "document, instalment, status, amount_brl, paid_amount_brl, paid_date is null"
    ) == [
        ("812", 1, "paid", Decimal(500), Decimal(500), False),
        ("812", 2, "open", Decimal(500), Decimal(0), True),
    ]
    sales = {key: value for key, value in row.items() if key != "DocDate"}
    assert loaded(presets["sap-business-one-receivables"], "oinv.csv", table_text([sales], ",")).rows_loaded == 1
    assert current(store, "erp.receivables", "document, status") == [("812", "settled")]


def test_sap_journal_and_partners(loaded: Loaded, presets: dict[str, Preset], store) -> None:
    row = {"TransId": "77", "Line_ID": "1", "BPLId": "1", "RefDate": "2026-06-30", "Period": "2026-06", "Account": "1.1.01",
           "Debit": "10.50", "Credit": "0.00", "TransType": "30", "UserSign": "4", "StornoToTr": "NULL", "ProfitCode": "ADM"}  # fmt: skip
    closing = row | {"TransId": "78", "TransType": "-3"}
    assert loaded(presets["sap-business-one-journal"], "jdt1.csv", table_text([row, closing], "\t")).rows_loaded == 2
    assert current(store, "erp.journal_lines", "entry_id, source, entry_kind") == [
        ("77", "manual", "normal"),
        ("78", "automatic", "closing"),
    ]
    partner = {"CardCode": "F1", "CardName": "FORNECEDOR", "CardType": "S", "LicTradNum": "11.222.333/0001-81", "State1": "SP",
               "Address": "Rua B", "City": "Santos", "CreateDate": "2020-01-31", "validFor": "Y"}  # fmt: skip
    rows = [partner, partner | {"CardCode": "C1", "CardType": "C"}]
    assert loaded(presets["sap-business-one-suppliers"], "ocrd_s.csv", table_text(rows)).rows_left_out == 1
    assert loaded(presets["sap-business-one-customers"], "ocrd_c.csv", table_text(rows)).rows_left_out == 1
    assert current(store, "erp.suppliers", "supplier_id") == [("F1",)]
    assert current(store, "erp.customers", "customer_id") == [("C1",)]


def test_omie_tells_cancelled_from_paid_by_status(loaded: Loaded, presets: dict[str, Preset], store) -> None:
    row = {"codigo_lancamento_omie": 5001, "codigo_cliente_fornecedor": 900, "data_emissao": "13/06/2026", "data_entrada": "15/06/2026",
           "data_vencimento": "13/07/2026", "valor_documento": 1250.5, "codigo_categoria": "2.01.01", "status_titulo": "PAGO"}  # fmt: skip
    rows = [row, row | {"codigo_lancamento_omie": 5002, "status_titulo": "CANCELADO"},
            row | {"codigo_lancamento_omie": 5003, "status_titulo": "A VENCER"}]  # fmt: skip
    page = {"pagina": 1, "total_de_paginas": 1, "registros": 3, "conta_pagar_cadastro": rows}
    loaded(presets["omie-payables"], "contas_pagar.json", json.dumps(page), business_unit="MTZ")
    assert current(store, "erp.payables", "document, status, amount_brl") == [
        ("5001", "paid", Decimal("1250.50")), ("5002", "cancelled", Decimal("1250.50")), ("5003", "open", Decimal("1250.50")),
    ]  # fmt: skip
    sales = {key: value for key, value in row.items() if key not in ("data_entrada", "codigo_categoria")}
    lines = "\n".join(
        json.dumps(each)
        for each in [
            sales | {"status_titulo": "RECEBIDO"},
            sales | {"codigo_lancamento_omie": 2, "status_titulo": "ATRASADO"},
        ]
    )
    loaded(presets["omie-receivables"], "contareceber.ndjson", lines + "\n", business_unit="MTZ")
    assert current(store, "erp.receivables", "document, status") == [("2", "open"), ("5001", "settled")]


def test_bling(loaded: Loaded, presets: dict[str, Preset], store) -> None:
    row = {"id": 12345678, "situacao": 2, "vencimento": "2026-07-13", "valor": 1500.75, "dataEmissao": "2026-06-13",
           "contato": {"id": 77}, "categoria": {"id": 3}}  # fmt: skip
    rows = [row, row | {"id": 2, "situacao": 5}, row | {"id": 3, "situacao": 3}]
    loaded(presets["bling-payables"], "bling_pagar.json", json.dumps({"data": rows}), business_unit="MTZ")
    assert current(store, "erp.payables", "document, supplier_id, status, amount_brl") == [
        ("12345678", "77", "paid", Decimal("1500.75")), ("2", "77", "cancelled", Decimal("1500.75")),
        ("3", "77", "open", Decimal("1500.75")),
    ]  # fmt: skip
    loaded(presets["bling-receivables"], "bling_receber.json", json.dumps({"data": rows}), business_unit="MTZ")
    assert len(current(store, "erp.receivables", "document")) == 3


def test_conta_azul_has_payments_and_receipts_in_one_sheet(loaded: Loaded, presets: dict[str, Preset], store) -> None:
    row = {"Data de Pagamento": "", "Data de Vencimento": "20/07/2026", "Data de Competência": "13/06/2026", "Descrição": "Aluguel",
           "Categoria": "Ocupação", "Valor": "-1.210,00", "Centro de Custo": "ADM", "Cliente/Fornecedor": "Imobiliária",
           "CNPJ/CPF Cliente/Fornecedor": "", "Observações": ""}  # fmt: skip
    paid = row | {"Data de Pagamento": "21/07/2026", "Descrição": "Luz", "Valor": "-300,50", "Cliente/Fornecedor": ""}
    sale = row | {"Descrição": "Venda 12", "Valor": "5.000,00", "Cliente/Fornecedor": "Cliente X"}
    text = table_text([row, paid, sale])
    table = loaded(presets["conta-azul-payables"], "conta_azul_pagar.csv", text, business_unit="MTZ")
    assert (table.rows_loaded, table.rows_left_out) == (2, 1)
    assert current(store, "erp.payables", "document, status, amount_brl, supplier_id") == [
        ("Aluguel 20/07/2026", "open", Decimal(1210), "Imobiliária"),
        ("Luz 20/07/2026", "paid", Decimal("300.50"), "não informado"),
    ]
    table = loaded(presets["conta-azul-receivables"], "conta_azul_receber.csv", text, business_unit="MTZ")
    assert (table.rows_loaded, table.rows_left_out) == (1, 2)


def test_a_files_name_tells_what_is_owed_from_what_is_due(presets: dict[str, Preset]) -> None:
    shared = list(presets["omie-receivables"].mapping.columns)
    for name, expected in (("Contas_Pagar_junho.csv", "omie-payables"), ("contas_receber.xlsx", "omie-receivables")):
        found = preset_of(shared, presets, name)
        assert found is not None
        assert found.name == expected


def test_protheus_titles_in_another_currency_are_not_taken_for_reais(
    store: duckdb.DuckDBPyConnection, contracts: dict[str, Contract], presets: dict[str, Preset], tmp_path: Path
) -> None:
    path = tmp_path / "se2_2026.csv"
    path.write_text(table_text([SE2 | {"E2_MOEDA": "1"}, SE2 | {"E2_NUM": "000009999", "E2_MOEDA": "2"}]))
    mapping = replace(presets["protheus-payables"].mapping, constants={"company": "01"})
    report = load_file(store, path, contracts, mapping=mapping, batch_id="preset")
    assert report.tables[0].rows_loaded == 1
    assert [problem.reason for problem in report.quarantine] == ["the amount is in 2, and amounts here are in BRL"]


def test_a_mapping_from_a_preset_takes_the_file_that_it_was_made_for(
    contracts, presets: dict[str, Preset], tmp_path
) -> None:
    path = tmp_path / "titulos_do_erp.csv"
    path.write_text(table_text([SE2]))
    made = propose(path, contracts, Choices(preset=presets["protheus-payables"].mapping)).mapping
    assert made.match == ("titulos_do_erp.csv", "se2*.*")
