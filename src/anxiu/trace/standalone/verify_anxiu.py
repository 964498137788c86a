#!/usr/bin/env python3
"""Verify the record of an Anxiu installation from an export, without its server and without trusting it.

One file; needs Python 3.9 or newer, and the package `cryptography` only where something signed is checked.

    python verify_anxiu.py chain.jsonl --key 5f0c… --witness 18342:5d41…
    python verify_anxiu.py evidence.zip --key 5f0c… --root 18342:77ab…

What is checked: every row follows from the row before it; every sealed text that is still there belongs to its row
(erased ones are allowed: the digest stays); every signed head is genuine and stands where it says; every witnessed head
(from a service report, a certificate, a witness's mail) is in the chain. The first row that does not hold is named.

Of an evidence package (a ZIP): the list of its members is signed, and every member is as listed; every event of the
order has its place under a signed root of the chain, by a path of hashes; every file is the one whose digest its event
holds. Every member that was changed is named.

Exit codes: 0 it holds, 1 it was changed, 2 it could not be read.
"""

from __future__ import annotations

import argparse
import json
import locale
import os
import sys
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, TextIO

FORMAT, VERSION = "anxiu-chain", 1
PACKAGE, PACKAGE_VERSION = "anxiu-evidence", 1
START = bytes(32)
# The fields of a row that are hashed, in this order.
FIELDS = (
    "uid", "kind", "version", "subject_kind", "subject_id", "region_id", "actor_kind", "actor_id", "occurred_at",
    "recorded_at", "body",
)  # fmt: skip
HOLDS, CHANGED, UNREADABLE = 0, 1, 2
# The members of a package that say what the others are.
MANIFEST, SIGNATURE, EVENTS, FILES, ROOTS = "manifest.json", "manifest.sig", "events.jsonl", "files.json", "roots.json"
ATTACHED = "files.file_attached"
PIECE = 1 << 20

WORDS = {
    "changed": (
        "Position {position} ({kind}, {uid}) was changed, or a row before it was: its hash does not follow.",
        "第 {position} 位（{kind}，{uid}）或其前一行被改动：哈希值对不上。",
    ),
    "missing": (
        "Position {position} is missing; the next row is {found} ({kind}).",
        "缺少第 {position} 位；下一行是第 {found} 位（{kind}）。",
    ),
    "reordered": (
        "Position {found} ({kind}) stands where {position} belongs: rows were reordered or repeated.",
        "第 {found} 位（{kind}）出现在第 {position} 位的位置：行被调换或重复。",
    ),
    "text_changed": (
        "The text “{field}” of position {position} ({kind}, {uid}) was changed: it does not match its digest.",
        "第 {position} 位（{kind}，{uid}）的文字“{field}”被改动：与摘要不符。",
    ),
    "text_foreign": (
        "Position {position} ({kind}, {uid}) carries a text “{field}” that its row knows nothing of.",
        "第 {position} 位（{kind}，{uid}）带有该行没有记录的文字“{field}”。",
    ),
    "head_forged": (
        "The signature of the head of {date} (position {position}) is not genuine.",
        "{date} 的链头（第 {position} 位）签名不真实。",
    ),
    "head_misplaced": (
        "The head of {date} (position {position}) does not stand behind the row it names.",
        "{date} 的链头（第 {position} 位）不在其所指的行之后。",
    ),
    "rewritten": (
        "One of the rows from {first} to {position} was changed and the chain written anew: at {position} it does not"
        " match the {source}.",
        "第 {first} 位至第 {position} 位之间有行被改动，且其后的链被重写：第 {position} 位与{source}不符。",
    ),
    "truncated": (
        "Rows were cut off: the {source} stands at position {position}, the chain ends at {found}.",
        "尾部被截断：{source}位于第 {position} 位，而链在第 {found} 位结束。",
    ),
    "unplaced": (
        "The event {uid} ({kind}) has no position: its place in the chain was removed.",
        "事件 {uid}（{kind}）没有位置：它在链中的位置被删除。",
    ),
    "cut_short": ("The file is cut short: its last line is missing.", "文件不完整：缺少最后一行。"),
    "signed_head": ("head signed on {date}", "{date} 签署的链头"),
    "witnessed_head": ("witnessed head", "见证的链头"),
    "last_line": ("last line of the export", "导出文件的末行"),
    "ok": (
        "The chain holds: {rows} rows, positions {first} to {last}; {texts} sealed texts match, {erased} were erased or"
        " left out; {heads} signed heads and {witnesses} witnessed heads match.",
        "链完整：共 {rows} 行，第 {first} 位至第 {last} 位；{texts} 段密封文字相符，{erased} 段已清除或未导出；"
        "{heads} 个签名链头与 {witnesses} 个见证链头相符。",
    ),
    "end": ("Head of position {last}: {head}", "第 {last} 位的链头：{head}"),
    "own_key": (
        "Note: heads were checked with the key inside the export. Pass --key with the key you were given.",
        "提示：链头使用导出文件自带的公钥校验。请用 --key 指定您另行获得的公钥。",
    ),
    "before": (
        "Note: the export begins after position {after}; pass a witnessed head of that position to tie it down.",
        "提示：导出从第 {after} 位之后开始；请提供该位置的见证链头。",
    ),
    "manifest_forged": (
        "The signature of “{manifest}” is not genuine: the list of members or its signature was changed.",
        "“{manifest}”的签名不真实：成员清单或其签名被改动。",
    ),
    "member_changed": (
        "“{member}” was changed: it is not what the signed list says.", "“{member}”被改动：与已签名的清单不符。",
    ),
    "member_missing": ("“{member}” is missing.", "缺少“{member}”。"),
    "member_foreign": (
        "“{member}” does not belong: the signed list does not name it.",
        "“{member}”不属于本包：已签名的清单中没有它。",
    ),
    "root_forged": (
        "The signature of the root of {date} (position {position}) is not genuine.",
        "{date} 的树根（第 {position} 位）签名不真实。",
    ),
    "root_rewritten": (
        "The root at position {position} is another than the witnessed one: the record was rewritten.",
        "第 {position} 位的树根与见证的不同：记录被重写。",
    ),
    "unproven": (
        "Position {position} ({kind}) has no place under the signed root it names.",
        "第 {position} 位（{kind}）不在其所指的已签名树根之下。",
    ),
    "file_foreign": (
        "“{member}” is not the file that was attached: its digest is not the one position {position} holds.",
        "“{member}”不是当时附上的文件：其摘要与第 {position} 位所记不符。",
    ),
    "package_ok": (
        "The package of order {order} holds: {members} members are as signed; {rows} events stand under {roots} signed"
        " roots; {files} files are those that were attached; {texts} sealed texts match, {erased} were erased or left"
        " out; {witnesses} witnessed heads and roots match.",
        "工单 {order} 的证据包完整：{members} 个成员与签名清单一致；{rows} 个事件位于 {roots} 个已签名树根之下；"
        "{files} 个文件即当时所附；{texts} 段密封文字相符，{erased} 段已清除或未包含；"
        "{witnesses} 个见证链头与树根相符。",
    ),
    "not_covered": (
        "Note: the witnessed head of position {position} is not in this package; check it with an export of the"
        " whole chain.",
        "提示：第 {position} 位的见证链头不在本包内；请用整条链的导出文件校验。",
    ),
    "own_package_key": (
        "Note: signatures were checked with the key inside the package. Pass --key with the key you were given.",
        "提示：签名使用包内自带的公钥校验。请用 --key 指定您另行获得的公钥。",
    ),
    "unreadable": ("Cannot read this: {because}", "无法读取：{because}"),
}


class Broken(Exception):
    """The chain does not hold; `code` says how, `params` say where."""

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(code)
        self.code = code
        self.params = params


class Unreadable(Exception):
    """The export is not one, or a head or key was mistyped."""


def say(code: str, language: str, **params: Any) -> str:
    """A message in the reader's language; parameters that are codes themselves are said too."""
    if isinstance(params.get("source"), tuple):
        inner, date = params["source"]
        params["source"] = say(inner, language, date=date)
    return WORDS[code][1 if language == "zh" else 0].format(**params)


def canonical(value: Any) -> str:
    """One text for one value: sorted keys, no spaces, real characters."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def link(previous: bytes, position: int, row: Mapping[str, Any]) -> bytes:
    """The hash at a position: over the hash before it, the position, and all that the row says."""
    text = canonical([row[name] for name in FIELDS])
    return sha256(previous + position.to_bytes(8, "big") + text.encode()).digest()


def head_message(date: str, position: int, digest: str) -> bytes:
    """What is signed when a day's head is signed."""
    return f"anxiu head 1\n{date}\n{position}\n{digest}\n".encode()


def genuine(key: bytes, message: bytes, signature: bytes) -> bool:
    """Whether an Ed25519 signature is by the holder of the key."""
    try:
        from cryptography.exceptions import InvalidSignature
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    except ImportError:
        raise Unreadable("checking signed heads needs the package 'cryptography'") from None
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, message)
    except InvalidSignature:
        return False
    return True


@dataclass
class Checker:
    """Takes a chain row by row and raises `Broken` at the first that does not hold."""

    key: bytes | None = None
    witnessed: Mapping[int, bytes] = field(default_factory=dict)
    after: int = 0
    at: int = 0
    hash: bytes = START
    confirmed: int = 0
    rows: int = 0
    texts: int = 0
    erased: int = 0
    heads: int = 0
    witnesses: int = 0

    def begin(self, after: int, before: bytes) -> None:
        """Start behind a position whose hash is known."""
        self.after = self.at = self.confirmed = after
        self.hash = before
        self._witness()

    def row(self, row: Mapping[str, Any]) -> None:
        """Check the next row against all before it, and its sealed texts against its body."""
        position, expected = int(row["position"]), self.at + 1
        if position != expected:
            code = "missing" if position > expected else "reordered"
            raise Broken(code, position=expected, found=position, kind=row["kind"])
        digest = link(self.hash, position, row)
        if digest != bytes.fromhex(row["hash"]):
            raise Broken("changed", position=position, kind=row["kind"], uid=row["uid"])
        self.at, self.hash, self.rows = position, digest, self.rows + 1
        self._texts(row)
        self._witness()

    def head(self, head: Mapping[str, Any]) -> None:
        """Check a signed head; it stands behind the row it names, or behind the last row when that row is gone."""
        date, position, digest = str(head["date"]), int(head["position"]), str(head["hash"])
        source = ("signed_head", date)
        if self.key is not None:
            message = head_message(date, position, digest)
            if not genuine(self.key, message, bytes.fromhex(head["signature"])):
                raise Broken("head_forged", date=date, position=position)
        if position > self.at:
            raise Broken("truncated", position=position, found=self.at, source=source)
        if position < self.at:
            raise Broken("head_misplaced", date=date, position=position)
        self._confirm(bytes.fromhex(digest), source)
        self.heads += 1

    def end(self) -> None:
        """Nothing follows: every witnessed head must have been met."""
        late = sorted(position for position in self.witnessed if position > self.at)
        if late:
            raise Broken("truncated", position=late[0], found=self.at, source=("witnessed_head", ""))

    def _texts(self, row: Mapping[str, Any]) -> None:
        """A text that is there must match the digest in the body; one that is not was erased, which is allowed."""
        body = json.loads(row["body"])
        digests = {
            name: value["sealed"]
            for name, value in body.items()
            if isinstance(value, dict) and set(value) == {"sealed"}
        }
        texts = row.get("sealed", {})
        where = {"position": row["position"], "kind": row["kind"], "uid": row["uid"]}
        for name, text in texts.items():
            if name not in digests:
                raise Broken("text_foreign", field=name, **where)
            if sha256(bytes.fromhex(text["salt"]) + text["text"].encode()).hexdigest() != digests[name]:
                raise Broken("text_changed", field=name, **where)
        self.texts += len(texts)
        self.erased += len(digests) - len(texts)

    def _witness(self) -> None:
        if self.at in self.witnessed:
            self._confirm(self.witnessed[self.at], ("witnessed_head", ""))
            self.witnesses += 1

    def _confirm(self, digest: bytes, source: tuple[str, str]) -> None:
        if digest != self.hash:
            raise Broken("rewritten", first=min(self.confirmed + 1, self.at), position=self.at, source=source)
        self.confirmed = self.at


def check_lines(lines: Iterable[str], checker: Checker) -> None:
    """Check an export line by line; the chain may be longer than memory."""
    number, ended = 0, False
    for number, line in enumerate(lines, 1):
        try:
            each = json.loads(line)
            if number == 1:
                _begin(each, checker)
            elif "head" in each:
                checker.head(each["head"])
            elif "end" in each:
                ended = True
                if each["end"]["position"] != checker.at:
                    source = ("last_line", "")
                    raise Broken("truncated", position=each["end"]["position"], found=checker.at, source=source)
            else:
                checker.row(each)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise Unreadable(f"line {number}: {error!r}") from None
    if not number:
        raise Unreadable("the file is empty")
    if not ended:
        raise Broken("cut_short")
    checker.end()


def _begin(header: dict[str, Any], checker: Checker) -> None:
    if header.get("format") != FORMAT or header.get("version") != VERSION:
        raise Unreadable(f"the first line is not the header of an {FORMAT} export, version {VERSION}")
    if checker.key is None and header["public_key"]:
        checker.key = bytes.fromhex(header["public_key"])
    checker.begin(int(header["after"]), bytes.fromhex(header["before"]))


def parse_witness(text: str) -> tuple[int, bytes]:
    """`18342:5d41…`, as printed on a report; spaces inside are ignored."""
    position, _, digest = "".join(text.split()).partition(":")
    try:
        parsed = int(position), bytes.fromhex(digest)
    except ValueError:
        raise Unreadable(f"{text!r} is not POSITION:HASH") from None
    if len(parsed[1]) != len(START):
        raise Unreadable(f"{text!r}: a hash has {len(START) * 2} hexadecimal digits")
    return parsed


def parse_key(text: str) -> bytes:
    """A public key: 64 hexadecimal digits, or the name of a file that holds them."""
    if os.path.exists(text):
        with open(text, encoding="utf-8") as file:
            text = file.read()
    try:
        key = bytes.fromhex("".join(text.split()))
    except ValueError:
        key = b""
    if len(key) != len(START):
        raise Unreadable(f"a key has {len(START) * 2} hexadecimal digits")
    return key


def witnesses(given: Iterable[str], path: str | None) -> dict[int, bytes]:
    """Heads given one by one and in a file, a `POSITION:HASH` a line; empty lines and `#` remarks are skipped."""
    texts = list(given)
    if path:
        with open(path, encoding="utf-8") as file:
            texts += [line for line in file if line.strip() and not line.lstrip().startswith("#")]
    return dict(parse_witness(text) for text in texts)


def language_of(wanted: str | None) -> str:
    """The language asked for, or the machine's: `zh` or `en`."""
    found = wanted or os.environ.get("LC_ALL") or os.environ.get("LANG") or locale.getlocale()[0] or ""
    return "zh" if found.startswith("zh") else "en"


def summary(checker: Checker, language: str) -> str:
    """What was checked, for people."""
    counts = {name: getattr(checker, name) for name in ("rows", "texts", "erased", "heads", "witnesses")}
    held = say("ok", language, first=min(checker.after + 1, checker.at), last=checker.at, **counts)
    return held + "\n" + say("end", language, last=checker.at, head=checker.hash.hex())


def tell(text: str, stream: TextIO | None = None) -> None:
    """A line to the person at the terminal."""
    (stream or sys.stdout).write(text + "\n")


# ---- an evidence package ---------------------------------------------------------------------------------------------
def leaf(digest: bytes) -> bytes:
    """A row's hash as the lowest part of a tree."""
    return sha256(b"\0" + digest).digest()


def node(left: bytes, right: bytes) -> bytes:
    """Two parts of a tree as one."""
    return sha256(b"\1" + left + right).digest()


def climbed(digest: bytes, path: Iterable[str]) -> bytes:
    """The root that a row's hash leads to; each step says on which side the other half lies, and what it is."""
    at = leaf(digest)
    for step in path:
        other = bytes.fromhex(step[1:])
        at = node(other, at) if step[0] == "L" else node(at, other)
    return at


def root_message(root: Mapping[str, Any]) -> bytes:
    """What is signed of a root: the day, the rows beneath it, the chain's head at the last of them, the root itself."""
    parts = [str(root[name]) for name in ("date", "first", "position", "hash", "root")]
    return ("anxiu root 1\n" + "\n".join(parts) + "\n").encode()


def manifest_message(manifest: bytes) -> bytes:
    """What is signed of a package: the digest of the list of its members."""
    return f"anxiu evidence 1\n{sha256(manifest).hexdigest()}\n".encode()


@dataclass
class Package:
    """Checks an evidence package; `broken` gathers all that does not hold."""

    bundle: zipfile.ZipFile
    checker: Checker
    roots_seen: Mapping[int, bytes] = field(default_factory=dict)
    broken: list[Broken] = field(default_factory=list)
    manifest: dict[str, Any] = field(default_factory=dict)
    digests: dict[str, str] = field(default_factory=dict)
    roots: dict[int, dict[str, Any]] = field(default_factory=dict)
    heads: dict[int, bytes] = field(default_factory=dict)
    attached: dict[int, str] = field(default_factory=dict)
    files: int = 0
    met: set[int] = field(default_factory=set)

    def check(self) -> None:
        """Everything, in the order in which one thing rests on another; the events only of members as they were."""
        self._manifest()
        self._members()
        if {EVENTS, FILES, ROOTS} & {each.params.get("member") for each in self.broken}:
            return
        for step in (self._roots, self._events, self._files, self._witnesses):
            try:
                step()
            except Broken as broken:
                self.broken.append(broken)

    def _manifest(self) -> None:
        forged = Broken("manifest_forged", manifest=MANIFEST)
        try:
            content, signature = self.bundle.read(MANIFEST), bytes.fromhex(self.bundle.read(SIGNATURE).decode().strip())
            self.manifest = json.loads(content)
            known = self.manifest["format"] == PACKAGE and self.manifest["version"] == PACKAGE_VERSION
            key = self.checker.key or bytes.fromhex(self.manifest["public_key"])
        except (ValueError, KeyError, TypeError, zipfile.BadZipFile, zlib.error):
            raise forged from None
        if not genuine(key, manifest_message(content), signature):
            raise forged
        if not known:
            raise Unreadable(f"not an {PACKAGE} package, version {PACKAGE_VERSION}")
        self.checker.key = key

    def _members(self) -> None:
        listed = {each["path"]: each for each in self.manifest["members"]}
        there = [name for name in self.bundle.namelist() if name not in (MANIFEST, SIGNATURE)]
        for name in sorted({*there} - {*listed} | {name for name in there if there.count(name) > 1}):
            self.broken.append(Broken("member_foreign", member=name))
        for name, said in listed.items():
            if name not in there:
                self.broken.append(Broken("member_missing", member=name))
            elif self._digest(name) != said["sha256"]:
                self.broken.append(Broken("member_changed", member=name))
            self.digests[name] = said["sha256"]

    def _digest(self, name: str) -> str:
        found = sha256()
        try:
            with self.bundle.open(name) as member:
                while piece := member.read(PIECE):
                    found.update(piece)
        except (zipfile.BadZipFile, zlib.error, EOFError):
            return ""
        return found.hexdigest()

    def _roots(self) -> None:
        for root in json.loads(self.bundle.read(ROOTS)):
            assert self.checker.key is not None
            if not genuine(self.checker.key, root_message(root), bytes.fromhex(root["signature"])):
                raise Broken("root_forged", date=root["date"], position=root["position"])
            self.roots[root["position"]] = root
            self.heads[root["position"]] = bytes.fromhex(root["hash"])
            seen = self.roots_seen.get(root["position"])
            if seen is not None and seen.hex() != root["root"]:
                raise Broken("root_rewritten", position=root["position"])
            self.met |= {root["position"]} if seen is not None else set()

    def _events(self) -> None:
        for line in self.bundle.read(EVENTS).decode().splitlines():
            row = json.loads(line)
            self.checker.at, self.checker.hash = int(row["position"]) - 1, bytes.fromhex(row["before"])
            self.checker.confirmed = self.checker.at
            self.checker.row(row)
            self._prove(row, row["kind"])
            self.heads[row["position"] - 1] = bytes.fromhex(row["before"])
            self.heads[row["position"]] = self.checker.hash
            if row["kind"] == ATTACHED:
                self.attached[row["position"]] = json.loads(row["body"])["digest"]

    def _prove(self, row: Mapping[str, Any], kind: str) -> None:
        root = self.roots.get(row["root"])
        if root is None or climbed(bytes.fromhex(row["hash"]), row["path"]).hex() != root["root"]:
            raise Broken("unproven", position=row["position"], kind=kind)

    def _files(self) -> None:
        for each in json.loads(self.bundle.read(FILES)):
            said, member = self.attached.get(each["position"]), each["path"]
            if said != each["sha256"] or (member and self.digests.get(member) != said):
                self.broken.append(Broken("file_foreign", member=member or each["name"], position=each["position"]))
            self.files += bool(member)
            if printed := each.get("printed"):
                self._prove(printed, each["name"])
                self.heads[printed["position"]] = bytes.fromhex(printed["hash"])

    def _witnesses(self) -> None:
        for position, digest in self.checker.witnessed.items():
            if position in self.heads and self.heads[position] != digest:
                source = ("witnessed_head", "")
                raise Broken("rewritten", first=position, position=position, source=source)
            self.met |= {position} if position in self.heads else set()

    def notes(self, language: str) -> Iterator[str]:
        """What was not found out, for people."""
        for position in sorted({*self.checker.witnessed, *self.roots_seen} - self.met):
            yield say("not_covered", language, position=position)

    def summary(self, language: str) -> str:
        """What was checked, for people."""
        checker = self.checker
        return say(
            "package_ok", language, order=self.manifest["order"], members=len(self.digests), rows=checker.rows,
            roots=len(self.roots), files=self.files, texts=checker.texts, erased=checker.erased,
            witnesses=len(self.met),
        )  # fmt: skip


def check_package(options: argparse.Namespace, checker: Checker, language: str) -> int:
    """Check an evidence package and say of every member whether it holds."""
    roots = witnesses(options.root, None)
    with zipfile.ZipFile(options.export) as bundle:
        package = Package(bundle, checker, roots)
        try:
            package.check()
        except (KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
            raise Unreadable(repr(error)) from None
    for broken in package.broken:
        tell(say(broken.code, language, **broken.params))
    if package.broken:
        return CHANGED
    tell(package.summary(language))
    for note in package.notes(language):
        tell(note)
    if options.key is None:
        tell(say("own_package_key", language))
    return HOLDS


def main(arguments: list[str] | None = None) -> int:
    """Check one export or package."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("export", help="an export of the chain, or an evidence package · 导出文件或证据包")
    parser.add_argument("--key", help="public key of the installation, or a file with it · 公钥")
    parser.add_argument("--witness", action="append", default=[], metavar="POSITION:HASH", help="a head · 见证链头")
    parser.add_argument("--witness-file", help="a file with one head a line · 每行一个链头的文件")
    parser.add_argument("--root", action="append", default=[], metavar="POSITION:ROOT", help="a root · 见证的树根")
    parser.add_argument("--language", choices=["zh", "en"], help="language of the answer · 语言")
    options = parser.parse_args(arguments)
    language = language_of(options.language)
    try:
        key = parse_key(options.key) if options.key else None
        checker = Checker(key=key, witnessed=witnesses(options.witness, options.witness_file))
        if zipfile.is_zipfile(options.export):
            return check_package(options, checker, language)
        with open(options.export, encoding="utf-8") as file:
            check_lines(file, checker)
    except Broken as broken:
        tell(say(broken.code, language, **broken.params))
        return CHANGED
    except (Unreadable, OSError, UnicodeDecodeError, zipfile.BadZipFile) as error:
        tell(say("unreadable", language, because=error), sys.stderr)
        return UNREADABLE
    tell(summary(checker, language))
    if options.key is None and checker.heads:
        tell(say("own_key", language))
    if checker.after and checker.after not in checker.witnessed:
        tell(say("before", language, after=checker.after))
    return HOLDS


if __name__ == "__main__":
    sys.exit(main())
