"""What a file is and where it belongs is written once; only its time of keeping and its small form change."""

from django.db import migrations

FIX = """
create function files_attachment_fixed() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' then
    raise exception 'attachments are retired, never deleted' using errcode = 'insufficient_privilege';
  end if;
  if (to_jsonb(new) - 'retired_at' - 'legal_hold') is distinct from (to_jsonb(old) - 'retired_at' - 'legal_hold') then
    raise exception 'an attachment is written once' using errcode = 'insufficient_privilege';
  end if;
  return new;
end $$;
create trigger files_attachment_fixed before update or delete on files_attachment
for each row execute function files_attachment_fixed();

create function files_blob_fixed() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' then
    raise exception 'the digest of a file is kept for ever' using errcode = 'insufficient_privilege';
  end if;
  if (to_jsonb(new) - 'thumbnail_size' - 'erased_at') is distinct from (to_jsonb(old) - 'thumbnail_size' - 'erased_at') then
    raise exception 'a file is written once' using errcode = 'insufficient_privilege';
  end if;
  return new;
end $$;
create trigger files_blob_fixed before update or delete on files_blob
for each row execute function files_blob_fixed();
"""
UNDO = """
drop trigger files_attachment_fixed on files_attachment; drop function files_attachment_fixed();
drop trigger files_blob_fixed on files_blob; drop function files_blob_fixed();
"""


class Migration(migrations.Migration):
    """Triggers of the files app's tables."""

    dependencies = [("files", "0001_initial")]
    operations = [migrations.RunSQL(FIX, UNDO)]
