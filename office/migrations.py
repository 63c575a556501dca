"""The tables of the office file, as steps that are only ever appended. `pragma user_version` counts those taken."""

from __future__ import annotations

# A step is a tuple of statements, taken in one transaction. Never change one that has been released: append another.
STEPS: tuple[tuple[str, ...], ...] = (
    (
        """
        create table if not exists annotations (
            annotation_id text primary key,
            kpi text not null,
            business_unit text not null default '',
            first_day text not null,
            last_day text not null check (last_day >= first_day),
            text_en text not null default '',
            text_pt_br text not null default '',
            author text not null,
            created_at text not null,
            edited_by text,
            edited_at text,
            deleted_by text,
            deleted_at text,
            check (text_en <> '' or text_pt_br <> '')
        ) strict
        """,
        "create index if not exists annotations_by_kpi on annotations (kpi, first_day)",
        """
        create table if not exists audit (
            audit_id integer primary key,
            happened_at text not null,
            actor text not null,
            action text not null,
            subject text not null,
            subject_id text not null,
            before text,
            after text
        ) strict
        """,
        # An audit that could be rewritten would prove nothing.
        "create trigger if not exists audit_is_not_changed before update on audit begin select raise(abort, 'the audit is never changed'); end",
        "create trigger if not exists audit_is_not_erased before delete on audit begin select raise(abort, 'the audit is never erased'); end",
    ),
    (
        """
        create table if not exists saved_queries (
            query_id text primary key,
            title text not null,
            statement text not null,
            author text not null,
            owner text not null default '',
            created_at text not null,
            edited_at text,
            deleted_at text
        ) strict
        """,
        """
        create table if not exists query_history (
            history_id integer primary key,
            reader text not null,
            statement text not null,
            started_at text not null,
            seconds real not null,
            rows integer,
            state text not null
        ) strict
        """,
        "create index if not exists query_history_by_reader on query_history (reader, history_id)",
    ),
    (
        """
        create table if not exists outbox (
            message_id text primary key,
            kind text not null,
            audience text not null,
            channel text not null check (channel in ('email', 'webhook')),
            recipient text not null,
            deduplication_key text not null unique,
            subject text not null default '',
            payload text not null check (json_valid(payload)),
            state text not null default 'waiting'
                check (state in ('waiting', 'sending', 'sent', 'failed', 'uncertain', 'withdrawn')),
            attempts integer not null default 0,
            next_attempt_at text not null,
            lease text,
            lease_until text,
            handed_over_at text,
            last_error text,
            created_at text not null,
            finished_at text
        ) strict
        """,
        "create index if not exists outbox_by_turn on outbox (state, next_attempt_at)",
        "create index if not exists outbox_by_subject on outbox (kind, subject, audience)",
        """
        create table if not exists outbox_attempts (
            attempt_id integer primary key,
            message_id text not null references outbox (message_id),
            happened_at text not null,
            outcome text not null,
            detail text not null default ''
        ) strict
        """,
        "create index if not exists outbox_attempts_by_message on outbox_attempts (message_id, attempt_id)",
    ),
    (
        """
        create table if not exists runs (
            run_id integer primary key,
            token text not null unique,
            command text not null,
            started_by text not null,
            started_at text not null,
            ended_at text,
            state text not null default 'running' check (state in ('running', 'done', 'failed', 'killed')),
            exit_code integer,
            summary text not null default '{}' check (json_valid(summary)),
            message text not null default ''
        ) strict
        """,
        "create index if not exists runs_by_command on runs (command, run_id)",
    ),
    (
        """
        create table if not exists alert_audiences (
            audience text primary key,
            first_seen_at text not null
        ) strict
        """,
        """
        create table if not exists alert_states (
            audience text not null references alert_audiences (audience) on delete cascade,
            key text not null,
            topic text not null,
            variant text not null default '',
            level integer not null default 0,
            since text not null,
            last_period text,
            clear_period text,
            primary key (audience, key)
        ) strict
        """,
        """
        create table if not exists alert_news (
            news_id integer primary key,
            audience text not null references alert_audiences (audience) on delete cascade,
            key text not null,
            topic text not null,
            change text not null check (change in ('new', 'worse', 'recovered')),
            line text not null check (json_valid(line)),
            noted_at text not null,
            batch text
        ) strict
        """,
        "create index if not exists alert_news_by_audience on alert_news (audience, news_id)",
    ),
)
