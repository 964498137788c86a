"""A file's name and place may be emptied, when the person they tell of is erased; anything else is written once."""

from django.db import migrations

FIX = """
create or replace function files_attachment_fixed() returns trigger language plpgsql as $$
declare free text[] := array['retired_at', 'legal_hold'];
begin
  if tg_op = 'DELETE' then
    raise exception 'attachments are retired, never deleted' using errcode = 'insufficient_privilege';
  end if;
  if new.name = '' and new.latitude is null and new.longitude is null and new.place_source = '' then
    free := free || array['name', 'latitude', 'longitude', 'accuracy_metres', 'place_source'];
  end if;
  if (to_jsonb(new) - free) is distinct from (to_jsonb(old) - free) then
    raise exception 'an attachment is written once' using errcode = 'insufficient_privilege';
  end if;
  return new;
end $$;
"""
UNDO = """
create or replace function files_attachment_fixed() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' then
    raise exception 'attachments are retired, never deleted' using errcode = 'insufficient_privilege';
  end if;
  if (to_jsonb(new) - 'retired_at' - 'legal_hold') is distinct from (to_jsonb(old) - 'retired_at' - 'legal_hold') then
    raise exception 'an attachment is written once' using errcode = 'insufficient_privilege';
  end if;
  return new;
end $$;
"""


class Migration(migrations.Migration):
    """The attachment's trigger."""

    dependencies = [("files", "0002_fixed")]
    operations = [migrations.RunSQL(FIX, UNDO)]
