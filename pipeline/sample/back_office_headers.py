"""The headers that the systems of people, IT, legal and facilities write."""

from __future__ import annotations

_WHO = {"company": "Empresa", "business_unit": "Unidade"}

BACK_OFFICE: dict[str, dict[str, str]] = {
    "employees": _WHO
    | {
        "employee_id": "Matrícula",
        "name": "Nome",
        "tax_id": "CPF",
        "department": "Setor",
        "position": "Cargo",
        "cost_centre": "Centro de Custo",
        "employment_kind": "Vínculo",
        "admission_date": "Admissão",
        "leaving_date": "Desligamento",
        "leaving_kind": "Motivo do Desligamento",
        "weekly_hours": "Horas Semanais",
    },
    "absences": _WHO
    | {
        "absence_id": "Ocorrência",
        "employee_id": "Matrícula",
        "absence_date": "Data",
        "hours": "Horas",
        "kind": "Tipo",
    },
    "requisitions": _WHO
    | {
        "requisition_id": "Requisição",
        "department": "Setor",
        "position": "Cargo",
        "requested_date": "Solicitação",
        "approved_date": "Aprovação",
        "accepted_date": "Aceite",
        "cancelled_date": "Cancelamento",
        "status": "Situação",
    },
    "trainings": _WHO
    | {
        "training_id": "Treinamento",
        "employee_id": "Matrícula",
        "title": "Título",
        "training_date": "Data",
        "hours": "Horas",
        "mandatory": "Obrigatório",
    },
    "payroll": _WHO
    | {
        "employee_id": "Matrícula",
        "month": "Competência",
        "run": "Folha",
        "gross_pay_brl": "Salário Bruto",
        "charges_brl": "Encargos",
        "benefits_brl": "Benefícios",
    },
    "vacations": _WHO
    | {
        "employee_id": "Matrícula",
        "accrual_start_date": "Início Aquisitivo",
        "accrual_end_date": "Fim Aquisitivo",
        "limit_date": "Limite Concessivo",
        "entitled_days": "Dias de Direito",
        "sold_days": "Dias Vendidos",
        "taken_days": "Dias Gozados",
        "last_day_taken": "Último Dia Gozado",
    },
    "employee_survey": _WHO
    | {
        "response_id": "Resposta",
        "wave": "Onda",
        "respondent_id": "Respondente",
        "department": "Setor",
        "sent_at": "Enviada em",
        "answered_at": "Respondida em",
        "score": "Nota",
        "comment": "Comentário",
    },
    "services": _WHO
    | {
        "service_id": "Serviço",
        "name": "Nome",
        "agreed_days": "Dias Acordados",
        "agreed_from": "Das",
        "agreed_to": "Às",
        "start_date": "Desde",
        "end_date": "Até",
    },
    "incidents": _WHO
    | {
        "incident_id": "Incidente",
        "service_id": "Serviço",
        "down_from": "Início da Parada",
        "down_to": "Fim da Parada",
        "planned": "Planejada",
        "announced_at": "Anunciada em",
        "severity": "Severidade",
        "change_id": "Mudança",
    },
    "changes": _WHO
    | {
        "change_id": "Mudança",
        "service_id": "Serviço",
        "kind": "Tipo",
        "title": "Título",
        "deployed_at": "Implantada em",
        "failed": "Falhou",
    },
    "contracts": _WHO
    | {
        "contract_id": "Contrato",
        "title": "Objeto",
        "kind": "Tipo",
        "counterparty": "Contraparte",
        "counterparty_tax_id": "CNPJ/CPF",
        "requested_date": "Solicitação",
        "signed_date": "Assinatura",
        "start_date": "Início da Vigência",
        "end_date": "Fim da Vigência",
        "notice_days": "Aviso Prévio (dias)",
        "value_brl": "Valor",
        "terminated_date": "Rescisão",
        "status": "Situação",
    },
    "lawsuits": _WHO
    | {
        "lawsuit_id": "Processo",
        "plaintiff": "Autor",
        "nature": "Natureza",
        "filed_date": "Distribuição",
        "class": "Prognóstico",
        "class_changed_date": "Data da Classificação",
        "amount_brl": "Valor Estimado",
        "closed_date": "Encerramento",
    },
    "compliance_actions": _WHO
    | {
        "action_id": "Ação",
        "title": "Descrição",
        "subject": "Norma",
        "responsible": "Responsável",
        "due_date": "Prazo",
        "done_date": "Conclusão",
        "cancelled": "Cancelada",
    },
    "maintenance_orders": _WHO
    | {
        "order_id": "Ordem",
        "asset": "Equipamento",
        "asset_class": "Classe",
        "interval_days": "Intervalo (dias)",
        "due_date": "Prevista",
        "done_date": "Realizada",
        "status": "Situação",
    },
    "inspections": _WHO
    | {
        "inspection_id": "Inspeção",
        "subject": "Item",
        "place": "Local",
        "due_date": "Prazo",
        "done_date": "Realizada",
        "result": "Resultado",
        "cancelled": "Cancelada",
    },
}
