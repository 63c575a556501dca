-- One row a change. Only what was deployed can fail.
select
    changes.company,
    changes.business_unit,
    changes.change_id,
    changes.service_id,
    coalesce(services.name, changes.service_id) as service,
    changes.kind,
    changes.title,
    changes.deployed_at,
    {{ local_date('changes.deployed_at') }} as deployed_date,
    (changes.deployed_at is not null and changes.deployed_at <= {{ as_of_timestamp() }}) as is_deployed,
    changes.is_failed,
    changes.source_file_id,
    changes.source_line,
    changes.known_from
from {{ ref('stg_it__changes') }} as changes
left join {{ ref('stg_it__services') }} as services
    on
        changes.company = services.company
        and changes.service_id = services.service_id
