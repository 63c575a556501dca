"""The headers that the sample company's systems write; each must be known to the contract of its table."""

from __future__ import annotations

from pipeline.sample.back_office_headers import BACK_OFFICE
from pipeline.sample.headers_finance import FINANCE_HEADERS
from pipeline.sample.headers_fiscal import FISCAL_HEADERS

_WHO = {"company": "Empresa", "business_unit": "Unidade"}

PORTUGUESE: dict[str, dict[str, str]] = (
    BACK_OFFICE
    | FINANCE_HEADERS
    | FISCAL_HEADERS
    | {
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
            "cost_centre": "Centro de Custo",  # of the summary entries only
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
            "kpi": "Indicador",
            "kpi_business_unit": "Unidade do Indicador",
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
        "orders": _WHO
        | {
            "order_id": "Pedido",
            "customer_id": "Cliente",
            "customer_group": "Grupo de Cliente",
            "channel": "Canal",
            "salesperson": "Vendedor",
            "entered_at": "Digitado em",
            "promised_date": "Prometido para",
            "total_brl": "Valor Total",
            "corrected_at": "Corrigido em",
            "correction_reason": "Motivo da Correção",
            "cancelled_at": "Cancelado em",
            "cancellation_reason": "Motivo do Cancelamento",
            "status": "Situação",
        },
        "order_lines": _WHO
        | {
            "order_id": "Pedido",
            "line_number": "Item do Pedido",
            "item_id": "Produto",
            "warehouse": "Depósito",
            "quantity": "Quantidade",
            "list_price_brl": "Preço de Tabela",
            "discount_percent": "% Desconto",
            "amount_brl": "Valor",
            "approved_exception": "Exceção Aprovada",
            "available_quantity": "Estoque Disponível",
            "status": "Situação",
        },
        "discount_policies": _WHO
        | {
            "policy_id": "Política",
            "customer_group": "Grupo de Cliente",
            "item_category": "Categoria",
            "limit_percent": "% Limite",
            "valid_from": "Válida de",
            "valid_to": "Válida até",
        },
        "items": _WHO
        | {
            "item_id": "Produto",
            "description": "Descrição",
            "category": "Categoria",
            "abc_class": "Classe ABC",
            "unit_of_measure": "Un. Medida",
            "tax_classification": "NCM",
            "unit_cost_brl": "Custo Unitário",
            "list_price_brl": "Preço de Tabela",
            "active": "Ativo",
        },
        "stock_movements": _WHO
        | {
            "movement_id": "Movimento",
            "movement_date": "Data",
            "item_id": "Produto",
            "warehouse": "Depósito",
            "kind": "Tipo",
            "quantity": "Quantidade",
            "cost_brl": "Custo",
            "document": "Documento",
        },
        "stock_counts": _WHO
        | {
            "warehouse": "Depósito",
            "item_id": "Produto",
            "counted_date": "Contado em",
            "book_quantity": "Saldo Contábil",
            "counted_quantity": "Quantidade Contada",
            "counter": "Conferente",
        },
        "shipments": _WHO
        | {
            "shipment_id": "Expedição",
            "order_id": "Pedido",
            "warehouse": "Depósito",
            "carrier": "Transportadora",
            "invoice_number": "Nota Fiscal",
            "released_at": "Liberado em",
            "picked_at": "Separado em",
            "shipped_at": "Expedido em",
            "promised_at": "Prometido para",
            "delivered_at": "Entregue em",
            "documents_complete": "Documentação Completa",
            "damaged": "Avariado",
        },
        "shipment_lines": _WHO
        | {
            "shipment_id": "Expedição",
            "line_number": "Linha",
            "order_line_number": "Item do Pedido",
            "item_asked": "Produto Pedido",
            "item_sent": "Produto Enviado",
            "quantity_asked": "Quantidade Pedida",
            "quantity_sent": "Quantidade Enviada",
            "damaged": "Avariado",
        },
    }
)

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

# The IT desk's new tool writes English, and so does the warehouse system's new release.
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
    "shipments": {
        "company": "Company",
        "business_unit": "Business unit",
        "shipment_id": "Shipment",
        "order_id": "Order",
        "warehouse": "Warehouse",
        "carrier": "Carrier",
        "invoice_number": "Invoice",
        "released_at": "Released at",
        "picked_at": "Picked at",
        "shipped_at": "Shipped at",
        "promised_at": "Promised at",
        "delivered_at": "Delivered at",
        "documents_complete": "Documents complete",
        "damaged": "Damaged",
    },
    "shipment_lines": {
        "company": "Company",
        "business_unit": "Business unit",
        "shipment_id": "Shipment",
        "line_number": "Line",
        "order_line_number": "Order line",
        "item_asked": "Item asked",
        "item_sent": "Item sent",
        "quantity_asked": "Quantity asked",
        "quantity_sent": "Quantity sent",
        "damaged": "Damaged",
    },
}
