"""A version in force stays as people read it: only an addendum may join it, and it may be withdrawn."""

from django.db import migrations

VERSION = """
create function regulation_version_stays() returns trigger language plpgsql as $$
begin
    if old.state = 'draft' then
        if tg_op = 'DELETE' then return old; end if;
        return new;
    end if;
    if tg_op = 'UPDATE' and old.state = 'in_force' and new.state = 'withdrawn'
        and to_jsonb(new) - 'state' - 'withdrawn_at' = to_jsonb(old) - 'state' - 'withdrawn_at' then
        return new;
    end if;
    raise exception 'regulation version % is no draft', old.code using errcode = 'insufficient_privilege';
end $$;
create trigger regulation_version_stays before update or delete on regulation_version
for each row execute function regulation_version_stays();
"""

# The version's row is locked for share: it cannot be put in force while a part of its draft is being written.
PART = """
create function regulation_part_stays() returns trigger language plpgsql as $$
declare states text[];
begin
    if tg_op = 'INSERT' then
        select array[state] into states from regulation_version where id = new.version_id for share;
        if new.addendum_at is not null and states = array['in_force'] then return new; end if;
    elsif tg_op = 'UPDATE' then
        with held as (select state from regulation_version where id in (old.version_id, new.version_id) for share)
        select array_agg(distinct state) into states from held;
    else
        select array[state] into states from regulation_version where id = old.version_id for share;
    end if;
    if states <> array['draft'] then
        raise exception '% belongs to a regulation version that is no draft', tg_table_name
            using errcode = 'insufficient_privilege';
    end if;
    if tg_op = 'DELETE' then return old; end if;
    return new;
end $$;
create trigger regulation_clause_stays before insert or update or delete on regulation_clause
for each row execute function regulation_part_stays();
create trigger regulation_figure_stays before insert or update or delete on regulation_figure
for each row execute function regulation_part_stays();
"""

UNDO_VERSION = """
drop trigger regulation_version_stays on regulation_version;
drop function regulation_version_stays();
"""
UNDO_PART = """
drop trigger regulation_clause_stays on regulation_clause;
drop trigger regulation_figure_stays on regulation_figure;
drop function regulation_part_stays();
"""


class Migration(migrations.Migration):
    """Triggers of the regulation's tables."""

    dependencies = [("regulation", "0001_initial")]
    operations = [migrations.RunSQL(VERSION, UNDO_VERSION), migrations.RunSQL(PART, UNDO_PART)]
