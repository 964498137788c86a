"""Of a file its place may be let go while its name stays, and the other way round."""

from django.db import migrations, models
from django.db.models import Q

FIX = """
create or replace function files_attachment_fixed() returns trigger language plpgsql as $$
declare free text[] := array['retired_at', 'legal_hold'];
begin
  if tg_op = 'DELETE' then
    raise exception 'attachments are retired, never deleted' using errcode = 'insufficient_privilege';
  end if;
  if new.name = '' then free := free || array['name']; end if;
  if new.latitude is null and new.longitude is null and new.place_source = '' then
    free := free || array['latitude', 'longitude', 'accuracy_metres', 'place_source'];
  end if;
  if (to_jsonb(new) - free) is distinct from (to_jsonb(old) - free) then
    raise exception 'an attachment is written once' using errcode = 'insufficient_privilege';
  end if;
  return new;
end $$;
"""
UNDO = """
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


class Migration(migrations.Migration):
    """The attachment's trigger, and what the daily job looks for."""

    dependencies = [("files", "0003_forgotten")]
    operations = [
        migrations.RunSQL(FIX, UNDO),
        migrations.AddIndex(
            "attachment",
            models.Index(fields=["created_at"], name="attachment_placed", condition=Q(latitude__isnull=False)),
        ),
    ]
