"""`anxiu import`: take a file in, try it without taking it in, or take one back."""

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import django

if TYPE_CHECKING:
    from anxiu.equipment.actions import Imported, Problem
    from anxiu.equipment.importing.mapping import Layout

SHOWN_MOST = 200  # source: own choice; more problems than this have one cause


def main(arguments: Sequence[str] | None = None) -> int:
    """Carry out the command; 0 when every line was taken in or known, 1 when lines were refused, 2 when nothing ran."""
    django.setup()
    from django.utils import translation

    from anxiu.kernel.errors import Refusal
    from anxiu.kernel.messages import explain

    with translation.override(_language()):
        chosen = _parser().parse_args(arguments)
        try:
            if chosen.undo:
                return _undo(chosen.undo)
            return _import(chosen) if chosen.file else _list()
        except (Refusal, OSError) as error:
            sys.stderr.write(f"{explain(error) if isinstance(error, Refusal) else error}\n")
            return 2


def _language() -> str:
    """The language of the terminal, by the variables POSIX names, in its order."""
    chosen = next((value for name in ("LC_ALL", "LC_MESSAGES", "LANG") if (value := os.environ.get(name))), "")
    return "zh-hans" if chosen.lower().startswith("zh") else "en"


def _parser() -> argparse.ArgumentParser:
    from django.utils.translation import gettext as _

    from anxiu.equipment.choices import ImportKind

    about = _("Take in customers, machines, past orders, models, parts, people, qualifications or contracts.")
    parser = argparse.ArgumentParser(prog="anxiu import", description=about)
    what = _("workbook or CSV file, also .gz; without one, past imports are listed")
    parser.add_argument("file", nargs="?", help=what)
    parser.add_argument("--kind", choices=[each.value for each in ImportKind], help=_("what the file holds"))
    layout = _("layout of the file: a built-in name (excavators, openrepair) or a .toml file")
    parser.add_argument("--mapping", help=layout)
    parser.add_argument("--source", help=_("name of the system the file comes from; rows are known by it"))
    parser.add_argument("--dry-run", action="store_true", help=_("only say what would happen"))
    parser.add_argument("--model", default="", help=_("model of machines that orders speak of and nobody knows"))
    parser.add_argument("--customer", default="", help=_("customer code of such machines"))
    parser.add_argument("--site", default="", help=_("site name of such machines"))
    parser.add_argument("--undo", metavar="ID", help=_("take an import back"))
    return parser


def _layout(chosen: argparse.Namespace) -> "Layout":
    from anxiu.equipment.choices import ImportKind
    from anxiu.equipment.importing.mapping import Layout, read_layout
    from anxiu.kernel.errors import Invalid

    if chosen.mapping:
        return read_layout(chosen.mapping)
    if not chosen.kind:
        raise Invalid("equipment.kind_missing", field="kind", kinds=", ".join(ImportKind))
    return Layout(ImportKind(chosen.kind))


def _import(chosen: argparse.Namespace) -> int:
    from django.conf import settings
    from django.utils.translation import gettext as _

    from anxiu.equipment.actions import Placement, import_batch
    from anxiu.equipment.importing.dry_run import dry_run
    from anxiu.equipment.importing.tables import Table
    from anxiu.kernel.actor import SYSTEM
    from anxiu.kernel.time import now

    layout = _layout(chosen)
    table = Table(Path(chosen.file), layout, layout.currency or settings.ENV.currency)
    placement = Placement(chosen.model, chosen.customer, chosen.site) if chosen.model else None
    run = dry_run if chosen.dry_run else import_batch
    imported = run(
        actor=SYSTEM, at=now(), kind=layout.kind, source=chosen.source or layout.source or layout.kind.value,
        file=table.facts(), lines=table, placement=placement,
    )  # fmt: skip
    if chosen.dry_run:
        sys.stdout.write(_("Nothing was changed; this is what would happen.") + "\n")
    _report(imported, layout.kind)
    return 1 if imported.problems else 0


def _report(imported: "Imported", kind: str) -> None:
    from django.utils.translation import gettext as _

    for problem in imported.problems[:SHOWN_MOST]:
        sys.stdout.write(_("Line {line}: {why}").format(line=problem.line, why=_why(problem, kind)) + "\n")
    if more := len(imported.problems[SHOWN_MOST:]):
        sys.stdout.write(_("… and {count} more.").format(count=more) + "\n")
    counts = _("{accepted} rows taken in, {unchanged} known already, {refused} refused.").format(
        accepted=imported.accepted, unchanged=imported.unchanged, refused=len({each.line for each in imported.problems})
    )
    sys.stdout.write(counts + "\n")
    if imported.batch and imported.batch.undone_at is None:
        sys.stdout.write(_("To take this back: anxiu import --undo {id}").format(id=imported.batch.uid) + "\n")


def _why(problem: "Problem", kind: str) -> str:
    from django.utils.translation import gettext as _

    from anxiu.equipment.messages import IMPORT_FIELDS
    from anxiu.kernel.messages import explain

    field, why = problem.refusal.field, explain(problem.refusal)
    return _("{field}: {why}").format(field=IMPORT_FIELDS[kind].get(field, field), why=why) if field else why


def _undo(uid: str) -> int:
    from uuid import UUID

    from django.utils.translation import gettext as _

    from anxiu.equipment.actions import undo_import
    from anxiu.kernel.actor import SYSTEM
    from anxiu.kernel.errors import NotFound
    from anxiu.kernel.time import now

    try:
        key = UUID(uid)
    except ValueError:
        raise NotFound("kernel.not_found") from None
    undone = undo_import(actor=SYSTEM, at=now(), batch_uid=key, at_once=True)
    sys.stdout.write(_("{count} rows removed.").format(count=undone.removed) + "\n")
    for kind, number in undone.kept:
        sys.stdout.write(_("Kept, because it is in use: {kind} {number}").format(kind=kind, number=number) + "\n")
    return 1 if undone.kept else 0


def _list() -> int:
    from anxiu.equipment.queries import batches
    from anxiu.kernel.actor import SYSTEM

    for each in batches(SYSTEM):
        mark = "-" if each.undone_at else "+"
        sys.stdout.write(f"{mark} {each.uid} {each.at:%Y-%m-%d %H:%M} {each.kind} {each.source} {each.accepted}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
