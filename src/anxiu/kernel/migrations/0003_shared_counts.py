"""Where Django's cache keeps the little that every web process must know: how often a login was tried."""

from django.db import migrations

CREATE = """
create unlogged table kernel_cache (
    cache_key varchar(255) primary key, value text not null, expires timestamptz not null
);
create index kernel_cache_expires on kernel_cache (expires);
"""


class Migration(migrations.Migration):
    """Unlogged: after a crash the counts begin anew."""

    dependencies = [("kernel", "0002_triggers")]
    operations = [migrations.RunSQL(CREATE, "drop table kernel_cache;")]
