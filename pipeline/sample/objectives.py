"""The objectives that the company sets itself: what each promises, and how the current cycle is going."""

from __future__ import annotations

from dataclasses import dataclass

CYCLES = tuple(f"{year}-T{quarter}" for year in (2024, 2025, 2026) for quarter in (1, 2, 3, 4))[2:]
CURRENT_CYCLE = "2026-T4"


@dataclass(frozen=True)
class ResultPlan:
    """One key result: title, committed or aspirational, weight, from where to where, unit, and the KPI that measures it."""

    title: str
    ambition: str
    weight: float
    start: float
    target: float
    unit: str
    kpi: str | None = None
    kpi_unit: str | None = None


@dataclass(frozen=True)
class ObjectivePlan:
    """One objective and its key results; ``current_pace`` is progress ÷ time elapsed in the current cycle."""

    code: str
    unit: str
    title: str
    owner: str
    weight: float
    current_pace: float
    comment: str
    results: tuple[ResultPlan, ...]
    only_odd_quarters: bool = False
    since: str = ""

    def runs_in(self, cycle: str) -> bool:
        """Whether the objective is set in that cycle."""
        return cycle >= self.since and (not self.only_odd_quarters or int(cycle[-1]) % 2 == 1)


_C, _A = "Comprometido", "Aspiracional"

OBJECTIVES = (
    ObjectivePlan(
        "1", "MTZ", "Entregar no prazo, sempre", "Márcia Antunes", 1.0, 1.13, "Rotas novas em operação; no ritmo.",
        (
            ResultPlan("Entregas no prazo de 88 % para 94 %", _C, 2.0, 88, 94, "%"),
            ResultPlan("Reduzir devoluções de 3,0 % para 1,8 %", _C, 1.0, 3.0, 1.8, "%"),
            ResultPlan("Rotas com rastreamento de 40 para 80", _A, 1.0, 40, 80, "rotas"),
        ),
    ),
    ObjectivePlan(
        "2", "SUL", "Fechar o mês mais cedo", "Otávio Kühl", 1.0, 0.92, "Conciliação automática atrasou uma semana.",
        (
            ResultPlan("Dias para fechamento de 9 para 5", _C, 1.0, 9, 5, "dias"),
            ResultPlan("Conciliações automáticas de 50 % para 85 %", _A, 1.0, 50, 85, "%"),
        ),
    ),
    # cannot reach its target: with more than half of the cycle gone, about a tenth is done
    ObjectivePlan(
        "3", "NE", "Ganhar o cliente do Nordeste", "Inês Cavalcanti", 1.0, 0.16, "Transportadora nova não entrega.",
        (
            ResultPlan("Clientes ativos de 420 para 560", _C, 2.0, 420, 560, "clientes"),
            ResultPlan("Reclamações por mês de 60 para 25", _C, 1.0, 60, 25, "reclamações"),
            ResultPlan("Cidades atendidas em 24 h de 12 para 30", _A, 1.0, 12, 30, "cidades"),
        ),
    ),
    ObjectivePlan(
        "4", "CO", "Gente que fica", "Célia Nogueira", 0.5, 0.9, "",
        (
            ResultPlan("Horas de treinamento por pessoa de 2 para 8", _C, 1.0, 2, 8, "horas"),
            ResultPlan("Vagas preenchidas por gente da casa de 10 para 18", _A, 1.0, 10, 18, "vagas"),
        ),
        only_odd_quarters=True,
    ),
    # nobody checks in: what the KPIs say of the cycle so far is the value
    ObjectivePlan(
        "5", "SUL", "Cumprir o combinado", "Otávio Kühl", 1.0, 0.0, "",
        (
            ResultPlan("Prazo de pagamento de 28 para 26 dias", _C, 1.0, 28, 26, "dias", "days_to_pay", "SUL"),
            ResultPlan("SLA de suporte de 86 % para 90 %", _A, 1.0, 86, 90, "%", "sla_met", "SUL"),
        ),
        since=CURRENT_CYCLE,
    ),
)  # fmt: skip
