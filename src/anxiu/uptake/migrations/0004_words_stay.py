"""What was replied and decided is never changed."""

from django.db import migrations

from anxiu.kernel.append_only import protect, unprotect


class Migration(migrations.Migration):
    """Triggers of replies and decisions."""

    dependencies = [("uptake", "0003_said_reviewed_taught")]
    operations = [
        migrations.RunSQL(protect(table), unprotect(table)) for table in ("uptake_reply", "uptake_decided")
    ]
