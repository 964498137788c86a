"""Events ask for their position by themselves, and what is recorded stays as it is."""

from django.db import migrations

from anxiu.kernel.append_only import protect, unprotect

PENDING = """
create function kernel_event_pending() returns trigger language plpgsql as $$
begin insert into kernel_pending (event_id) values (new.id); return null; end $$;
create trigger kernel_event_pending after insert on kernel_event
for each row execute function kernel_event_pending();
alter table kernel_pending set (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000);
"""
UNDO = "drop trigger kernel_event_pending on kernel_event; drop function kernel_event_pending();"
TABLES = ["kernel_event", "kernel_position", "kernel_head"]


class Migration(migrations.Migration):
    """Triggers of the kernel's tables."""

    dependencies = [("kernel", "0001_initial")]
    operations = [
        migrations.RunSQL(PENDING, UNDO),
        *(migrations.RunSQL(protect(table), unprotect(table)) for table in TABLES),
    ]
