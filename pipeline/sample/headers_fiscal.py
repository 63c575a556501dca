"""The headers of the fiscal exports: the log of transmissions, the agenda of filings."""

from __future__ import annotations

_WHO = {"company": "Empresa", "business_unit": "Unidade"}

FISCAL_HEADERS: dict[str, dict[str, str]] = {
    "fiscal_transmissions": _WHO
    | {
        "transmission_id": "Transmissão",
        "sent_at": "Envio",
        "answered_at": "Resposta",
        "model": "Modelo",
        "series": "Série",
        "number": "Número",
        "access_key": "Chave de Acesso",
        "environment": "Ambiente",
        "service": "Serviço",
        "status_code": "cStat",
        "status_reason": "xMotivo",
    },
    "ledger_balances": {
        "company": "Empresa",
        "period_start": "Início do Período",
        "period_end": "Fim do Período",
        "account": "Conta Contábil",
        "opening_balance_brl": "Saldo Inicial",
        "debit_brl": "Débito",
        "credit_brl": "Crédito",
        "closing_balance_brl": "Saldo Final",
    },
    "tax_filings": _WHO
    | {
        "obligation": "Obrigação",
        "period": "Competência",
        "regime": "Regime",
        "sphere": "Esfera",
        "due_date": "Vencimento",
        "filed_date": "Entrega",
        "receipt": "Recibo",
    },
}
