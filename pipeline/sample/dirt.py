"""What is wrong with the exports on purpose: bad rows, duplicates, trailing spaces, an error page named .csv.

Every bad row has a key of its own, so that nothing good is lost.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

# Columns whose text gets trailing spaces in a few rows, as fixed-width screens leave them.
PADDED = {"category", "name", "module", "cost_centre", "memo", "segment"}
PADDED_SHARE = 0.02


@dataclass(frozen=True)
class BadRow:
    """One line to be quarantined: the line, the column at fault (null: the line as a whole), and what is wrong."""

    line: str
    column: str | None
    problem: str


# File name → the lines planted in it.
BAD_ROWS: dict[str, tuple[BadRow, ...]] = {
    "contas_a_pagar_2026_11_16.csv": (
        BadRow(
            "01;MTZ;F0003;NF990001;1;29/10/2026;30/10/2026;32/07/2026;;1.250,00;;1010;Mercadorias;N;Aberto",
            "due_date",
            "impossible date 32/07/2026",
        ),
        BadRow(
            "01;NE;F0008;NF990002;1;03/11/2026;04/11/2026;02/12/2026;;1.23,4;;2010;Fretes;N;Aberto",
            "amount_brl",
            "misplaced thousands point 1.23,4",
        ),
        BadRow(
            "01;CO;;NF990003;1;03/11/2026;05/11/2026;03/12/2026;;890,10;;2010;Serviços;N;Aberto",
            "supplier_id",
            "required value is missing",
        ),
        BadRow(
            "01;MTZ;F0011;NF990004;1;04/11/2026;05/11/2026;04/12/2026;;2.410,77;;1020;Tecnologia;N;Suspenso",
            "status",
            "unknown status Suspenso",
        ),
        BadRow(
            "01;MTZ;F0014;NF990005;1;04/11/2026;05/11/2026;04/12/2026;;310,00;;1020;Manutenção; elétrica;N;Aberto",
            None,
            "an unquoted separator in the text: one field too many",
        ),
    ),
    "lancamentos_2026_11_16.csv": (
        BadRow(
            "01;MTZ;LC990001;1;05/11/2026;2026-13;2.1.01.001;100,00;0,00;Manual;Fiscal;usr14;Normal;;",
            "period",
            "month 13",
        ),
        BadRow(
            "01;SUL;LC990002;1;06/11/2026;2026-11;1.1.04.001;-150,00;0,00;Manual;Estoque;usr15;Normal;;",
            "debit_brl",
            "negative debit",
        ),
    ),
    "respostas_nps_2026_11_20.csv": (
        BadRow(
            "01;SUL;R990001;2026-11;C2999;Varejo;WhatsApp;17/11/2026 10:00:00;18/11/2026 09:30:00;11;",
            "score",
            "score above 10",
        ),
        BadRow(
            "01;CO;R990002;2026-11;C4999;Varejo;E-mail;17/11/2026 11:00:00;18/11/2026 10:10:00;dez;nota dez",
            "score",
            "score in words",
        ),
    ),
    "chamados_2026_11_20.csv": (
        BadRow(
            "01;MTZ;CH99001;RH;Folha;Crítica;colab120;18/11/2026 10:12:00;;;0;Aberto",
            "priority",
            "unknown priority Crítica",
        ),
        BadRow(
            "01;NE;CH99002;Facilities;Limpeza;Baixa;colab121;30/02/2026 10:12:00;;;0;Aberto",
            "opened_at",
            "30 February",
        ),
    ),
    "extrato_2026_10_31.csv": (
        BadRow(
            "01;MTZ;341;0912/45678-9;29/10/2026;-6000.000,00;DEBIT;2026102999999;;PAGAMENTO EM DUPLICIDADE?;1",
            "amount_brl",
            "misplaced thousands point -6000.000,00",
        ),
    ),
    "acompanhamentos_2026_11_16.csv": (
        BadRow(
            "01;SUL;O-26T4-2-KR1;11/11/2026;7,4;1,5;confiança em escala errada",
            "confidence",
            "confidence above 1",
        ),
    ),
    "ausencias_2026_11_20.csv": (
        BadRow("01;SUL;A990001;1101;18/11/2026;25;Atestado médico", "hours", "more hours than a day has"),
        BadRow("01;CO;A990002;1077;31/11/2026;8;Falta", "absence_date", "31 November"),
    ),
    "incidentes_2026_11_16.csv": (
        BadRow("01;MTZ;I99001;ERP;10/11/2026 10:00:00;10/11/2026 25:10:00;N;;Alta;", "down_to", "hour 25"),
    ),
    "contratos_2026_10_31.csv": (
        BadRow(
            "01;MTZ;CT-9901;Transporte 7;Transporte;Planalto Transporte Ltda;;05/10/2026;;;;sessenta;12.000,00;;"
            "Em negociação",
            "notice_days",
            "days of notice in words",
        ),
    ),
    "ordens_manutencao_2026_11_20.csv": (
        BadRow("01;CO;OS99001;Gerador CO-01;Gerador;90;18/11/2026;;Remarcada", "status", "unknown status Remarcada"),
    ),
    "pedidos_2026_11_16.csv": (
        BadRow(
            "01;MTZ;PV99001;K001;Varejo;Fax;vendMTZ1;10/11/2026 10:00:00;17/11/2026;1.200,00;;;;;Aberto",
            "channel",
            "unknown channel Fax",
        ),
        BadRow(
            "01;SUL;PV99002;K003;Varejo;Portal;vendSUL1;10/11/2026 25:10:00;17/11/2026;900,00;;;;;Aberto",
            "entered_at",
            "hour 25",
        ),
    ),
    "itens_pedido_2026_11_16.csv": (
        BadRow(
            "01;MTZ;PV99003;1;P1001;CD-SAO;10;71,64;140;0,00;N;90;Aberto",
            "discount_percent",
            "discount above 100 %",
        ),
    ),
    "movimentos_estoque_2026_11_20.csv": (
        BadRow(
            "01;NE;M99001;18/11/2026;P1002;CD-REC;Compra;1.00,0;6997,00;",
            "quantity",
            "misplaced thousands point 1.00,0",
        ),
    ),
    "expedicoes_2026_11_20.csv": (
        BadRow(
            "01;CO;E99001;PV12000;CD-GYN;Cerrado Express;;18/11/2026 10:00:00;;;24/11/2026 12:00:00;;talvez;N",
            "documents_complete",
            "neither yes nor no: talvez",
        ),
    ),
    "contas_a_receber_2026_11_16.csv": (
        BadRow(
            "01;MTZ;K014;99001-1;1;10/11/2026;08/12/2026;31/11/2026;2.300,00;2.300,00;N;Recebido",
            "settled_date",
            "31 November",
        ),
        BadRow(
            "01;SUL;K005;99002-2;0;10/11/2026;08/12/2026;;1.150,00;;N;Aberto",
            "instalment",
            "instalment 0",
        ),
        BadRow(
            "01;NE;K010;99003-3;1;11/11/2026;09/12/2026;;870,00;;N;Negociado",
            "status",
            "unknown status Negociado",
        ),
    ),
    "requisicoes_de_compra_2026_11_20.csv": (
        BadRow(
            "01;CO;RC99001;Manutenção;2020;colab101;;;18/11/2026;;;;-450,00;;Requisitado",
            "amount_brl",
            "negative amount",
        ),
    ),
    "fechamentos_2026_10_31.csv": (BadRow("01;MTZ;2026-00;09/10/2026 18:00:00;usr12", "period", "month 0"),),
}

# Bad rows that come again, mended, in a later file.
MENDED_ROWS: dict[str, tuple[str, ...]] = {
    "contas_a_pagar_2026_11_20.csv": (
        "01;MTZ;F0003;NF990001;1;29/10/2026;30/10/2026;27/11/2026;;1.250,00;;1010;Mercadorias;N;Aberto",
        "01;NE;F0008;NF990002;1;03/11/2026;04/11/2026;02/12/2026;;1.234,00;;2010;Fretes;N;Aberto",
    ),
}

# File name → how many of its rows come twice, alike in every field.
DUPLICATED_ROWS = {
    "contas_a_pagar_2026_06_30.csv": 9,
    "lancamentos_2026_06_30.csv": 6,
    "chamados_2026_09_30.csv": 4,
    "ausencias_2026_09_30.csv": 3,
    "itens_pedido_2026_09_30.csv": 5,
    "contas_a_receber_2026_06_30.csv": 4,
}

# File name → how many rows come first with another amount under the same key: the last line wins.
CONTRADICTED_ROWS = {"contas_a_pagar_2026_09_30.csv": 2}

# Delivered twice under two names, byte for byte.
FILE_TWICE = ("respostas_nps_2026_11_16.csv", "respostas_nps_2026_11_16 (1).csv")

# The bank's portal had logged the clerk out.
ERROR_PAGE_NAME = "extrato_itau_2026_11_20.csv"
ERROR_PAGE = (
    '<!DOCTYPE html>\r\n<html lang="pt-BR">\r\n<head><meta charset="utf-8"><title>Sessão expirada</title></head>'
    "\r\n<body><h1>Sua sessão expirou</h1><p>Acesse novamente para baixar o extrato.</p></body>\r\n</html>\r\n"
).encode()


def with_trailing_spaces(text: pl.DataFrame, stream: np.random.Generator) -> pl.DataFrame:
    """Spaces behind the text of a few rows in the padded columns."""
    padded = [name for name in text.columns if name in PADDED]
    return text.with_columns(
        pl.when(pl.Series(stream.random(text.height) < PADDED_SHARE) & (pl.col(name) != ""))
        .then(pl.col(name) + "   ")
        .otherwise(pl.col(name))
        .alias(name)
        for name in padded
    )


def with_planted_lines(file_name: str, lines: list[str], stream: np.random.Generator) -> list[str]:
    """The file's lines with its duplicated, contradicted, bad and mended rows put in."""
    lines = list(lines)
    for position in sorted(stream.choice(len(lines), CONTRADICTED_ROWS.get(file_name, 0), replace=False), reverse=True):
        fields = lines[position].split(";")
        fields[9] = "999,99"
        lines.insert(int(position), ";".join(fields))
    for position in sorted(stream.choice(len(lines), DUPLICATED_ROWS.get(file_name, 0), replace=False), reverse=True):
        lines.insert(int(position) + 1, lines[position])
    for bad in BAD_ROWS.get(file_name, ()):
        lines.insert(int(stream.integers(0, len(lines) + 1)), bad.line)
    return lines + list(MENDED_ROWS.get(file_name, ()))
