"""The record of what happened (events, their order and hashes), and what keeps requests and effects single."""

from typing import ClassVar

from django.db import models


class EventRow(models.Model):
    """One fact, written with the change it tells of, never changed. `body` is canonical text: ids and codes only."""

    uid = models.UUIDField(unique=True)
    kind = models.CharField(max_length=64)
    version = models.PositiveSmallIntegerField()
    subject_kind = models.CharField(max_length=32)
    subject_id = models.BigIntegerField()
    region_id = models.BigIntegerField(null=True)
    actor_kind = models.CharField(max_length=16)
    actor_id = models.BigIntegerField(null=True)
    occurred_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    body = models.TextField()

    class Meta:
        db_table = "kernel_event"
        indexes: ClassVar = [models.Index(fields=["subject_kind", "subject_id", "id"], name="event_subject")]


class SealedText(models.Model):
    """Personal or free text of an event. The event holds its salted digest; erasing this row leaves the chain whole."""

    event = models.ForeignKey(EventRow, on_delete=models.PROTECT, related_name="sealed")
    field = models.CharField(max_length=32)
    salt = models.BinaryField()
    text = models.TextField()

    class Meta:
        db_table = "kernel_sealed"
        constraints: ClassVar = [models.UniqueConstraint(fields=["event", "field"], name="one_sealed_text_a_field")]


class PendingEvent(models.Model):
    """An event that has no position yet; a trigger writes the row, the sequencer removes it."""

    event = models.OneToOneField(
        EventRow, on_delete=models.DO_NOTHING, primary_key=True, db_constraint=False, related_name="+"
    )

    class Meta:
        db_table = "kernel_pending"


class Position(models.Model):
    """The place of an event in the one gap-free order, and the hash that ties it to all before it."""

    position = models.BigIntegerField(primary_key=True)
    event = models.OneToOneField(EventRow, on_delete=models.PROTECT, related_name="place")
    hash = models.BinaryField()

    class Meta:
        db_table = "kernel_position"


class Cursor(models.Model):
    """How far a projector has read."""

    name = models.CharField(max_length=64, primary_key=True)
    position = models.BigIntegerField(default=0)
    failed_at = models.DateTimeField(null=True)
    error = models.TextField(blank=True, default="")

    class Meta:
        db_table = "kernel_cursor"


class Done(models.Model):
    """A reactor's effect for one event is in the database; written in the same transaction as the effect."""

    reactor = models.CharField(max_length=64)
    position = models.BigIntegerField()

    class Meta:
        db_table = "kernel_done"
        constraints: ClassVar = [models.UniqueConstraint(fields=["reactor", "position"], name="each_effect_once")]


class IdempotencyKey(models.Model):
    """A request that was carried out, with its answer, so that asking again answers the same."""

    principal = models.CharField(max_length=64)
    key = models.CharField(max_length=128)
    request_hash = models.BinaryField()
    status = models.PositiveSmallIntegerField(default=0)
    answer = models.TextField(default="")
    created_at = models.DateTimeField()

    class Meta:
        db_table = "kernel_idempotency"
        constraints: ClassVar = [models.UniqueConstraint(fields=["principal", "key"], name="one_answer_a_key")]
        indexes: ClassVar = [models.Index(fields=["created_at"], name="idempotency_age")]


class Head(models.Model):
    """The chain's end on a day, signed with the installation's key; handed to witnesses outside."""

    date = models.DateField(primary_key=True)
    position = models.BigIntegerField()
    hash = models.BinaryField()
    signature = models.BinaryField()

    class Meta:
        db_table = "kernel_head"


class Refused(models.Model):
    """Something a person tried and was refused; the same within a minute is counted. Only the count ever changes."""

    at = models.DateTimeField()
    last_at = models.DateTimeField()
    actor_id = models.BigIntegerField()
    verb = models.CharField(max_length=64)
    why = models.CharField(max_length=12)
    code = models.CharField(max_length=64)
    value_key = models.CharField(max_length=64, blank=True, default="")
    subject_kind = models.CharField(max_length=32, blank=True, default="")
    subject = models.CharField(max_length=40, blank=True, default="")
    count = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "kernel_refused"
        indexes: ClassVar = [
            models.Index(fields=["actor_id", "-id"], name="refused_actor"),
            models.Index(fields=["value_key", "-id"], name="refused_value", condition=~models.Q(value_key="")),
            models.Index(fields=["last_at"], name="refused_age"),
        ]


class Access(models.Model):
    """Who looked at what: one row a request for detail, export, unmasking or place."""

    at = models.DateTimeField()
    actor_kind = models.CharField(max_length=16)
    actor_id = models.BigIntegerField(null=True)
    purpose = models.CharField(max_length=32)
    subject_kind = models.CharField(max_length=32)
    subject_ids = models.JSONField()

    class Meta:
        db_table = "kernel_access"
        indexes: ClassVar = [models.Index(fields=["subject_kind", "-id"], name="access_subject")]


class Tally(models.Model):
    """How often somebody came within a span of time; `key` is a digest, so that nobody can tell who."""

    key = models.CharField(max_length=64)
    window_at = models.DateTimeField()
    count = models.IntegerField()

    class Meta:
        db_table = "kernel_tally"
        constraints: ClassVar = [models.UniqueConstraint(fields=["key", "window_at"], name="one_kernel_tally")]
        indexes: ClassVar = [models.Index(fields=["window_at"], name="kernel_tally_age")]
