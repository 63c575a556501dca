"""What customers write beside their score: Portuguese sentences put together from parts."""

from __future__ import annotations

import numpy as np

_PRAISE_OPENINGS = (
    "Atendimento excelente", "Equipe muito atenciosa", "Sempre resolvem rápido", "Ótima parceria há anos",
    "Preço justo e produto de qualidade", "Vendedor conhece bem a nossa loja", "Pedido chegou certinho",
)  # fmt: skip
_PRAISE_ENDINGS = ("", ", recomendo!", ", continuem assim.", ", nota 10.", " e boa variedade de itens.", ", parabéns.")
_NEUTRAL = (
    "Bom, mas o site é confuso", "Poderia ter mais opções de pagamento", "Tudo certo, nada a acrescentar",
    "Atende bem; o prazo podia ser menor", "Preço um pouco acima do concorrente", "Faltam algumas marcas no catálogo",
)  # fmt: skip
_COMPLAINTS = (
    "Preço subiu sem aviso", "Nota fiscal veio com valor errado", "Demora para responder no WhatsApp",
    "Faltou produto no pedido", "Boleto chegou depois do vencimento", "Troca demorou demais",
    "Vendedor não retorna as ligações", "Limite de crédito cortado sem explicação",
)  # fmt: skip
_DELIVERY_OPENINGS = (
    "Atraso na entrega", "De novo atraso na entrega", "Atraso na entrega de mais de uma semana", "Chegou avariado",
    "Metade da carga chegou avariada", "Atraso na entrega e chegou avariado", "Mercadoria chegou avariada e molhada",
)  # fmt: skip
_DELIVERY_ENDINGS = (
    "", ", perdemos vendas.", ", e ninguém avisa.", ", a transportadora nova é péssima.", ", já é a terceira vez.",
    " desde que trocaram a transportadora.",
)  # fmt: skip

WRITES_SHARE = {"promoter": 0.30, "passive": 0.30, "detractor": 0.65, "delivery": 0.85}


def _sentences(stream: np.random.Generator, count: int, openings: tuple[str, ...], endings: tuple[str, ...]) -> list:
    first = stream.integers(0, len(openings), count)
    last = stream.integers(0, len(endings), count)
    return [openings[i] + endings[j] for i, j in zip(first, last, strict=True)]


def comments(stream: np.random.Generator, scores: np.ndarray, about_delivery: np.ndarray) -> np.ndarray:
    """One comment (or empty text) a score; ``about_delivery`` marks those that complain of the delivery."""
    count = len(scores)
    praise = _sentences(stream, count, _PRAISE_OPENINGS, _PRAISE_ENDINGS)
    neutral = _sentences(stream, count, _NEUTRAL, ("", ".", " às vezes."))
    complaint = _sentences(stream, count, _COMPLAINTS, ("", ".", "!", ", assim não dá."))
    delivery = _sentences(stream, count, _DELIVERY_OPENINGS, _DELIVERY_ENDINGS)
    kinds = [about_delivery, scores >= 9, scores >= 7]
    text = np.select(kinds, [np.array(delivery), np.array(praise), np.array(neutral)], np.array(complaint))
    share = np.select(
        kinds, [WRITES_SHARE["delivery"], WRITES_SHARE["promoter"], WRITES_SHARE["passive"]], WRITES_SHARE["detractor"]
    )
    return np.where(stream.random(count) < share, text, "")
