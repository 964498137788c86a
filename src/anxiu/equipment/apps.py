"""Answers for machines where other apps ask."""

from collections.abc import Iterable

from django.apps import AppConfig

from anxiu.kernel.actor import Actor


def _visible(actor: Actor, ids: Iterable[int]) -> set[int]:
    """Those machines whose files the actor may see; a link sees none, they are the company's."""
    from anxiu.equipment.queries import VIEW, machines

    if not actor.may(VIEW):
        return set()
    return set(machines(actor).filter(pk__in=list(ids)).values_list("pk", flat=True))


class EquipmentConfig(AppConfig):
    """Registers at start; models are loaded only when asked."""

    name = "anxiu.equipment"

    def ready(self) -> None:
        """Answer for machines where files ask."""
        from anxiu.files.queries import register_visibility

        register_visibility("machine", _visible)
