"""Exports with headers as Brazilian systems write them, written by hand and not taken from the contracts' names.

The vocabulary of proposals was enlarged after the first seven were measured (then 76 % of their columns were right);
the others were measured once and left as they were.
"""

from __future__ import annotations

Export = tuple[dict[str, str | None], list[list[str]]]

SEEN: dict[str, Export] = {
    "erp.payables": (
        {"Filial": "business_unit", "Parceiro": None, "Cód. Parceiro": "supplier_id", "Nro Nota": "document", "Desdob.": "instalment",
         "Dt. Neg.": "issue_date", "Dt. Entrada": "receipt_date", "Dt. Vencto.": "due_date", "Dt. Baixa": "paid_date",
         "Vlr. Desdob.": "amount_brl", "Vlr. Baixado": "paid_amount_brl", "C. Resultado": "cost_centre", "Natureza": "category",
         "Situação do Título": "status"},
        [["MTZ", "ACME LTDA", "1001", "4567", "1", "13/06/2026", "15/06/2026", "13/07/2026", "", "1.210,50", "", "1.01", "Serviços", "Aberto"],
         ["SUL", "BETA SA", "1002", "4568", "2", "14/06/2026", "16/06/2026", "14/07/2026", "20/07/2026", "99,00", "99,00", "1.02", "Aluguel", "Pago"]],
    ),
    "erp.receivables": (
        {"Empresa": "company", "Loja": None, "Código do Cliente": "customer_id", "Número da Nota": "document", "Parc": "instalment",
         "Data Emissão": "issue_date", "Vencto Original": "due_date", "Data do Recebimento": "settled_date",
         "Valor da Parcela": "amount_brl", "Valor Recebido R$": "settled_amount_brl", "Status do Título": "status"},
        [["01", "1", "C1", "77", "1", "13/06/2026", "13/07/2026", "", "1.210,50", "", "Aberto"],
         ["01", "2", "C2", "78", "1", "14/06/2026", "14/07/2026", "20/07/2026", "99,00", "99,00", "Recebido"]],
    ),
    "erp.suppliers": (
        {"Cod": "supplier_id", "Nome Fantasia": None, "Nome do Fornecedor": "name", "CPF/CNPJ": "tax_id", "Logradouro": "address",
         "Estado": "state", "Conta p/ Depósito": "bank_account", "Data Cadastramento": "created_date", "Ativo?": "active"},
        [["1", "ACME", "ACME LTDA", "11.222.333/0001-81", "Rua A", "SP", "341/1", "01/01/2020", "Sim"],
         ["2", "BETA", "BETA SA", "529.982.247-25", "Rua B", "PR", "001/2", "31/01/2021", "Não"]],
    ),
    "erp.journal_lines": (
        {"Nº Lcto": "entry_id", "Seq": "line_number", "Dt Lcto": "posting_date", "Mês Ref.": "period", "Cta Contábil": "account",
         "Vl Débito": "debit_brl", "Vl Crédito": "credit_brl", "Usuário": None, "CCusto": "cost_centre", "Histórico": None},
        [["10", "1", "30/06/2026", "2026-06", "1.1.01", "10,00", "0,00", "ana", "ADM", "x y z"],
         ["10", "2", "30/06/2026", "2026-06", "2.1.01", "0,00", "10,00", "ana", "ADM", "x y z"]],
    ),
    "bank.bank_transactions": (
        {"Banco": "bank_id", "Ag/Conta": "account_id", "Data Mov.": "posted_date", "Lançamento": "memo", "Docto.": "check_number",
         "Valor (R$)": "amount_brl", "Saldo (R$)": None},
        [["341", "1/2", "30/06/2026", "PIX RECEBIDO ANA", "123", "-10,50", "1.000,00"],
         ["341", "1/2", "29/06/2026", "TED ENVIADA", "124", "99,00", "1.010,50"]],
    ),
    "people.employees": (
        {"Matrícula": "employee_id", "Nome Completo": "name", "Dt Admissão": "admission_date", "Dt Demissão": "leaving_date",
         "Cargo": "position", "Depto": "department"},
        [["1", "Ana Souza", "01/02/2020", "", "Analista", "TI"], ["2", "Beto Lima", "15/03/2021", "31/05/2026", "Gerente", "RH"]],
    ),
    "helpdesk.tickets": (
        {"Nº Chamado": "ticket_id", "Aberto em": "opened_at", "Resolvido em": "resolved_at", "Prioridade": "priority",
         "Categoria": "category", "Solicitante": None},
        [["1", "01/02/2026 10:00:00", "02/02/2026 11:00:00", "Alta", "Acesso", "ana"],
         ["2", "15/03/2026 09:00:00", "", "Baixa", "Rede", "beto"]],
    ),
}  # fmt: skip
UNSEEN: dict[str, Export] = {
    "erp.orders": (
        {"Num. Pedido": "order_id", "Cliente": "customer_id", "Dt. Digitação": "entered_at", "Entrega Prometida": "promised_date",
         "Vl. Total Pedido": "total_brl", "Representante": None, "Canal Venda": "channel", "Situação Pedido": "status"},
        [["9001", "C77", "13/06/2026 08:30:00", "20/06/2026", "1.500,00", "João", "Telefone", "Aberto"],
         ["9002", "C78", "14/06/2026 09:10:00", "25/06/2026", "75,25", "Ana", "Site", "Expedido"]],
    ),
    "erp.items": (
        {"Cód. Produto": "item_id", "Descrição do Produto": "description", "Grupo": "category", "Un": None, "NCM": "tax_classification",
         "Curva": "abc_class", "Custo Médio": "unit_cost_brl", "Preço Venda": "list_price_brl", "Ativo": "active"},
        [["P1", "ARROZ TIPO 1 5KG", "Grãos", "FD", "10063021", "A", "18,20", "24,90", "S"],
         ["P2", "OLEO SOJA 900ML", "Óleos", "CX", "15079011", "B", "5,10", "7,49", "S"]],
    ),
    "erp.customers": (
        {"Código": "customer_id", "Razão Social / Nome": "name", "CNPJ/CPF": "tax_id", "Município": "city", "UF": "state",
         "Cond. Pagto (dias)": "payment_term_days", "Data Inclusão": "created_date", "Situação": None},
        [["C1", "MERCADO BOM LTDA", "11.222.333/0001-81", "Curitiba", "PR", "28", "15/03/2020", "Ativo"],
         ["C2", "PADARIA REAL ME", "11.444.777/0001-61", "Recife", "PE", "14", "30/09/2021", "Ativo"]],
    ),
    "erp.stock_movements": (
        {"ID Mov.": "movement_id", "Data Movto": None, "Produto": "item_id", "Almoxarifado": "warehouse", "Qtde. Mov.": "quantity"},
        [["1", "13/06/2026", "P1", "CD1", "10,000"], ["2", "14/06/2026", "P2", "CD1", "-2,500"]],
    ),
    "erp.budget": (
        {"Conta": "account", "C. Custo": "cost_centre", "Mês": "month", "Valor Orçado": "amount_brl", "Empresa": "company"},
        [["4.1.01", "ADM", "2026-06", "10.000,00", "01"], ["4.1.02", "TI", "2026-06", "5.500,00", "01"]],
    ),
}  # fmt: skip
