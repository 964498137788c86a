"""An acknowledgement stays as it is: by whom, when, of which version. A sitting of the quiz is never changed."""

from django.db import migrations

from anxiu.kernel.append_only import protect, unprotect

READING = """
create function uptake_reading_stays() returns trigger language plpgsql as $$
begin
    if old.state = 'acknowledged' then
        raise exception 'an acknowledged reading stays as it is' using errcode = 'insufficient_privilege';
    end if;
    if tg_op = 'DELETE' then return old; end if;
    return new;
end $$;
create trigger uptake_reading_stays before update or delete on uptake_reading
for each row execute function uptake_reading_stays();
"""
UNDO = "drop trigger uptake_reading_stays on uptake_reading; drop function uptake_reading_stays();"


class Migration(migrations.Migration):
    """Triggers of what is acknowledged and sat."""

    dependencies = [("uptake", "0001_initial")]
    operations = [
        migrations.RunSQL(READING, UNDO), migrations.RunSQL(protect("uptake_attempt"), unprotect("uptake_attempt"))
    ]
