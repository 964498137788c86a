"""`anxiu backup` and `anxiu restore`: what they are told, and what they say they did."""

import argparse
import os
import sys
from pathlib import Path

import psycopg

from anxiu.project.backup import folder, programs
from anxiu.project.backup.checking import faults
from anxiu.project.backup.manifest import DUMP, BackupError, Manifest, read_manifest
from anxiu.project.backup.restoring import Restored, Target, files_fault, put_keys, restore
from anxiu.project.backup.taking import PRIVATE, Taken, take
from anxiu.project.cli import set_up_django, use_database
from anxiu.project.environment import env
from anxiu.project.terminal import words

LISTED = 20  # names of files; the manifest has them all
ONLY_OURS = 0o077


def backup(arguments: list[str]) -> int:
    """Make a backup, or check one. 1 when something is wrong with it."""
    chosen = _backup_parser().parse_args(arguments)
    os.umask(ONLY_OURS)
    try:
        if chosen.verify:
            return _verify(folder.named(chosen.path))
        use_database(owner=True)
        set_up_django()
        from anxiu.trace.heads import public_key

        key = public_key()
        taken = take(
            chosen.path, url=env.database_url, data_dir=env.data_dir, head_key=key.hex() if key else "",
            with_keys=chosen.with_keys,
        )  # fmt: skip
        _tell_taken(taken)
        if taken.manifest.lost:
            return 1  # and no older backup goes: it may be the only one that has them
        for gone in folder.rotate(chosen.path, chosen.keep) if chosen.keep else []:
            _say(
                f"Removed {gone.name}, which was older than the {chosen.keep} to keep.",
                f"已删除较早的备份 {gone.name}。",
            )
    except (BackupError, psycopg.Error, OSError) as error:
        print(f"{words('No backup was made:', '未能完成备份：')} {error}", file=sys.stderr)
        return 1
    return 0


def restored(arguments: list[str]) -> int:
    """Restore a backup and check what came of it. 1 when it was refused or something does not hold."""
    chosen = _restore_parser().parse_args(arguments)
    os.umask(ONLY_OURS)
    try:
        backup = folder.named(chosen.path)
        keys, other = put_keys(backup, env.data_dir) if chosen.with_keys else ([], [])
        use_database()
        set_up_django()

        def may_clear(target: Target) -> bool:
            return not chosen.into_empty and _typed(target.name)

        _say(f"Restoring {backup} …", f"正在恢复 {backup} ……")
        done = restore(backup, owner_url=env.database_owner_url, may_clear=may_clear)
    except (BackupError, psycopg.Error, OSError) as error:
        print(f"{words('Not restored:', '未能恢复：')} {error}", file=sys.stderr)
        return 1
    _tell_keys(keys, other)
    _tell_restored(done)
    return _hold_to(backup, done.manifest)


def _backup_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="anxiu backup",
        description=words(
            "Back up database and files while Anxiu works. Each backup is a folder of its own in PATH.",
            "在线备份数据库与文件。每次备份是 PATH 中的一个独立目录。",
        ),
    )
    parser.add_argument("path", type=Path, metavar="PATH", help=words("folder for backups", "存放备份的目录"))
    kept = words("keep the newest N, remove older ones", "保留最新的 N 份，删除更早的")
    parser.add_argument("--keep", type=_at_least_one, metavar="N", help=kept)
    keys = words("put the private keys into it too", "同时备份私钥")
    parser.add_argument("--with-keys", action="store_true", help=keys)
    verify = words(
        "make none: read the newest in PATH, or PATH itself, and say what is wrong", "不备份，仅校验最新或指定的备份"
    )
    parser.add_argument("--verify", action="store_true", help=verify)
    return parser


def _restore_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="anxiu restore",
        description=words(
            "Restore a backup, or the newest in a folder, into the configured database; then migrate and verify.",
            "将备份（或目录中最新的一份）恢复到所配置的数据库，随后迁移并校验。",
        ),
    )
    parser.add_argument(
        "path", type=Path, metavar="PATH", help=words("a backup, or a folder of backups", "备份或其目录")
    )
    empty = words("refuse a database that holds data, without asking", "数据库中已有数据时直接拒绝，不询问")
    parser.add_argument("--into-empty", action="store_true", help=empty)
    keys = words("put the private keys of the backup in place too", "同时恢复备份中的私钥")
    parser.add_argument("--with-keys", action="store_true", help=keys)
    return parser


def _at_least_one(text: str) -> int:
    if not text.isascii() or not text.isdigit() or int(text) < 1:
        raise argparse.ArgumentTypeError(words("a number from 1", "须为不小于 1 的整数"))
    return int(text)


def _typed(name: str) -> bool:
    """Whether the person typed the name of the database whose data will be gone."""
    _say(
        f"The database {name} holds data. All of it will be replaced by the backup. Type its name to go on:",
        f"数据库 {name} 中已有数据，将全部被备份替换。如要继续，请输入数据库名：",
    )
    return sys.stdin.readline().strip() == name


def _verify(backup: Path) -> int:
    found = list(faults(backup))
    for each in found:
        print(f" ✗ {each}")
    if found:
        _say(f"{backup} is damaged ({len(found)}).", f"{backup} 已损坏（{len(found)} 处）。")
        return 1
    manifest = read_manifest(backup)
    things = programs.listing(backup / DUMP, manifest.dumped_with)
    _say(
        f"{backup} is whole: made {manifest.made_at}, {things} things in the dump, {manifest.files} files "
        f"({_size(manifest.bytes)}), chain to position {manifest.position}.",
        f"{backup} 完整：制作于 {manifest.made_at}，转储含 {things} 项，文件 {manifest.files} 个"
        f"（{_size(manifest.bytes)}），事件链至第 {manifest.position} 位。",
    )
    _tell_lost(manifest)
    return 1 if manifest.lost else 0


def _tell_taken(taken: Taken) -> None:
    manifest = taken.manifest
    _say(
        f"Backed up to {taken.path}: {manifest.files} files ({_size(manifest.bytes)}; {taken.linked} shared with the "
        f"backup before), chain to position {manifest.position}.",
        f"已备份到 {taken.path}：文件 {manifest.files} 个（{_size(manifest.bytes)}，"
        f"{taken.linked} 个与上一份共用），事件链至第 {manifest.position} 位。",
    )
    _tell_lost(manifest)
    if env.secret_key.get_secret_value():
        _say(
            "The secret key is set by ANXIU_SECRET_KEY: it is in no backup.",
            "密钥由 ANXIU_SECRET_KEY 设定，不在任何备份中。",
        )
    left = [name for name in PRIVATE if name not in manifest.keys and (env.data_dir / name).exists()]
    if left:
        names = ", ".join(str(env.data_dir.absolute() / name) for name in left)
        _say(
            f"Not in it: {names}. Keep them elsewhere, or use --with-keys.",
            f"未包含：{names}。请另行保管，或使用 --with-keys。",
        )


def _tell_lost(manifest: Manifest) -> None:
    for path in manifest.lost[:LISTED]:
        print(f" ✗ {path}", file=sys.stderr)
    if manifest.lost:
        _say(
            f"{len(manifest.lost)} files that the database names are missing or changed in storage.",
            f"数据库所列文件中有 {len(manifest.lost)} 个在存储中缺失或已被改动。",
        )


def _tell_restored(done: Restored) -> None:
    manifest = done.manifest
    _say(
        f"Restored the database of {manifest.made_at} and {done.files_written} files; {done.files_there} were there.",
        f"已恢复 {manifest.made_at} 的数据库及 {done.files_written} 个文件；另有 {done.files_there} 个已在原处。",
    )
    if done.migrated:
        _say(f"Migrated forward by {len(done.migrated)} steps.", f"已向前迁移 {len(done.migrated)} 步。")
    if manifest.head_key and not (env.data_dir / "head-key.pem").exists():
        _say(
            "The key that signs the chain's heads (head-key.pem) is not here: put it into the data folder before the "
            "worker starts, or no head is signed.",
            "此处没有签署链头的私钥（head-key.pem）：请在启动后台进程前放入数据目录，否则不会再签署链头。",
        )
    _tell_lost(manifest)


def _tell_keys(keys: list[str], other: list[str]) -> None:
    if keys:
        _say(f"Put in place: {', '.join(keys)}.", f"已恢复：{'、'.join(keys)}。")
    for name in other:
        _say(
            f"{name} in the backup is another one than {env.data_dir / name}, which was left.",
            f"备份中的 {name} 与 {env.data_dir / name} 不同，后者保持不变。",
        )


def _hold_to(backup: Path, manifest: Manifest) -> int:
    """Files and chain as they are now, against what the backup says of them."""
    from anxiu.trace.standalone import verify_anxiu as standalone
    from anxiu.trace.verify import verify

    language = standalone.language_of(None)
    wrong = files_fault(backup)
    for path in wrong[:LISTED]:
        print(f" ✗ {path}", file=sys.stderr)
    try:
        checker = verify(
            key=bytes.fromhex(manifest.head_key) or None,
            witnessed={manifest.position: bytes.fromhex(manifest.hash)} if manifest.position else {},
        )
    except standalone.Broken as broken:
        print(standalone.say(broken.code, language, **broken.params), file=sys.stderr)
        return 1
    print(standalone.summary(checker, language))
    if wrong:
        return 1
    _say(f"All {manifest.files} files are in place.", f"{manifest.files} 个文件均已就位。")
    return 1 if manifest.lost else 0


def _size(count: int) -> str:
    return f"{count / 1024**2:.1f} MB"


def _say(english: str, chinese: str) -> None:
    print(words(english, chinese), flush=True)
