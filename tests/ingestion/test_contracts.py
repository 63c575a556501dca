"""Contracts: all of the project's are read; a mistake names its file, its line and what is known."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingestion.contracts import Contract, ContractError, fold, load_contracts

GOOD = """\
version: 2
sources:
  - name: shop
    tables:
      - name: sales
        config:
          meta:
            contract:
              label: {en: "Sales", pt_BR: "Vendas"}
              files: ["sales*"]
              readers: [csv]
              dialect: {delimiter: ";", decimal: ",", date_format: dd/mm/yyyy, timezone: America/Sao_Paulo}
              key: [id]
              export: full
              control_column: amount
        columns:
          - name: id
            config:
              meta: {type: text, required: true, headers: {pt_BR: ["Código"], en: ["ID"]}}
          - name: amount
            config:
              meta: {type: money, headers: {pt_BR: ["Valor"], en: ["Amount"]}}
"""


def write(folder: Path, text: str) -> Path:
    path = folder / "_shop__sources.yml"
    path.write_text(text, encoding="utf-8")
    return path


def test_all_contracts_of_the_project(contracts: dict[str, Contract]) -> None:
    assert len(contracts) >= 13
    payables = contracts["erp.payables"]
    assert payables.key == ("company", "supplier_id", "document", "instalment")
    assert payables.column("due_date").header("pt_BR") == "Vencimento"
    assert payables.column("amount_brl").raw_type == "DECIMAL(18,2)"


def test_a_good_contract_is_read(tmp_path: Path) -> None:
    write(tmp_path, GOOD)
    contract = load_contracts(tmp_path)["shop.sales"]
    assert (contract.export, contract.control_column, contract.line) == ("full", "amount", 5)


@pytest.mark.parametrize(
    ("wrong", "instead", "line", "words"),
    [
        ("export: full", "export: sometimes", 14, 'export "sometimes" is not one of incremental, full'),
        ("key: [id]", "key: [idd]", 13, '"idd" is not a column'),
        ("control_column: amount", "control_column: id", 15, 'control column "id" must be of type money'),
        ("files: [", "filez: [", 10, 'unknown key "filez"'),
        ("type: money", "type: cash", 22, 'type "cash" is not one of'),
        ("America/Sao_Paulo", "America/Sao_Paolo", 12, 'timezone "America/Sao_Paolo" does not exist'),
        ("date_format: dd/mm/yyyy", "date_format: DD/MM/YYYY", 12, "date_format"),
        ("required: true", "required: yes please", 19, "required must be true or false"),
        ('en: "Sales", ', "", 9, "needs both languages"),
        ("decimal: ','", "decimal: ';'", 12, ""),
        ("- name: amount", "- name: id", 20, "described twice"),
    ],
)
def test_mistakes_name_file_and_line(tmp_path: Path, wrong: str, instead: str, line: int, words: str) -> None:
    wrong = wrong.replace("','", '","')
    path = write(tmp_path, GOOD.replace(wrong, instead.replace("';'", '";"'), 1))
    with pytest.raises(ContractError) as caught:
        load_contracts(tmp_path)
    assert str(path) in str(caught.value)
    assert f"line {line}" in str(caught.value)
    assert words in str(caught.value)


def test_yaml_that_is_no_yaml_names_its_line(tmp_path: Path) -> None:
    write(tmp_path, GOOD.replace('files: ["sales*"]', 'files: ["sales*"'))
    with pytest.raises(ContractError, match=r"_shop__sources.yml, line 1[01]: not valid YAML"):
        load_contracts(tmp_path)


def test_headers_fold_case_accents_and_spaces() -> None:
    assert fold("  Código do  FORNECEDOR\u00a0") == fold("codigo do fornecedor")
