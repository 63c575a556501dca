"""The headers that the sample company's systems write; each must be known to the contract of its table."""

from __future__ import annotations

_WHO = {"company": "Empresa", "business_unit": "Unidade"}

PORTUGUESE: dict[str, dict[str, str]] = {
    "payables": _WHO
    | {
        "supplier_id": "Fornecedor",
        "document": "Documento",
        "instalment": "Parcela",
        "issue_date": "Emissão",
        "receipt_date": "Recebimento",
        "due_date": "Vencimento",
        "paid_date": "Pagamento",
        "amount_brl": "Valor",
        "paid_amount_brl": "Valor Pago",
        "cost_centre": "Centro de Custo",
        "category": "Categoria",
        "disputed": "Contestado",
        "status": "Situação",
    },
    "journal_lines": _WHO
    | {
        "entry_id": "Lançamento",
        "line_number": "Linha",
        "posting_date": "Data",
        "period": "Período",
        "account": "Conta",
        "debit_brl": "Débito",
        "credit_brl": "Crédito",
        "source": "Origem",
        "module": "Módulo",
        "preparer": "Responsável",
        "entry_kind": "Espécie",
        "reverses_entry_id": "Estorna",
        "correction_reason": "Motivo da Correção",
    },
    "suppliers": _WHO
    | {
        "supplier_id": "Código",
        "name": "Razão Social",
        "tax_id": "CNPJ/CPF",
        "state": "UF",
        "address": "Endereço",
        "bank_account": "Dados Bancários",
        "created_date": "Cadastro",
        "reviewed_date": "Revisão",
        "active": "Ativo",
    },
    "nps_responses": _WHO
    | {
        "response_id": "Resposta",
        "wave": "Onda",
        "respondent_id": "Respondente",
        "segment": "Segmento",
        "channel": "Canal",
        "sent_at": "Enviada em",
        "answered_at": "Respondida em",
        "score": "Nota",
        "comment": "Comentário",
    },
    "objectives": _WHO
    | {
        "objective_id": "Código",
        "title": "Título",
        "owner": "Responsável",
        "cycle": "Ciclo",
        "cycle_start_date": "Início do Ciclo",
        "cycle_end_date": "Fim do Ciclo",
        "weight": "Peso",
    },
    "key_results": _WHO
    | {
        "key_result_id": "Código",
        "objective_id": "Objetivo",
        "title": "Título",
        "ambition": "Ambição",
        "weight": "Peso",
        "start_value": "Valor Inicial",
        "target_value": "Meta",
        "unit": "Unidade de Medida",
    },
    "check_ins": _WHO
    | {
        "key_result_id": "Resultado-chave",
        "check_in_date": "Data",
        "value": "Valor",
        "confidence": "Confiança",
        "comment": "Comentário",
    },
    "projects": _WHO
    | {
        "project_id": "Código",
        "name": "Nome",
        "approved_date": "Aprovação",
        "approved_amount_brl": "Valor Aprovado",
        "annual_discount_rate": "Taxa",
        "horizon_date": "Horizonte",
        "status": "Situação",
    },
    "project_cash_flows": _WHO
    | {
        "flow_id": "Código",
        "project_id": "Projeto",
        "flow_date": "Data",
        "amount_brl": "Valor",
        "scenario": "Cenário",
        "nature": "Natureza",
    },
    "tickets": _WHO
    | {
        "ticket_id": "Chamado",
        "desk": "Mesa",
        "category": "Categoria",
        "priority": "Prioridade",
        "requester": "Solicitante",
        "opened_at": "Abertura",
        "first_reply_at": "Primeira Resposta",
        "resolved_at": "Solução",
        "count_reopened": "Reaberturas",
        "status": "Situação",
    },
    "ticket_events": _WHO | {"ticket_id": "Chamado", "event_at": "Data/Hora", "event": "Evento"},
    "bank_transactions": _WHO
    | {
        "bank_id": "Banco",
        "account_id": "Conta",
        "posted_date": "Data",
        "amount_brl": "Valor",
        "transaction_type": "Tipo",
        "transaction_id": "Identificador",
        "check_number": "Nº Documento",
        "memo": "Histórico",
        "occurrence": "Ocorrência",
    },
    "balances": _WHO
    | {"bank_id": "Banco", "account_id": "Conta", "balance_date": "Data", "ledger_balance_brl": "Saldo"},
}

# The unit SUL still exports from the old screen of the ERP, with its own headers.
OTHER_PORTUGUESE: dict[str, dict[str, str]] = {
    "payables": {
        "business_unit": "Filial",
        "supplier_id": "Cód. Fornecedor",
        "document": "Título",
        "issue_date": "Data de Emissão",
        "receipt_date": "Entrada",
        "due_date": "VENCIMENTO ",
        "paid_date": "Baixa",
        "amount_brl": "Valor do Título",
        "category": "Natureza",
        "status": "Status",
    },
}

# The IT desk's new tool writes English.
ENGLISH: dict[str, dict[str, str]] = {
    "tickets": {
        "company": "Company",
        "business_unit": "Business unit",
        "ticket_id": "Ticket",
        "desk": "Queue",
        "category": "Category",
        "priority": "Priority",
        "requester": "Requester",
        "opened_at": "Opened at",
        "first_reply_at": "First reply at",
        "resolved_at": "Resolved at",
        "count_reopened": "Reopened",
        "status": "Status",
    },
}
