"""What machines and imports hold of a person who is erased."""

from anxiu.equipment.actions.rows import index_machine
from anxiu.equipment.models import ImportedRow, ImportFile, ImportProblem, Machine, PastOrder
from anxiu.kernel.actor import Subject
from anxiu.kernel.erasure import erase_texts


def forget_person(person: Subject) -> None:
    """Blank what a customer named their machines, and the examples of the files that brought the person in."""
    batches = ImportedRow.objects.filter(kind=person.kind, row_id=person.id).values("batch")
    files = ImportFile.objects.filter(batch__in=batches)
    ImportProblem.objects.filter(file__in=files).update(params={})
    files.update(examples=[], preview=[], name="")
    if person.kind != "customer":
        return
    machines = list(Machine.objects.select_related("model__family").filter(customer=person.id).order_by("pk"))
    for row in machines:
        row.name = row.position = ""
        index_machine(row)
        row.save(update_fields=["name", "position", "search_text", "grams"])
    keys = [each.pk for each in machines]
    PastOrder.objects.filter(machine__in=keys).update(text="")
    erase_texts("machine", keys)
