"""Orders stay with their version when it is withdrawn: what a new release brings is added to those versions, too."""

from django.db import migrations

PART = """
create or replace function regulation_part_stays() returns trigger language plpgsql as $$
declare states text[];
begin
    if tg_op = 'INSERT' then
        select array[state] into states from regulation_version where id = new.version_id for share;
        if new.addendum_at is not null and states <@ array['in_force', 'withdrawn', 'in_review', 'approved'] then
            return new;
        end if;
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
"""
UNDO_PART = PART.replace("'in_force', 'withdrawn', 'in_review'", "'in_force', 'in_review'")


class Migration(migrations.Migration):
    """The trigger of clauses and figures lets addenda into withdrawn versions."""

    dependencies = [("regulation", "0004_lifecycle")]
    operations = [migrations.RunSQL(PART, UNDO_PART)]
