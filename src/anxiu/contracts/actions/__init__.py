"""The only way to change contracts."""

from anxiu.contracts.actions.contracts import (
    Renewal,
    add_contract,
    change_contract,
    end_contract,
    renew_contract,
    set_contract_cover,
)
from anxiu.contracts.actions.rows import NewContract, contract_row

__all__ = [
    "NewContract", "Renewal", "add_contract", "change_contract", "contract_row", "end_contract", "renew_contract",
    "set_contract_cover",
]  # fmt: skip
