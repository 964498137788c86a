"""What may be taken along: the permission that every exported list asks for, beside that of reading it."""

from anxiu.kernel.action import view

EXPORT_LISTS = view(
    "trace.export_lists", posts={"dispatcher", "supervisor", "hr", "finance", "management", "administrator"}
)
