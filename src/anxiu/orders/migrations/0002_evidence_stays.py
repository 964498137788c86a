"""Work record and issued documents are never changed; of a sign-off only the person may be erased."""

from django.db import migrations

from anxiu.kernel.append_only import protect, unprotect

TABLES = ["orders_entry", "orders_document"]
SIGN_OFF = """
create function orders_signoff_stays() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' and new.signer = '' and new.remarks = '' then
    old.signer := ''; old.remarks := '';
    if new is not distinct from old then return new; end if;
  end if;
  raise exception 'table orders_signoff is append-only' using errcode = 'insufficient_privilege';
end $$;
create trigger orders_signoff_stays before update or delete on orders_signoff
for each row execute function orders_signoff_stays();
"""
UNDO = "drop trigger orders_signoff_stays on orders_signoff; drop function orders_signoff_stays();"


class Migration(migrations.Migration):
    """Triggers of the orders' tables."""

    dependencies = [("orders", "0001_initial")]
    operations = [
        *(migrations.RunSQL(protect(table), unprotect(table)) for table in TABLES),
        migrations.RunSQL(SIGN_OFF, UNDO),
    ]
