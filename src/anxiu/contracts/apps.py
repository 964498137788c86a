"""What other apps are told of contracts at start."""

from django.apps import AppConfig


class ContractsConfig(AppConfig):
    """Registers at start; models are loaded only when asked."""

    name = "anxiu.contracts"

    def ready(self) -> None:
        """Take in files of contracts."""
        from anxiu.contracts.importing import IMPORTER
        from anxiu.equipment.importing.kinds import register_importer

        register_importer(IMPORTER)
