"""Each clause says whether a published regulation speaks or we do. Clauses of older versions came from our default."""

from django.db import migrations, models

import anxiu.regulation.choices


class Migration(migrations.Migration):
    """A column with a default: rows that stand stay as they are."""

    dependencies = [("regulation", "0002_triggers")]
    operations = [
        migrations.AddField(
            model_name="clause",
            name="origin",
            field=models.CharField(
                choices=[("published", "published"), ("ours", "ours"), ("company", "company")],
                default=anxiu.regulation.choices.Origin["OURS"],
                max_length=12,
            ),
        ),
    ]
