-- What the macros say about known dates and texts. The build's own moment does not matter here.
{% set answers = [
    (days_between("cast('2026-02-27' as date)", "cast('2026-03-01' as date)"), "2"),
    (days_between("cast('2026-03-01' as date)", "cast('2026-02-27' as date)"), "-2"),
    (add_days("cast('2026-02-27' as date)", 2), "cast('2026-03-01' as date)"),
    (minutes_between("cast('2026-01-01 10:00:30' as timestamp)", "cast('2026-01-01 10:01:29' as timestamp)"), "0"),
    (minutes_between("cast('2026-01-01 10:00:00' as timestamp)", "cast('2026-01-01 11:30:00' as timestamp)"), "90"),
    (iso_weekday("cast('2026-11-22' as date)"), "7"),
    (iso_weekday("cast('2026-11-23' as date)"), "1"),
    (week_start("cast('2026-11-22' as date)"), "cast('2026-11-16' as date)"),
    (month_start("cast('2026-11-22' as date)"), "cast('2026-11-01' as date)"),
    (quarter_start("cast('2026-11-22' as date)"), "cast('2026-10-01' as date)"),
    (year_start("cast('2026-11-22' as date)"), "cast('2026-01-01' as date)"),
    (year_month("cast('2026-03-09' as date)"), "'2026-03'"),
    (local_date("cast('2026-11-22 02:59:59' as timestamp)"), "cast('2026-11-21' as date)"),
    (local_date("cast('2026-11-22 03:00:00' as timestamp)"), "cast('2026-11-22' as date)"),
    (local_timestamp("cast('2018-11-22 12:00:00' as timestamp)"), "cast('2018-11-22 10:00:00' as timestamp)"),
    (ratio("3.0", "4"), "0.75"),
    (ratio("1", "0"), "null"),
    (ratio("1", "null"), "null"),
    (member("'  '"), "'unknown'"),
    (member("null"), "'unknown'"),
    (member("' Frete '"), "'Frete'"),
    (add_days(as_of_date(), 0), as_of_date()),
    (local_date(as_of_timestamp()), as_of_date()),
    (month_end("cast('2024-02-10' as date)"), "cast('2024-02-29' as date)"),
    (add_months("cast('2026-01-31' as date)", 1), "cast('2026-02-28' as date)"),
    (search_text("'  Três Irmãos – Logística & Cia.  '"), "'TRES IRMAOS LOGISTICA CIA'"),
    (search_name("'Três Irmãos Logística S.A.'"), "'TRES IRMAOS LOGISTICA'"),
    (search_name("'Bela Vista Ltda. ME'"), "'BELA VISTA'"),
    (search_name("'Mercearia Menezes'"), "'MERCEARIA MENEZES'"),
    (document_number("'NF048123'"), "'48123'"),
    (document_number("'20001-1'"), "'20001'"),
    (document_number("'0000'"), "''"),
    (party_in_text("'PIX RECEBIDO EMPORIO MONTE ALTO'"), "'EMPORIO MONTE ALTO'"),
    (party_in_text("'TED RECEBIDA NF 20001 1'"), "''"),
    (party_in_text("'SISPAG FORNECEDORES 12 TITULOS'"), "''"),
    (name_likeness("'EMPORIO MONTE AL'", "'EMPORIO MONTE ALTO'"), "cast(1 as double)"),
    (name_likeness("'EMP'", "'EMP'"), "cast(0 as double)"),
    (name_likeness("'SUPERMERCADO AVENIDA'", "'RESTAURANTE PRIMAVERA'") ~ " < 0.92", "true"),
    (tax_number("' 12.abc.345/01de-35 '"), "'12ABC34501DE35'"),
    (is_valid_cnpj("'12ABC34501DE35'"), "true"),
    (is_valid_cnpj("'12ABC34501DE34'"), "false"),
    (is_valid_cnpj("cast(null as varchar)"), "false"),
    (is_valid_cpf("'11144477735'"), "true"),
] %}
with

answers as (
    {% for expression, expected in answers %}
    select
        {{ loop.index }} as answer_number,
        cast({{ expression }} as varchar) as answer,
        cast({{ expected }} as varchar) as expected
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
)

select
    answer_number,
    answer,
    expected
from answers
where
    answer <> expected
    or (answer is null) <> (expected is null)
