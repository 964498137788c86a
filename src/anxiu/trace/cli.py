"""`anxiu verify`: check the chain in the database, or write it, or the evidence of an order, to a file that anybody can
check elsewhere.
"""

import argparse
import os
import sys
from pathlib import Path
from typing import Final

from anxiu.trace.standalone import verify_anxiu as standalone

STEP: Final = 100_000  # source: own choice; a sign of life every few seconds


def main(arguments: list[str]) -> int:
    """Verify, or export. Exit codes as the stand-alone verifier's."""
    parser = argparse.ArgumentParser(prog="anxiu verify", description="Verify the chain of events · 校验事件链")
    parser.add_argument("--export", metavar="FILE", help="write the chain to a file for verify_anxiu.py · 导出到文件")
    parser.add_argument(
        "--evidence", metavar="NUMBER", help="with --export: the evidence package of an order · 工单证据包"
    )
    parser.add_argument("--texts", action="store_true", help="export sealed personal texts too · 同时导出密封文字")
    parser.add_argument(
        "--verifier", metavar="FILE", help="write the stand-alone verifier to a file · 导出独立校验程序"
    )
    parser.add_argument("--after", type=int, default=0, metavar="POSITION", help="begin behind a position · 从此位之后")
    parser.add_argument("--witness", action="append", default=[], metavar="POSITION:HASH", help="a head · 见证链头")
    parser.add_argument("--witness-file", metavar="FILE", help="a file with one head a line · 每行一个链头的文件")
    parser.add_argument("--key", help="public key to check signed heads with · 公钥")
    parser.add_argument("--language", choices=["zh", "en"], help="language of the answer · 语言")
    options = parser.parse_args(arguments)
    language = standalone.language_of(options.language)

    import django

    django.setup()
    if options.verifier:
        source = Path(standalone.__file__)
        Path(options.verifier).write_bytes(source.read_bytes())
        if not options.export:
            return standalone.HOLDS
    try:
        if options.evidence and options.export:
            return _evidence(options, language)
        if options.export:
            return _export(options)
        return _verify(options, language)
    except standalone.Broken as broken:
        standalone.tell(standalone.say(broken.code, language, **broken.params))
        return standalone.CHANGED
    except (standalone.Unreadable, OSError) as error:
        standalone.tell(standalone.say("unreadable", language, because=error), sys.stderr)
        return standalone.UNREADABLE


def _export(options: argparse.Namespace) -> int:
    from anxiu.trace.export import lines

    target = Path(options.export)
    draft = target.with_name(target.name + ".part")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        file.writelines(lines(after=options.after, texts=options.texts))
    draft.replace(target)
    return standalone.HOLDS


def _evidence(options: argparse.Namespace, language: str) -> int:
    """Make the evidence package of an order now; it is on record as one that somebody asked for."""
    import shutil

    from django.conf import settings
    from django.core.files.storage import default_storage

    from anxiu.kernel.actor import SYSTEM
    from anxiu.kernel.time import now
    from anxiu.orders.models import Order
    from anxiu.trace.actions import EvidenceAsked, export_evidence, forget, make
    from anxiu.trace.choices import ExportState
    from anxiu.trace.evidence import write_package

    order = Order.objects.filter(number=options.evidence).first()
    if order is None:
        raise standalone.Unreadable(f"{options.evidence}?")
    spoken = "zh-hans" if language == "zh" else "en"
    asked = EvidenceAsked(order.uid, spoken, settings.TIME_ZONE, in_full=options.texts, deferred=False)
    row = export_evidence(actor=SYSTEM, at=now(), asked=asked)
    make(row.pk, write_package)
    row.refresh_from_db()
    if row.state != ExportState.DONE:
        raise standalone.Unreadable(row.failure)
    with default_storage.open(row.path) as kept, Path(options.export).open("xb") as file:
        os.fchmod(file.fileno(), 0o600)
        shutil.copyfileobj(kept, file)
    forget(now(), of=row.pk)
    standalone.tell(f"{options.export}: {row.size:,} · SHA-256 {row.digest}")
    return standalone.HOLDS


def _verify(options: argparse.Namespace, language: str) -> int:
    from anxiu.trace.verify import verify

    def step(position: int) -> None:
        if position % STEP == 0 and sys.stderr.isatty():
            sys.stderr.write(f"\r{position:,}")

    checker = verify(
        key=standalone.parse_key(options.key) if options.key else None,
        witnessed=standalone.witnesses(options.witness, options.witness_file),
        after=options.after, step=step,
    )  # fmt: skip
    standalone.tell(standalone.summary(checker, language))
    return standalone.HOLDS
