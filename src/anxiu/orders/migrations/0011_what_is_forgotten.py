"""Of the work record what the customer said, and of a sign-off the text that was shown, may be erased; nothing else."""

from django.db import migrations

from anxiu.kernel.append_only import protect, unprotect

ENTRY = """
create function orders_entry_stays() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' and old.by_customer and new.text = '' and new.latitude is null and new.longitude is null then
    old.text := ''; old.latitude := null; old.longitude := null;
    if new is not distinct from old then return new; end if;
  end if;
  raise exception 'table orders_entry is append-only' using errcode = 'insufficient_privilege';
end $$;
create trigger orders_entry_stays before update or delete on orders_entry
for each row execute function orders_entry_stays();
"""
SIGN_OFF = """
create or replace function orders_signoff_stays() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' and new.signer = '' and new.remarks = '' and new.document in ('', old.document) then
    old.signer := ''; old.remarks := ''; old.document := new.document;
    if new is not distinct from old then return new; end if;
  end if;
  raise exception 'table orders_signoff is append-only' using errcode = 'insufficient_privilege';
end $$;
"""
SIGN_OFF_BEFORE = """
create or replace function orders_signoff_stays() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' and new.signer = '' and new.remarks = '' then
    old.signer := ''; old.remarks := '';
    if new is not distinct from old then return new; end if;
  end if;
  raise exception 'table orders_signoff is append-only' using errcode = 'insufficient_privilege';
end $$;
"""


class Migration(migrations.Migration):
    """Triggers of the orders' tables."""

    dependencies = [("orders", "0010_email_channel")]
    operations = [
        migrations.RunSQL(unprotect("orders_entry"), protect("orders_entry")),
        migrations.RunSQL(ENTRY, "drop trigger orders_entry_stays on orders_entry; drop function orders_entry_stays();"),
        migrations.RunSQL(SIGN_OFF, SIGN_OFF_BEFORE),
    ]
