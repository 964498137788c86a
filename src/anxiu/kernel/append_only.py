"""Tables whose rows are never changed or removed: a trigger refuses it to all, and the application has no right to."""

from typing import Final

TABLES: Final[list[str]] = ["kernel_event", "kernel_position", "kernel_head"]

CREATE_FUNCTION: Final = """
create or replace function anxiu_append_only() returns trigger language plpgsql as $$
begin raise exception 'table % is append-only', tg_table_name using errcode = 'insufficient_privilege'; end $$
"""


def protect(table: str) -> str:
    """SQL that makes a table append-only; for migrations. The table must also be named in `TABLES`."""
    return (
        f"{CREATE_FUNCTION}; create trigger {table}_append_only before update or delete on {table}"
        f" for each row execute function anxiu_append_only()"
    )


def unprotect(table: str) -> str:
    """SQL that undoes `protect`."""
    return f"drop trigger {table}_append_only on {table}"
