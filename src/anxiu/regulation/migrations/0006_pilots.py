"""Pilots: a version on trial in some places; the triggers know its state."""

import anxiu.kernel.ids
import anxiu.regulation.choices
import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


# From its review on a version's text stays; from approval it may go on trial, and from there into force or away.
VERSION = """
create or replace function regulation_version_stays() returns trigger language plpgsql as $$
declare
    moves text[] := array['state', 'in_force_from', 'approved_at', 'approved_by_id', 'withdrawn_at'];
begin
    if old.state = 'draft' then
        if tg_op = 'DELETE' then return old; end if;
        return new;
    end if;
    if tg_op = 'UPDATE' and to_jsonb(new) - moves = to_jsonb(old) - moves then
        if old.state = 'in_review' and new.state in ('draft', 'approved', 'discarded') then return new; end if;
        if old.state = 'approved' and new.state in ('draft', 'on_trial', 'in_force', 'discarded') then return new; end if;
        if old.state = 'on_trial' and new.state in ('in_force', 'withdrawn') then return new; end if;
        if old.state = 'in_force' and new.state = 'withdrawn'
            and to_jsonb(new) - array['state', 'withdrawn_at'] = to_jsonb(old) - array['state', 'withdrawn_at'] then
            return new;
        end if;
    end if;
    raise exception 'regulation version % is no draft', old.code using errcode = 'insufficient_privilege';
end $$;
"""
PART = """
create or replace function regulation_part_stays() returns trigger language plpgsql as $$
declare states text[];
begin
    if tg_op = 'INSERT' then
        select array[state] into states from regulation_version where id = new.version_id for share;
        if new.addendum_at is not null
            and states <@ array['in_force', 'withdrawn', 'in_review', 'approved', 'on_trial'] then
            return new;
        end if;
    elsif tg_op = 'UPDATE' then
        with held as (select state from regulation_version where id in (old.version_id, new.version_id) for share)
        select array_agg(distinct state) into states from held;
    else
        select array[state] into states from regulation_version where id = old.version_id for share;
    end if;
    if states <> array['draft'] then
        raise exception '% belongs to a regulation version that is no draft', tg_table_name
            using errcode = 'insufficient_privilege';
    end if;
    if tg_op = 'DELETE' then return old; end if;
    return new;
end $$;
"""
UNDO_VERSION = VERSION.replace("'draft', 'on_trial', 'in_force'", "'draft', 'in_force'").replace(
    "        if old.state = 'on_trial' and new.state in ('in_force', 'withdrawn') then return new; end if;\n", ""
)
UNDO_PART = PART.replace("'approved', 'on_trial'", "'approved'")


class Migration(migrations.Migration):
    """Pilots and their places."""

    dependencies = [
        ('accounts', '0001_initial'),
        ('regulation', '0005_addenda_to_withdrawn'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunSQL(VERSION, UNDO_VERSION),
        migrations.RunSQL(PART, UNDO_PART),
        migrations.AlterField(
            model_name='version',
            name='state',
            field=models.CharField(choices=[('draft', 'draft'), ('in_review', 'in_review'), ('approved', 'approved'), ('on_trial', 'on_trial'), ('in_force', 'in_force'), ('withdrawn', 'withdrawn'), ('discarded', 'discarded')], default=anxiu.regulation.choices.VersionState['DRAFT'], max_length=12),
        ),
        migrations.CreateModel(
            name='Pilot',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uid', models.UUIDField(default=anxiu.kernel.ids.uuid7, editable=False, unique=True)),
                ('purpose', models.TextField()),
                ('indicators', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=64), size=None)),
                ('starts_at', models.DateTimeField()),
                ('until_date', models.DateField()),
                ('started_at', models.DateTimeField()),
                ('holds_until', models.DateTimeField(blank=True, null=True)),
                ('outcome', models.CharField(blank=True, choices=[('rolled_out', 'rolled_out'), ('withdrawn', 'withdrawn')], default='', max_length=12)),
                ('decided_at', models.DateTimeField(blank=True, null=True)),
                ('decision', models.TextField(blank=True, default='')),
                ('base', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='regulation.version')),
                ('decided_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('leader', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('started_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('version', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='pilot', to='regulation.version')),
            ],
        ),
        migrations.CreateModel(
            name='Place',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('order_type', models.SlugField(blank=True, default='', max_length=32)),
                ('pilot', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='places', to='regulation.pilot')),
                ('region', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.region')),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.AddConstraint(
            model_name='pilot',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('decided_at', None), ('holds_until', None), ('outcome', '')), models.Q(models.Q(('outcome', ''), _negated=True), ('decided_at__isnull', False), ('holds_until__isnull', False)), _connector='OR'), name='decided_says_how'),
        ),
        migrations.AddConstraint(
            model_name='place',
            constraint=models.UniqueConstraint(fields=('pilot', 'region', 'order_type'), name='place_once_a_pilot', nulls_distinct=False),
        ),
        migrations.AddConstraint(
            model_name='place',
            constraint=models.CheckConstraint(condition=models.Q(('region__isnull', False), models.Q(('order_type', ''), _negated=True), _connector='OR'), name='a_pilot_is_not_everywhere'),
        ),
    ]
