"""The evidence of an order is one file that a stranger checks without our server; whatever is changed in it is named."""

import json
import shutil
import subprocess
import sys
from datetime import date, timedelta
from hashlib import sha256
from pathlib import Path
from zipfile import ZipFile

import pytest
from django.urls import reverse

from anxiu.files.models import Attachment
from anxiu.files.storage import erase
from anxiu.kernel.access import AccessKind
from anxiu.kernel.actor import SYSTEM
from anxiu.kernel.erasure import erase_texts
from anxiu.kernel.errors import NotAllowed, NotFound, WrongState
from anxiu.kernel.models import Access, EventRow, Position
from anxiu.kernel.sequencer import catch_up
from anxiu.kernel.time import moved_to
from anxiu.trace import cli
from anxiu.trace.actions import EvidenceAsked, cancel_export, export_evidence, forget, make
from anxiu.trace.actions.asking import MOST
from anxiu.trace.choices import ExportState
from anxiu.trace.heads import public_key, sign_head
from anxiu.trace.models import Export, Root
from anxiu.trace.queries import exports, ready
from anxiu.trace.roots import sign_roots, tree
from anxiu.trace.standalone import verify_anxiu as standalone
from anxiu.trace.tasks import make_evidence
from tests.given.assets import a_region, acting
from tests.given.browsing import browser
from tests.given.orders import MONDAY, Company, Walk, a_company, opened

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("TR-03")]
LATER = MONDAY + timedelta(days=3)


@pytest.fixture(autouse=True)
def key_folder(settings, tmp_path):
    settings.ENV = settings.ENV.model_copy(update={"data_dir": tmp_path})
    return tmp_path


@pytest.fixture
def company() -> Company:
    return a_company()


@pytest.fixture
def order(company):
    """An order gone all the way, with a signed head in its middle and events after it."""
    row = opened(company)
    walk = Walk(company, row)
    walk.to("arrived")
    catch_up()
    assert sign_head(date(2026, 5, 11))
    for step in Walk.STEPS[Walk.STEPS.index("arrived") + 1 :]:
        getattr(walk, step)()
    row.refresh_from_db()
    return row


def asked(order, **more) -> EvidenceAsked:
    return EvidenceAsked(order.uid, more.pop("language", "en"), "Asia/Shanghai", **more)


def packed(order, actor, folder: Path, **more) -> Path:
    with moved_to(LATER):
        row = export_evidence(actor=actor, at=LATER, asked=asked(order, **more))
        make_evidence.func.__wrapped__(row.pk)
        row = ready(actor, row.uid, LATER)
    from django.core.files.storage import default_storage

    path = folder / row.name
    with default_storage.open(row.path) as kept, path.open("wb") as here:
        shutil.copyfileobj(kept, here)
    erase(row.path)
    return path


def run(*arguments, language="en"):
    """The one file as a stranger runs it: nothing of this project is on its path."""
    done = subprocess.run(
        [sys.executable, "-I", str(Path(standalone.__file__)), *map(str, arguments), "--language", language],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    return done.returncode, done.stdout.strip() + done.stderr.strip()


def rewritten(path: Path, changes: dict[str, object], *, to: Path) -> Path:
    """The package with members changed, left out (None) or added."""
    with ZipFile(path) as old, ZipFile(to, "w") as new:
        for name in [*old.namelist(), *(each for each in changes if each not in old.namelist())]:
            content = changes[name] if name in changes else old.read(name)
            if content is not None:
                new.writestr(name, content)
    return to


def flipped(content: bytes) -> bytes:
    """The same with one bit of its middle turned."""
    at = len(content) // 2
    return content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :]


def inside(path: Path) -> dict[str, bytes]:
    with ZipFile(path) as bundle:
        return {name: bundle.read(name) for name in bundle.namelist()}


def test_a_whole_package_holds_without_the_server(order, company, tmp_path):
    path = packed(order, company.management, tmp_path, in_full=True)
    key = public_key()
    assert key
    code, said = run(path, "--key", key.hex())
    assert code == 0, said
    assert f"The package of order {order.number} holds" in said
    code, said = run(path, language="zh")
    assert code == 0
    assert f"工单 {order.number} 的证据包完整" in said
    assert "包内自带的公钥" in said
    members = inside(path)
    files = json.loads(members["files.json"])
    kept = Attachment.objects.filter(subject_kind="order", subject_id=order.pk)
    assert {each["sha256"] for each in files} == set(kept.values_list("blob__digest", flat=True))
    assert {each["purpose"] for each in files if each["path"]} >= {"evidence_photo", "signature", "report"}
    assert all(each["attached_by"] for each in files)
    rows = [json.loads(line) for line in members["events.jsonl"].decode().splitlines()]
    assert [each["uid"] for each in rows] == [
        str(each) for each in EventRow.objects.filter(subject_kind="order", subject_id=order.pk)
        .order_by("place__position").values_list("uid", flat=True)
    ][: len(rows)]  # fmt: skip
    assert rows[-1]["kind"] == "trace.evidence_exported"
    told = members["order.html"].decode()
    assert order.request.words in told
    assert "王小明" in told
    assert "Guarantee" in told
    assert json.loads(members["order.json"])["clocks"][0]["said"]
    assert "30 minutes" in members["regulation.html"].decode()


def test_one_byte_of_any_member_is_named(order, company, tmp_path, capsys):
    def run(path: Path) -> tuple[int, str]:  # in this process: there are many members
        return standalone.main([str(path), "--language", "en"]), capsys.readouterr().out

    path = packed(order, company.management, tmp_path, in_full=True)
    members = inside(path)
    for name, content in members.items():
        code, said = run(rewritten(path, {name: flipped(content)}, to=tmp_path / "changed.zip"))
        assert code == 1, (name, said)
        named = "manifest.json" if name.startswith("manifest.") else name
        assert named in said, said
    for name in ("order.html", "events.jsonl", "README.txt"):
        code, said = run(rewritten(path, {name: None}, to=tmp_path / "less.zip"))
        assert (code, f"“{name}” is missing." in said) == (1, True)
    code, said = run(rewritten(path, {"files/more.jpg": b"x"}, to=tmp_path / "more.zip"))
    assert (code, "“files/more.jpg” does not belong" in said) == (1, True)
    code, said = run(rewritten(path, {"manifest.sig": None}, to=tmp_path / "unsigned.zip"))
    assert (code, "manifest.json" in said) == (1, True)


def test_who_holds_the_key_still_cannot_change_an_event_or_a_file(order, company, tmp_path):
    """The operator may sign another list of members; the paths to signed roots and the events' digests stand against it."""
    from anxiu.trace.heads import signed

    path = packed(order, company.management, tmp_path, in_full=True)
    members = inside(path)

    def resigned(**changes: bytes) -> Path:
        changed = {name.replace("__", "/"): content for name, content in changes.items()}
        manifest = json.loads(members["manifest.json"])
        for each in manifest["members"]:
            if each["path"] in changed:
                each["sha256"] = sha256(changed[each["path"]]).hexdigest()
        content = json.dumps(manifest).encode()
        changed |= {"manifest.json": content, "manifest.sig": signed(standalone.manifest_message(content)).hex().encode()}
        return rewritten(path, changed, to=tmp_path / "resigned.zip")

    rows = [json.loads(line) for line in members["events.jsonl"].decode().splitlines()]

    def lines() -> bytes:
        return "".join(json.dumps(each) + "\n" for each in rows).encode()

    first = rows[0]
    kept, first["occurred_at"] = first["occurred_at"], "2020-01-01T00:00:00.000000Z"
    code, said = run(resigned(**{"events.jsonl": lines()}))
    assert (code, f"Position {first['position']}" in said) == (1, True)
    first["hash"] = standalone.link(bytes.fromhex(first["before"]), first["position"], first).hex()
    code, said = run(resigned(**{"events.jsonl": lines()}))
    assert (code, "has no place under the signed root" in said) == (1, True)
    first["occurred_at"], first["hash"] = kept, standalone.link(bytes.fromhex(first["before"]), first["position"], {**first, "occurred_at": kept}).hex()
    texts = next(each for each in rows if each.get("sealed"))
    field = next(iter(texts["sealed"]))
    texts["sealed"][field]["text"] += "!"
    code, said = run(resigned(**{"events.jsonl": lines()}))
    assert (code, f"The text “{field}”" in said) == (1, True)
    photo = next(name for name in members if "photo" in name)
    code, said = run(resigned(**{photo: flipped(members[photo])}))
    assert (code, f"“{photo}” is not the file that was attached" in said) == (1, True)


def test_a_root_that_a_witness_holds_is_compared(order, company, tmp_path):
    path = packed(order, company.management, tmp_path)
    root = Root.objects.get()
    given = f"{root.position}:{bytes(root.root).hex()}"
    assert run(path, "--root", given)[0] == 0
    code, said = run(path, "--root", f"{root.position}:{'0' * 64}")
    assert (code, "the record was rewritten" in said) == (1, True)
    head = bytes(Position.objects.get(position=root.position).hash).hex()
    code, said = run(path, "--witness", f"{root.position}:{head}")
    assert (code, "not in this package" in said) == (0, False)
    assert run(path, "--witness", f"{root.position}:{'0' * 64}")[0] == 1
    code, said = run(path, "--witness", f"999999999:{head}")
    assert (code, "not in this package" in said) == (0, True)


def test_the_command_writes_a_package(order, tmp_path, capsys):
    path = tmp_path / "evidence.zip"
    assert cli.main(["--evidence", order.number, "--export", str(path), "--language", "en"]) == 0
    assert path.stat().st_mode & 0o777 == 0o600
    assert "SHA-256" in capsys.readouterr().out
    assert run(path)[0] == 0
    assert Export.objects.get().state == ExportState.EXPIRED
    assert cli.main(["--evidence", "WX-none", "--export", str(path)]) == 2


def test_a_package_is_asked_for_on_the_page_of_the_order_and_fetched(order, company):
    client = browser(company.supervisor)
    url = reverse("export_evidence", args=[order.uid])
    assert url in client.get(reverse("order", args=[order.uid])).content.decode()
    assert "in_full" not in client.get(url).content.decode()
    assert "in_full" in browser(company.management).get(url).content.decode()
    assert client.post(url, {"key": "k", "language": "en"})["HX-Redirect"] == reverse("exports")
    row = Export.objects.get()
    assert "Waiting" in client.get(reverse("exports")).content.decode()
    assert client.get(reverse("export_file", args=[row.uid])).status_code == 404
    make_evidence.func.__wrapped__(row.pk)
    before = Access.objects.filter(subject_kind="order", purpose=AccessKind.EXPORT).count()
    answer = client.get(reverse("export_file", args=[row.uid]))
    content = b"".join(answer.streaming_content)
    row.refresh_from_db()
    assert (len(content), sha256(content).hexdigest()) == (row.size, row.digest)
    assert f"anxiu-evidence-{order.number}.zip" in answer["Content-Disposition"]
    assert Access.objects.filter(subject_kind="order", purpose=AccessKind.EXPORT).count() == before + 1
    assert browser(company.management).get(reverse("export_file", args=[row.uid])).status_code == 404
    assert browser(company.agent).get(url).status_code == 403
    assert url not in browser(company.agent).get(reverse("order", args=[order.uid])).content.decode()


def test_a_package_without_names_shows_none_and_still_holds(order, company, tmp_path):
    path = packed(order, company.supervisor, tmp_path)
    assert run(path)[0] == 0
    members = inside(path)
    whole = b"".join(content for name, content in members.items() if not name.startswith(("files/", "verify_")))
    for private in ("王小明", "13812345678", order.contact.name, order.contact.phone, order.customer.name, order.request.words):
        assert private.encode() not in whole, private
    assert not any("signature" in name or "report" in name for name in members)
    left = [each for each in json.loads(members["files.json"]) if not each["path"]]
    assert {each["left_out"] for each in left} == {"personal"}
    with pytest.raises(NotAllowed):
        export_evidence(actor=company.supervisor, at=LATER, asked=asked(order, in_full=True))


def test_what_was_erased_stays_erased_and_the_proof_holds(order, company, tmp_path):
    assert erase_texts("order", [order.pk])
    photo = Attachment.objects.filter(subject_id=order.pk, purpose="evidence_photo").first()
    photo.blob.erased_at = LATER
    photo.blob.save()
    path = packed(order, company.management, tmp_path, in_full=True)
    code, said = run(path)
    assert code == 0, said
    members = inside(path)
    assert b'"sealed":{"' not in members["events.jsonl"].replace(b'\\"', b"")
    assert "erased" in {each["left_out"] for each in json.loads(members["files.json"])}
    assert "its digest stays" in members["order.html"].decode()


def test_asking_and_fetching_leave_a_trace_and_only_ones_own_is_seen(order, company, tmp_path):
    before = Access.objects.filter(purpose=AccessKind.EXPORT).count()
    packed(order, company.supervisor, tmp_path)
    assert Access.objects.filter(purpose=AccessKind.EXPORT, subject_kind="order").count() == before + 1
    row = Export.objects.get()
    assert EventRow.objects.filter(kind="trace.evidence_exported", subject_id=order.pk).count() == 1
    assert not exports(company.management).exists()
    with pytest.raises(NotFound):
        ready(company.management, row.uid, LATER)
    with pytest.raises(NotFound):
        export_evidence(actor=acting("supervisor", a_region()), at=LATER, asked=asked(order))
    with pytest.raises(NotAllowed):
        export_evidence(actor=company.agent, at=LATER, asked=asked(order))


def test_a_file_that_cannot_be_made_says_so(order, company):
    row = export_evidence(actor=company.supervisor, at=LATER, asked=asked(order))

    def work(*_given):
        raise OSError("no space left")

    with pytest.raises(OSError, match="no space"):
        make(row.pk, work)
    row.refresh_from_db()
    assert (row.state, row.failure) == (ExportState.FAILED, ["trace.export_broken", {}])
    assert "could not be made" in browser(company.supervisor).get(reverse("exports")).content.decode()


def test_a_file_is_given_up_and_expires(order, company, tmp_path):
    from django.core.files.storage import default_storage

    one = export_evidence(actor=company.supervisor, at=LATER, asked=asked(order))
    cancel_export(actor=company.supervisor, at=LATER, export_uid=one.uid)
    make_evidence.func.__wrapped__(one.pk)  # its job comes afterwards
    one.refresh_from_db()
    assert (one.state, one.path) == (ExportState.CANCELLED, "")
    with pytest.raises(WrongState):
        cancel_export(actor=company.supervisor, at=LATER, export_uid=one.uid)
    with pytest.raises(NotFound):
        cancel_export(actor=company.management, at=LATER, export_uid=one.uid)
    with moved_to(LATER):
        two = export_evidence(actor=company.supervisor, at=LATER, asked=asked(order))
        make_evidence.func.__wrapped__(two.pk)
    two.refresh_from_db()
    assert default_storage.exists(two.path)
    assert forget(LATER + timedelta(days=6)) == 0
    assert forget(LATER + timedelta(days=7)) == 1
    two.refresh_from_db()
    assert (two.state, two.path) == (ExportState.EXPIRED, "")
    for _each in range(MOST):
        export_evidence(actor=company.supervisor, at=LATER, asked=asked(order))
    with pytest.raises(WrongState):
        export_evidence(actor=company.supervisor, at=LATER, asked=asked(order))


@pytest.mark.parametrize("branch", [1, 2, 3, 12])
def test_a_tree_is_the_same_however_it_is_read(order, monkeypatch, branch):
    """Branches of another size are the same tree: what is proven does not hang on how much is held in memory."""
    from anxiu.trace import roots

    last = Position.objects.order_by("-position")[0].position
    whole = tree(1, last, range(1, last + 1))
    monkeypatch.setattr(roots, "BITS", branch)
    monkeypatch.setattr(roots, "BRANCH", 1 << branch)
    again = tree(1, last, range(1, last + 1))
    assert again == whole
    for each in Position.objects.all():
        assert standalone.climbed(bytes(each.hash), whole.paths[each.position]) == whole.root


def test_roots_are_signed_for_every_head_once(order):
    sign_head(date(2026, 5, 12))
    first, second = sign_roots()
    assert (first.first, second.first) == (1, first.position + 1)
    assert sign_roots() == []
    assert SYSTEM.is_system
