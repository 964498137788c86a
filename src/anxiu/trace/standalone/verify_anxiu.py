#!/usr/bin/env python3
"""Verify the event chain of an Anxiu installation from an export, without its server and without trusting it.

One file; needs Python 3.9 or newer, and the package `cryptography` only where a signed head is checked.

    python verify_anxiu.py chain.jsonl --key 5f0c… --witness 18342:5d41…

What is checked: every row follows from the row before it; every sealed text that is still there belongs to its row
(erased ones are allowed: the digest stays); every signed head is genuine and stands where it says; every witnessed head
(from a service report, a certificate, a witness's mail) is in the chain. The first row that does not hold is named.

Exit codes: 0 it holds, 1 it was changed, 2 it could not be read.
"""

from __future__ import annotations

import argparse
import json
import locale
import os
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, TextIO

FORMAT, VERSION = "anxiu-chain", 1
START = bytes(32)
# The fields of a row that are hashed, in this order.
FIELDS = (
    "uid", "kind", "version", "subject_kind", "subject_id", "region_id", "actor_kind", "actor_id", "occurred_at",
    "recorded_at", "body",
)  # fmt: skip
HOLDS, CHANGED, UNREADABLE = 0, 1, 2

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


def main(arguments: list[str] | None = None) -> int:
    """Check one export."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("export", help="the file made by `anxiu verify --export` · 导出文件")
    parser.add_argument("--key", help="public key of the installation, or a file with it · 公钥")
    parser.add_argument("--witness", action="append", default=[], metavar="POSITION:HASH", help="a head · 见证链头")
    parser.add_argument("--witness-file", help="a file with one head a line · 每行一个链头的文件")
    parser.add_argument("--language", choices=["zh", "en"], help="language of the answer · 语言")
    options = parser.parse_args(arguments)
    language = language_of(options.language)
    try:
        key = parse_key(options.key) if options.key else None
        checker = Checker(key=key, witnessed=witnesses(options.witness, options.witness_file))
        with open(options.export, encoding="utf-8") as file:
            check_lines(file, checker)
    except Broken as broken:
        tell(say(broken.code, language, **broken.params))
        return CHANGED
    except (Unreadable, OSError, UnicodeDecodeError) as error:
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
