select
    deployed_date as date_day,
    business_unit,
    service,
    kind,
    {{ components('sum(case when is_failed then 1 else 0 end)', 'count(*)') }}
from {{ ref('fct_changes') }}
where is_deployed
group by deployed_date, business_unit, service, kind
