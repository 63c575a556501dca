"""What the occurrence codes of collection returns mean: the event, and the bank's word for it in Portuguese.

Codes mean different things in different banks and standards: 17 is a payment after write-off at Bradesco, a refused
change at Itaú. A code that is not here is `other`, and keeps its code.
"""

from __future__ import annotations

from collections.abc import Mapping

# Code → (event, word). Events: registered, refused, paid, written_off, changed, protested, charged, pending, other.
Occurrences = Mapping[str, tuple[str, str]]

REGISTERED, REFUSED, PAID, WRITTEN_OFF = "registered", "refused", "paid", "written_off"
CHANGED, PROTESTED, CHARGED, PENDING, OTHER = "changed", "protested", "charged", "pending", "other"

CNAB_240: Occurrences = {
    "02": (REGISTERED, "Entrada confirmada"),
    "03": (REFUSED, "Entrada rejeitada"),
    "04": (CHANGED, "Transferência de carteira, entrada"),
    "05": (CHANGED, "Transferência de carteira, baixa"),
    "06": (PAID, "Liquidação"),
    "09": (WRITTEN_OFF, "Baixa"),
    "11": (PENDING, "Título em carteira"),
    "12": (CHANGED, "Abatimento concedido"),
    "13": (CHANGED, "Abatimento cancelado"),
    "14": (CHANGED, "Vencimento alterado"),
    "17": (PAID, "Liquidação após baixa ou de título não registrado"),
    "19": (PROTESTED, "Instrução de protesto recebida"),
    "20": (CHANGED, "Protesto sustado"),
    "23": (PROTESTED, "Enviado a cartório"),
    "24": (CHANGED, "Retirado de cartório"),
    "25": (WRITTEN_OFF, "Protestado e baixado"),
    "26": (REFUSED, "Instrução rejeitada"),
    "27": (CHANGED, "Outros dados alterados"),
    "28": (CHARGED, "Débito de tarifas ou custas"),
    "29": (OTHER, "Ocorrência do pagador"),
    "30": (REFUSED, "Alteração rejeitada"),
}
BRADESCO_400: Occurrences = {
    "02": (REGISTERED, "Entrada confirmada"),
    "03": (REFUSED, "Entrada rejeitada"),
    "06": (PAID, "Liquidação normal"),
    "09": (WRITTEN_OFF, "Baixado automaticamente"),
    "10": (WRITTEN_OFF, "Baixado pela agência"),
    "11": (PENDING, "Título pendente"),
    "12": (CHANGED, "Abatimento concedido"),
    "13": (CHANGED, "Abatimento cancelado"),
    "14": (CHANGED, "Vencimento alterado"),
    "15": (PAID, "Liquidação em cartório"),
    "16": (PENDING, "Pago em cheque, a compensar"),
    "17": (PAID, "Liquidação após baixa ou de título não registrado"),
    "19": (PROTESTED, "Instrução de protesto recebida"),
    "20": (CHANGED, "Protesto sustado"),
    "22": (OTHER, "Pagamento cancelado"),
    "23": (PROTESTED, "Entrada em cartório"),
    "24": (REFUSED, "Entrada rejeitada pelo CEP"),
    "27": (REFUSED, "Baixa rejeitada"),
    "28": (CHARGED, "Débito de tarifas ou custas"),
    "30": (REFUSED, "Alteração rejeitada"),
    "32": (REFUSED, "Instrução rejeitada"),
    "33": (CHANGED, "Outros dados alterados"),
    "34": (CHANGED, "Retirado de cartório"),
}
ITAU_400: Occurrences = {
    "02": (REGISTERED, "Entrada confirmada"),
    "03": (REFUSED, "Entrada rejeitada"),
    "04": (CHANGED, "Dados alterados, nova entrada"),
    "05": (WRITTEN_OFF, "Dados alterados, baixa"),
    "06": (PAID, "Liquidação normal"),
    "07": (PAID, "Liquidação parcial"),
    "08": (PAID, "Liquidação em cartório"),
    "09": (WRITTEN_OFF, "Baixa simples"),
    "10": (WRITTEN_OFF, "Baixa por ter sido liquidado"),
    "11": (PENDING, "Título em carteira"),
    "12": (CHANGED, "Abatimento concedido"),
    "13": (CHANGED, "Abatimento cancelado"),
    "14": (CHANGED, "Vencimento alterado"),
    "15": (REFUSED, "Baixa rejeitada"),
    "16": (REFUSED, "Instrução rejeitada"),
    "17": (REFUSED, "Alteração rejeitada"),
    "18": (REFUSED, "Instrução rejeitada ou pendente"),
    "19": (PROTESTED, "Instrução de protesto recebida"),
    "20": (CHANGED, "Protesto sustado"),
    "23": (PROTESTED, "Enviado a cartório"),
    "25": (OTHER, "Alegações do pagador"),
    "30": (CHARGED, "Débito mensal de tarifas"),
    "32": (WRITTEN_OFF, "Baixa por ter sido protestado"),
    "33": (CHARGED, "Custas de protesto"),
    "59": (PAID, "Baixa por crédito em conta"),
    "69": (OTHER, "Cheque devolvido"),
}
BNB_400: Occurrences = {
    "02": (REGISTERED, "Entrada confirmada"),
    "04": (CHANGED, "Alteração"),
    "06": (PAID, "Liquidação normal"),
    "07": (PAID, "Pagamento por conta"),
    "08": (PAID, "Pagamento em cartório"),
    "09": (WRITTEN_OFF, "Baixa simples"),
    "10": (WRITTEN_OFF, "Devolvido ou protestado"),
    "11": (PENDING, "Título em carteira"),
    "12": (CHANGED, "Abatimento concedido"),
    "13": (CHANGED, "Abatimento cancelado"),
    "14": (CHANGED, "Vencimento alterado"),
    "15": (WRITTEN_OFF, "Baixa automática"),
    "19": (PROTESTED, "Instrução de protesto recebida"),
    "20": (CHANGED, "Protesto sustado"),
    "51": (REFUSED, "Entrada rejeitada"),
}
SANTANDER_400: Occurrences = {
    "01": (REFUSED, "Título não existe"),
    "02": (REGISTERED, "Entrada confirmada"),
    "03": (REFUSED, "Entrada rejeitada"),
    "06": (PAID, "Liquidação"),
    "07": (PAID, "Liquidação por conta"),
    "08": (PAID, "Liquidação por saldo"),
    "09": (WRITTEN_OFF, "Baixa automática"),
    "10": (WRITTEN_OFF, "Baixado por instrução ou protesto"),
    "11": (PENDING, "Título em carteira"),
    "12": (CHANGED, "Abatimento concedido"),
    "13": (CHANGED, "Abatimento cancelado"),
    "14": (CHANGED, "Vencimento prorrogado"),
    "15": (PROTESTED, "Enviado a cartório"),
    "16": (OTHER, "Título já baixado ou liquidado"),
    "17": (PAID, "Liquidado em cartório"),
    "21": (PROTESTED, "Entrada em cartório"),
    "22": (CHANGED, "Retirado de cartório"),
    "24": (CHARGED, "Custas de cartório"),
}
