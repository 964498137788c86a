"""Deadlines for approving plans count among the others."""

from django.db import migrations, models

# Facts are folded again from all events, as in the migrations before.
AGAIN = """
truncate kpi_orderfact, kpi_visitfact, kpi_casefact, kpi_daycell;
delete from kernel_cursor where name = 'kpi.facts';
"""


class Migration(migrations.Migration):

    dependencies = [
        ('kpi', '0003_sums_of_all'),
    ]

    operations = [
        migrations.RunSQL(AGAIN, AGAIN),
        migrations.AddField(
            model_name='daycell',
            name='clock_approval',
            field=models.IntegerField(default=0),
        ),
        migrations.AddField(
            model_name='daycell',
            name='clock_approval_n',
            field=models.IntegerField(default=0),
        ),
    ]
