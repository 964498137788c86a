"""A signed root stays as it is."""

from django.db import migrations

from anxiu.kernel.append_only import protect, unprotect


class Migration(migrations.Migration):
    """The trigger of the roots."""

    dependencies = [("trace", "0001_initial")]
    operations = [migrations.RunSQL(protect("trace_root"), unprotect("trace_root"))]
