"""Machines, the orders they had before us, and the imports both may come from."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q

from anxiu.accounts.models import Region
from anxiu.catalogue.models import Model
from anxiu.customers.models import Customer, Site
from anxiu.equipment.choices import ImportKind, ImportState
from anxiu.kernel.fields import choices
from anxiu.kernel.ids import uuid7
from anxiu.kernel.money import Money


class Machine(models.Model):
    """A machine at a site. `region` and `customer` are the site's; `serial_key` is the serial as it is compared."""

    uid = models.UUIDField(unique=True, default=uuid7, editable=False)
    label_code = models.CharField(max_length=12, unique=True)
    model = models.ForeignKey(Model, on_delete=models.PROTECT, related_name="machines")
    serial = models.CharField(max_length=64, blank=True, default="")
    serial_key = models.CharField(max_length=64, blank=True, default="")
    maker_key = models.CharField(max_length=80)
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="machines")
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="machines")
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=120, blank=True, default="")
    position = models.CharField(max_length=120, blank=True, default="")
    installed_on = models.DateField(null=True, blank=True)
    sold_on = models.DateField(null=True, blank=True)
    warranty_until = models.DateField(null=True, blank=True)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="children")
    search_text = models.TextField(blank=True, default="")
    grams = ArrayField(models.CharField(max_length=3), default=list)
    source = models.CharField(max_length=32, blank=True, default="")
    source_id = models.CharField(max_length=64, blank=True, default="")
    created_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["customer", "id"], name="machine_customer"),
            models.Index(fields=["site", "id"], name="machine_site"),
            models.Index(fields=["region", "-id"], name="machine_region"),
            GinIndex(fields=["grams"], name="machine_grams", fastupdate=False),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["serial_key", "maker_key"], condition=~Q(serial_key=""), name="one_serial_a_maker"
            ),
            models.UniqueConstraint(
                fields=["source", "source_id"], condition=~Q(source=""), name="machine_imported_once"
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.serial or self.label_code


class ImportBatch(models.Model):
    """A file that was taken in; `problems` lists the refused rows by line and code, without what they said."""

    uid = models.UUIDField(unique=True, default=uuid7, editable=False)
    kind = models.CharField(max_length=16, choices=choices(ImportKind))
    source = models.CharField(max_length=32)
    file_name = models.CharField(max_length=160, blank=True, default="")
    file_digest = models.CharField(max_length=64)
    accepted = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)
    problems = models.JSONField(default=list)
    at = models.DateTimeField()
    actor_id = models.BigIntegerField(null=True)
    undoing_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)
    kept = models.PositiveIntegerField(default=0)

    class Meta:
        ordering: ClassVar = ["-id"]


class ImportedRow(models.Model):
    """What a batch made of one line; `digest` is keyed, so that nobody can guess what the line said."""

    batch = models.ForeignKey(ImportBatch, on_delete=models.PROTECT, related_name="rows")
    line = models.PositiveIntegerField()
    kind = models.CharField(max_length=16)
    row_id = models.BigIntegerField()
    digest = models.CharField(max_length=64)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["kind", "row_id"], name="each_row_imported_once")]


class ImportFile(models.Model):
    """A file on its way in: its bytes lie in storage under `path` until it is taken in or dropped.

    `columns` says which column holds which field; `preview` is what its first rows become. `done` lines were gone
    through, in the trial or for good; whoever goes on after a killed worker begins there.
    """

    uid = models.UUIDField(unique=True, default=uuid7, editable=False)
    kind = models.CharField(max_length=16, choices=choices(ImportKind))
    source = models.CharField(max_length=32)
    name = models.CharField(max_length=160)
    digest = models.CharField(max_length=64)
    path = models.CharField(max_length=64, blank=True, default="")
    size = models.BigIntegerField()
    header = models.JSONField(default=list)
    examples = models.JSONField(default=list)
    columns = models.JSONField(default=dict)
    model = models.ForeignKey(Model, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    site = models.ForeignKey(Site, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    state = models.CharField(max_length=16, choices=choices(ImportState), default=ImportState.MAPPING)
    lines = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    accepted = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)
    preview = models.JSONField(default=list)
    failure = models.JSONField(default=list)
    batch = models.ForeignKey(ImportBatch, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    actor_kind = models.CharField(max_length=16)
    actor_id = models.BigIntegerField(null=True)
    opened_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["-id"]


class ImportProblem(models.Model):
    """Why a cell or row of a file is refused; goes when the file is let go of."""

    file = models.ForeignKey(ImportFile, on_delete=models.PROTECT, related_name="problems")
    line = models.PositiveIntegerField()
    field = models.CharField(max_length=32, blank=True, default="")
    code = models.CharField(max_length=64)
    params = models.JSONField(default=dict)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["file", "line", "id"], name="import_problem_place")]


class ImportMapping(models.Model):
    """Which column held what in the last file with these headings."""

    kind = models.CharField(max_length=16, choices=choices(ImportKind))
    header_digest = models.CharField(max_length=64)
    columns = models.JSONField(default=dict)
    changed_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["kind", "header_digest"], name="one_mapping_a_set_of_headings")
        ]


class PastOrder(models.Model):
    """An order a machine had before this system; read only."""

    machine = models.ForeignKey(Machine, on_delete=models.PROTECT, related_name="past_orders")
    date = models.DateField()
    text = models.TextField(blank=True, default="")
    kind = models.CharField(max_length=32, blank=True, default="")
    cost_minor = models.BigIntegerField(null=True)
    currency = models.CharField(max_length=3, default="CNY")
    source = models.CharField(max_length=32)
    source_id = models.CharField(max_length=96)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["machine", "-date", "-id"], name="past_order_machine"),
            models.Index(fields=["source_id"], name="past_order_number"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["source", "source_id"], name="past_order_imported_once")
        ]

    def __str__(self) -> str:
        return f"{self.date} {self.text or self.kind}".strip()

    @property
    def cost(self) -> Money | None:
        """What it cost, when known."""
        return None if self.cost_minor is None else Money(self.cost_minor, self.currency)
