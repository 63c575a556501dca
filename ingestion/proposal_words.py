"""Words of column names: how exports abbreviate them, what they are in the other language, and how much they say."""

from __future__ import annotations

# Words that stand in many headers and so say little about which column it is.
WEAK = {
    "codigo": 0.35, "numero": 0.4, "data": 0.45, "valor": 0.5, "tipo": 0.6, "nome": 0.7, "brl": 0.1, "at": 0.25,
    "is": 0.2, "total": 0.5, "texto": 0.6, "descricao": 0.7, "documento": 0.8, "titulo": 0.8, "unidade": 0.6, "em": 0.25,
    "hora": 0.3, "r": 0.1, "reais": 0.1, "atual": 0.5, "medida": 0.8, "original": 0.3, "date": 0.45,
}  # fmt: skip
EMPTY = {
    "de",
    "da",
    "do",
    "das",
    "dos",
    "e",
    "a",
    "o",
    "no",
    "na",
    "of",
    "the",
    "and",
    "in",
    "para",
    "por",
    "to",
    "pra",
}

# Abbreviations, as exports write them.
_SHORT = {
    "dt": "data", "dta": "data", "dat": "data", "vl": "valor", "vlr": "valor", "val": "valor", "nr": "numero",
    "num": "numero", "nro": "numero", "n": "numero", "cod": "codigo", "cd": "codigo", "forn": "fornecedor",
    "fornec": "fornecedor", "venc": "vencimento", "vencto": "vencimento", "vcto": "vencimento", "pagto": "pagamento",
    "pgto": "pagamento", "pag": "pagamento", "emis": "emissao", "emiss": "emissao", "receb": "recebimento",
    "cli": "cliente", "doc": "documento", "parc": "parcela", "cc": "centro custo", "ccusto": "centro custo",
    "unid": "unidade", "un": "unidade", "emp": "empresa", "fil": "filial", "sit": "situacao", "desc": "descricao",
    "descr": "descricao", "hist": "historico", "obs": "observacao", "qtd": "quantidade", "qtde": "quantidade",
    "quant": "quantidade", "prod": "produto", "tit": "titulo", "lanc": "lancamento", "lancto": "lancamento",
    "deb": "debito", "cred": "credito", "cta": "conta", "dept": "departamento", "mun": "municipio", "end": "endereco",
    "tel": "telefone", "prev": "previsto", "entr": "entrega", "ped": "pedido", "comp": "competencia", "ctr": "centro",
    "resp": "responsavel", "func": "funcionario", "matr": "matricula", "adm": "admissao", "cad": "cadastro",
    "cancel": "cancelado", "cat": "categoria", "natur": "natureza", "preco": "preco", "prc": "preco", "armaz": "armazem",
    "mov": "movimento", "proj": "projeto", "cham": "chamado", "solic": "solicitante", "aprov": "aprovado",
    "qty": "quantidade", "amt": "valor", "amnt": "valor", "acct": "conta", "inv": "fatura", "cust": "cliente",
    "desdob": "parcela", "lcto": "lancamento", "seq": "linha", "docto": "documento", "depto": "departamento",
    "no": "numero", "nbr": "numero", "pct": "percentual", "perc": "percentual", "dep": "deposito",
}  # fmt: skip
# The other language, and words of the same meaning.
_SAME = {
    "id": "codigo", "code": "codigo", "number": "numero", "date": "data", "value": "valor", "amount": "valor",
    "type": "tipo", "name": "nome", "description": "descricao", "supplier": "fornecedor", "vendor": "fornecedor",
    "favorecido": "fornecedor", "credor": "fornecedor", "customer": "cliente", "client": "cliente", "sacado": "cliente",
    "due": "vencimento", "vence": "vencimento", "payment": "pagamento", "paid": "pagamento", "pago": "pagamento",
    "quitacao": "pagamento", "baixa": "pagamento", "baixado": "pagamento", "desdobramento": "parcela",
    "logradouro": "endereco", "cadastramento": "cadastro", "sequencia": "linha", "vencida": "vencimento", "quitado": "pagamento", "issue": "emissao", "issued": "emissao", "receipt": "recebimento",
    "received": "recebimento", "recebido": "recebimento", "document": "documento", "instalment": "parcela",
    "installment": "parcela", "unit": "unidade", "company": "empresa", "branch": "filial", "status": "situacao",
    "state": "uf", "estado": "uf", "quantity": "quantidade", "product": "produto", "item": "produto", "entry": "lancamento",
    "debit": "debito", "credit": "credito", "account": "conta", "department": "departamento", "city": "cidade",
    "address": "endereco", "phone": "telefone", "order": "pedido", "price": "preco", "cost": "custo", "centre": "centro",
    "center": "centro", "category": "categoria", "warehouse": "deposito", "shipment": "expedicao", "shipped": "expedicao",
    "expedido": "expedicao", "delivered": "entrega", "delivery": "entrega", "entregue": "entrega", "promised": "prometido",
    "discount": "desconto", "employee": "funcionario", "colaborador": "funcionario", "hired": "admissao", "salary": "salario",
    "balance": "saldo", "memo": "historico", "line": "linha", "period": "periodo", "bank": "banco", "active": "ativo",
    "invoice": "fatura", "group": "grupo", "channel": "canal", "reason": "motivo", "comment": "comentario",
    "comments": "comentario", "score": "nota", "answered": "respondido", "sent": "enviado", "opened": "abertura",
    "aberto": "abertura", "resolved": "resolvido", "requester": "solicitante", "priority": "prioridade",
    "created": "cadastro", "percent": "percentual", "tax": "fiscal", "required": "prometido", "requested": "solicitado",
    "cancelled": "cancelado", "canceled": "cancelado", "total": "total", "titulo": "documento", "empenho": "documento", "share": "percentual",
}  # fmt: skip
SAME = {**_SAME, **{short: _SAME.get(long, long) for short, long in _SHORT.items()}}
# Several words, as they read once each is in its meaning, that mean another.
PHRASES = {
    "empresa nome": "razao social", "nome empresa": "razao social", "legal nome": "razao social",
    "nome fornecedor": "razao social", "nome cliente": "razao social", "fiscal codigo": "cnpj", "cpf cnpj": "cnpj",
    "cnpj cpf": "cnpj", "numero nota": "numero documento", "nota fiscal": "documento", "nf": "documento",
    "centro resultado": "centro custo", "c resultado": "centro custo", "mes ref": "periodo", "mes referencia": "periodo",
    "data movimento": "data",
}  # fmt: skip
