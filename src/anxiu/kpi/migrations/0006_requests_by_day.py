"""Requests by hour and by class of fault, summed by day; filled from the facts there are."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

HOURS = ", ".join(f"h{hour}" for hour in range(24))
COUNTED = ", ".join(f"count(*) filter (where hour = {hour})" for hour in range(24))
BY_HOUR = f"""
insert into kpi_dayhours (day, region_id, severity, {HOURS})
select (opened_at at time zone %s)::date, region_id, coalesce(severity, ''), {COUNTED}
from kpi_orderfact group by 1, region_id, cube (severity)
"""
BY_FAULT = """
insert into kpi_dayfault (day, region_id, severity, fault, number)
select (opened_at at time zone %s)::date, region_id, coalesce(severity, ''), coalesce(fault_class_id, 0), count(*)
from kpi_orderfact group by 1, region_id, coalesce(fault_class_id, 0), cube (severity)
"""


def fill(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(BY_HOUR, [settings.TIME_ZONE])
        cursor.execute(BY_FAULT, [settings.TIME_ZONE])


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0001_initial'),
        ('kpi', '0005_kinds_of_service'),
    ]

    operations = [
        migrations.CreateModel(
            name='DayHours',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField()),
                ('severity', models.CharField(max_length=16)),
                ('region', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='accounts.region')),
                ('h0', models.IntegerField(default=0)),
                ('h1', models.IntegerField(default=0)),
                ('h2', models.IntegerField(default=0)),
                ('h3', models.IntegerField(default=0)),
                ('h4', models.IntegerField(default=0)),
                ('h5', models.IntegerField(default=0)),
                ('h6', models.IntegerField(default=0)),
                ('h7', models.IntegerField(default=0)),
                ('h8', models.IntegerField(default=0)),
                ('h9', models.IntegerField(default=0)),
                ('h10', models.IntegerField(default=0)),
                ('h11', models.IntegerField(default=0)),
                ('h12', models.IntegerField(default=0)),
                ('h13', models.IntegerField(default=0)),
                ('h14', models.IntegerField(default=0)),
                ('h15', models.IntegerField(default=0)),
                ('h16', models.IntegerField(default=0)),
                ('h17', models.IntegerField(default=0)),
                ('h18', models.IntegerField(default=0)),
                ('h19', models.IntegerField(default=0)),
                ('h20', models.IntegerField(default=0)),
                ('h21', models.IntegerField(default=0)),
                ('h22', models.IntegerField(default=0)),
                ('h23', models.IntegerField(default=0)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('severity', 'day', 'region'), name='one_row_of_hours_a_day')],
            },
        ),
        migrations.CreateModel(
            name='DayFault',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField()),
                ('severity', models.CharField(max_length=16)),
                ('fault', models.BigIntegerField()),
                ('number', models.IntegerField()),
                ('region', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='accounts.region')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('severity', 'day', 'region', 'fault'), include=('number',), name='one_count_of_a_fault_a_day')],
            },
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
