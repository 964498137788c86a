"""Drafts, reviews and approvals; what holds a clause; and triggers that let a version's state move one way only."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import anxiu.kernel.ids
import anxiu.regulation.choices

# From its review on a version's text stays; what may still change is where it stands, and who decided that.
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
        if old.state = 'approved' and new.state in ('draft', 'in_force', 'discarded') then return new; end if;
        if old.state = 'in_force' and new.state = 'withdrawn'
            and to_jsonb(new) - array['state', 'withdrawn_at'] = to_jsonb(old) - array['state', 'withdrawn_at'] then
            return new;
        end if;
    end if;
    raise exception 'regulation version % is no draft', old.code using errcode = 'insufficient_privilege';
end $$;
"""

# The version's row is locked for share: it cannot move on while a part of its draft is being written.
PART = """
create or replace function regulation_part_stays() returns trigger language plpgsql as $$
declare states text[];
begin
    if tg_op = 'INSERT' then
        select array[state] into states from regulation_version where id = new.version_id for share;
        if new.addendum_at is not null and states <@ array['in_force', 'in_review', 'approved'] then return new; end if;
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

UNDO_VERSION = """
create or replace function regulation_version_stays() returns trigger language plpgsql as $$
begin
    if old.state = 'draft' then
        if tg_op = 'DELETE' then return old; end if;
        return new;
    end if;
    if tg_op = 'UPDATE' and old.state = 'in_force' and new.state = 'withdrawn'
        and to_jsonb(new) - 'state' - 'withdrawn_at' = to_jsonb(old) - 'state' - 'withdrawn_at' then
        return new;
    end if;
    raise exception 'regulation version % is no draft', old.code using errcode = 'insufficient_privilege';
end $$;
"""
UNDO_PART = PART.replace(
    "states <@ array['in_force', 'in_review', 'approved']", "states = array['in_force']"
)


class Migration(migrations.Migration):
    """Drafts, reviews, approvals."""

    dependencies = [
        ('accounts', '0001_initial'),
        ('regulation', '0003_clause_origin'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunSQL(VERSION, UNDO_VERSION),
        migrations.RunSQL(PART, UNDO_PART),
        migrations.CreateModel(
            name='Comment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uid', models.UUIDField(default=anxiu.kernel.ids.uuid7, editable=False, unique=True)),
                ('number', models.CharField(blank=True, default='', max_length=12)),
                ('at', models.DateTimeField()),
                ('text', models.TextField()),
                ('settled_at', models.DateTimeField(blank=True, null=True)),
                ('taken_up', models.BooleanField(blank=True, null=True)),
                ('answer', models.TextField(blank=True, default='')),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='Member',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('role', models.CharField(choices=[('lead', 'lead'), ('member', 'member')], default=anxiu.regulation.choices.GroupRole['MEMBER'], max_length=12)),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.AddField(
            model_name='clause',
            name='enforced_by',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=64), blank=True, default=list, size=None),
        ),
        migrations.AddField(
            model_name='clause',
            name='indicators',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=64), blank=True, default=list, size=None),
        ),
        migrations.AddField(
            model_name='version',
            name='approved_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='version',
            name='approved_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='version',
            name='based_on',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='regulation.version'),
        ),
        migrations.AlterField(
            model_name='version',
            name='state',
            field=models.CharField(choices=[('draft', 'draft'), ('in_review', 'in_review'), ('approved', 'approved'), ('in_force', 'in_force'), ('withdrawn', 'withdrawn'), ('discarded', 'discarded')], default=anxiu.regulation.choices.VersionState['DRAFT'], max_length=12),
        ),
        migrations.AddConstraint(
            model_name='version',
            constraint=models.CheckConstraint(condition=models.Q(('in_force_from', None), ('state__in', [anxiu.regulation.choices.VersionState['IN_FORCE'], anxiu.regulation.choices.VersionState['WITHDRAWN']]), _connector='OR'), name='only_what_holds_has_a_beginning'),
        ),
        migrations.AddField(
            model_name='comment',
            name='author',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='comment',
            name='settled_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='comment',
            name='version',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='comments', to='regulation.version'),
        ),
        migrations.AddField(
            model_name='member',
            name='person',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='member',
            name='version',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='members', to='regulation.version'),
        ),
        migrations.AddConstraint(
            model_name='comment',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('settled_at', None), ('taken_up', None)), models.Q(('settled_at__isnull', False), ('taken_up__isnull', False)), _connector='OR'), name='settled_says_how'),
        ),
        migrations.AddConstraint(
            model_name='member',
            constraint=models.UniqueConstraint(fields=('version', 'person'), name='member_once_a_version'),
        ),
    ]
