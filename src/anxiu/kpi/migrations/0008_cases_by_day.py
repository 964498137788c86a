"""Cases under each value of the regulation, summed by day; filled from the cases there are."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

BY_VALUE = """
insert into kpi_daycase (day, region_id, value_key, version_id, kept, broken, exempt)
select (at at time zone %s)::date, region_id, value_key, version_id, count(*) filter (where verdict = 'kept'),
    count(*) filter (where verdict = 'broken'), count(*) filter (where verdict = 'exempt')
from kpi_casefact group by 1, region_id, value_key, version_id
"""


def fill(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(BY_VALUE, [settings.TIME_ZONE])


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0005_erased_people'),
        ('kpi', '0007_cases_told'),
        ('regulation', '0007_questions'),
    ]

    operations = [
        migrations.CreateModel(
            name='DayCase',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField()),
                ('value_key', models.CharField(max_length=64)),
                ('kept', models.IntegerField(default=0)),
                ('broken', models.IntegerField(default=0)),
                ('exempt', models.IntegerField(default=0)),
                ('region', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='accounts.region')),
                ('version', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='regulation.version')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('day', 'region', 'value_key', 'version'), name='one_count_of_cases_a_day')],
            },
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
