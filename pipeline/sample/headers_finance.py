"""The headers of the exports of finance, purchasing and the organisation."""

from __future__ import annotations

_WHO = {"company": "Empresa", "business_unit": "Unidade"}

FINANCE_HEADERS: dict[str, dict[str, str]] = {
    "receivables": _WHO
    | {
        "customer_id": "Cliente",
        "document": "Nota Fiscal",
        "instalment": "Parcela",
        "issue_date": "Emissão",
        "due_date": "Vencimento",
        "settled_date": "Recebimento",
        "amount_brl": "Valor",
        "settled_amount_brl": "Valor Recebido",
        "disputed": "Contestado",
        "status": "Situação",
    },
    "customers": _WHO
    | {
        "customer_id": "Código",
        "name": "Razão Social",
        "tax_id": "CNPJ/CPF",
        "customer_group": "Grupo",
        "city": "Cidade",
        "state": "UF",
        "payment_term_days": "Prazo",
        "created_date": "Cadastro",
        "active": "Ativo",
    },
    "closings": _WHO | {"period": "Período", "locked_at": "Fechado em", "locked_by": "Responsável"},
    "budget": _WHO
    | {"account": "Conta", "cost_centre": "Centro de Custo", "month": "Mês", "amount_brl": "Valor Orçado"},
    "accounts": {
        "company": "Empresa",
        "account": "Conta",
        "name": "Nome",
        "nature": "Natureza",
        "parent_account": "Conta Superior",
        "cash_flow": "Fluxo de Caixa",
        "active": "Ativa",
    },
    "purchase_requests": _WHO
    | {
        "request_id": "Requisição",
        "category": "Categoria",
        "cost_centre": "Centro de Custo",
        "requester": "Requisitante",
        "supplier_id": "Fornecedor",
        "purchase_order": "Pedido de Compra",
        "requested_date": "Requisitado em",
        "approved_date": "Aprovado em",
        "ordered_date": "Pedido em",
        "received_date": "Recebido em",
        "amount_brl": "Valor",
        "document": "Documento",
        "status": "Situação",
    },
    "companies": {
        "company": "Empresa",
        "name": "Razão Social",
        "tax_id": "CNPJ",
        "tax_regime": "Regime Tributário",
        "active": "Ativa",
    },
    "business_units": _WHO | {"name": "Nome", "city": "Cidade", "state": "UF", "tax_id": "CNPJ", "active": "Ativa"},
    "cost_centres": _WHO
    | {"cost_centre": "Centro de Custo", "name": "Nome", "responsible": "Responsável", "active": "Ativo"},
}
