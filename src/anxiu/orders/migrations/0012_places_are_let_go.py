"""Where somebody was when a line was written or a sign-off given may be let go; and orders are found by their end."""

from django.db import migrations, models
from django.db.models import Q

ENTRY = """
create or replace function orders_entry_stays() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' and new.latitude is null and new.longitude is null then
    if old.by_customer and new.text = '' then old.text := ''; end if;
    old.latitude := null; old.longitude := null;
    if new.accuracy_metres is null then old.accuracy_metres := null; end if;
    if new is not distinct from old then return new; end if;
  end if;
  raise exception 'table orders_entry is append-only' using errcode = 'insufficient_privilege';
end $$;
"""
ENTRY_BEFORE = """
create or replace function orders_entry_stays() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' and old.by_customer and new.text = '' and new.latitude is null and new.longitude is null then
    old.text := ''; old.latitude := null; old.longitude := null;
    if new is not distinct from old then return new; end if;
  end if;
  raise exception 'table orders_entry is append-only' using errcode = 'insufficient_privilege';
end $$;
"""
SIGN_OFF = """
create or replace function orders_signoff_stays() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' then
    if new.signer = '' and new.remarks = '' and new.document in ('', old.document) then
      old.signer := ''; old.remarks := ''; old.document := new.document;
    end if;
    if new.latitude is null and new.longitude is null and new.accuracy_metres is null then
      old.latitude := null; old.longitude := null; old.accuracy_metres := null;
    end if;
    if new is not distinct from old then return new; end if;
  end if;
  raise exception 'table orders_signoff is append-only' using errcode = 'insufficient_privilege';
end $$;
"""
SIGN_OFF_BEFORE = """
create or replace function orders_signoff_stays() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' and new.signer = '' and new.remarks = '' and new.document in ('', old.document) then
    old.signer := ''; old.remarks := ''; old.document := new.document;
    if new is not distinct from old then return new; end if;
  end if;
  raise exception 'table orders_signoff is append-only' using errcode = 'insufficient_privilege';
end $$;
"""


class Migration(migrations.Migration):
    """Triggers of the orders' tables, and what the daily job looks for."""

    dependencies = [("orders", "0011_what_is_forgotten")]
    operations = [
        migrations.RunSQL(ENTRY, ENTRY_BEFORE),
        migrations.RunSQL(SIGN_OFF, SIGN_OFF_BEFORE),
        migrations.AddIndex(
            "order", models.Index(fields=["ended_at"], name="order_ended", condition=Q(ended_at__isnull=False))
        ),
        migrations.AddIndex(
            "visit",
            models.Index(fields=["arrived_at"], name="visit_placed", condition=Q(arrival_latitude__isnull=False)),
        ),
        migrations.AddIndex(
            "entry", models.Index(fields=["at"], name="entry_placed", condition=Q(latitude__isnull=False))
        ),
        migrations.AddIndex(
            "signoff", models.Index(fields=["at"], name="sign_off_placed", condition=Q(latitude__isnull=False))
        ),
    ]
