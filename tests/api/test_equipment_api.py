"""Machines, imports and their files over the API."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from anxiu.customers.models import Customer
from anxiu.equipment.models import ImportBatch, Machine
from anxiu.files.models import Attachment
from anxiu.kernel.models import Access
from tests.given.assets import a_base, a_region, a_site, acting


@pytest.fixture
def base(db):
    return a_base()


@pytest.fixture
def supervisor(base, calling):
    return calling(acting("supervisor", base.region))


@pytest.fixture
def administrator(base, calling):
    return calling(acting("administrator"))


def done(answer, status=200):
    assert answer.status_code == status, answer.content
    return answer.json()


def a_pdf():
    return SimpleUploadedFile("manual.pdf", b"%PDF-1.7\n% manual\n%%EOF\n", "application/pdf")


def a_table(base):
    rows = f"客户编号,客户名称,区域,站点\nK-1,进口客户,{base.region.code},二号厂房\nK-2,,{base.region.code},\n"
    return SimpleUploadedFile("customers.csv", rows.encode(), "text/csv")


@pytest.mark.requirement("PF-02")
def test_a_machine_from_first_to_last(base, supervisor):
    new = {"model": str(base.machine.model.uid), "site": str(base.site.uid), "serial": "Z-77", "parent": str(base.machine.uid),
           "installed_on": "2026-01-05"}  # fmt: skip
    made = done(supervisor.post("/machines", new), 201)
    assert (made["serial"], made["parent"], made["warranty_basis"]) == ("Z-77", str(base.machine.uid), "installation")
    at = f"/machines/{made['uid']}"
    act = f"{at}/actions"
    changed = done(supervisor.post(f"{act}/change_machine", {"name": "二号机", "warranty_until": "2027-12-31"}))
    assert (changed["name"], changed["serial"], changed["warranty_basis"]) == ("二号机", "Z-77", "agreed")
    assert [each["uid"] for each in done(supervisor.get("/machines", parent=str(base.machine.uid)))["items"]] == [made["uid"]]
    elsewhere = a_site(base.customer, "三号厂房")
    moved = done(supervisor.post(f"{act}/move_machine", {"site": str(elsewhere.uid)}))
    assert (moved["site_uid"], moved["parent"]) == (str(elsewhere.uid), None)
    renewed = done(supervisor.post(f"{act}/renew_label"))
    assert renewed["label_code"] != made["label_code"]
    assert renewed["label_url"].endswith(renewed["label_code"])
    [kept] = done(supervisor.send(f"{act}/add_document", {"file": a_pdf()}))["documents"]
    assert done(supervisor.get(at))["documents"] == [kept]
    assert done(supervisor.get(f"{at}/past_orders")) == {"items": [], "next": ""}
    assert [each["uid"] for each in done(supervisor.get("/machines", q="Z77"))["items"]] == [made["uid"]]
    assert done(supervisor.post(f"{act}/retire_machine"))["retired_at"]
    assert Access.objects.filter(purpose="detail", subject_kind="machine").count() == 1


def test_labels_are_printed(base, supervisor):
    answer = supervisor.get("/machines/labels", uid=[str(base.machine.uid)], skip=3)
    assert (answer.status_code, answer.content[:4]) == (200, b"%PDF")
    assert Access.objects.get(purpose="export").subject_ids == [base.machine.pk]


@pytest.mark.requirement("PF-02")
def test_a_file_is_tried_taken_in_and_taken_back(base, administrator):
    def given():
        return {"file": a_table(base), "kind": "customers", "source": "old"}

    tried = done(administrator.client.post("/api/v1/imports/dry_run", given()))
    assert (tried["accepted"], tried["refused"], tried["batch"]) == (1, 1, None)
    assert not ImportBatch.objects.exists()
    taken = done(administrator.send("/imports", given(), key="k"), 201)
    assert (taken["accepted"], taken["refused"], taken["problems"][0]["field"]) == (1, 1, "name")
    again = administrator.send("/imports", given(), key="k")
    assert (again.json(), again["Idempotent-Replayed"]) == (taken, "true")
    uid = taken["batch"]["uid"]
    assert [each["uid"] for each in done(administrator.get("/imports"))["items"]] == [uid]
    assert done(administrator.post(f"/imports/{uid}/actions/undo_import"))["kept"] == 0
    assert not Customer.objects.filter(name="进口客户").exists()
    assert administrator.post(f"/imports/{uid}/actions/undo_import").status_code == 409


@pytest.mark.requirement("AST-05", "PF-02")
def test_people_are_brought_in_by_those_who_may_add_them(base, supervisor, calling):
    rows = f"工号,姓名,邮箱,岗位,区域\n1,新同事,new@example.com,agent,{base.region.code}\n2,太高,high@example.com,administrator,\n"

    def given():
        return {"file": SimpleUploadedFile("people.csv", rows.encode("gb18030")), "kind": "people", "source": "hr"}

    hr = calling(acting("hr"))
    assert supervisor.send("/imports", given()).status_code == 403
    assert supervisor.send("/imports/files", given()).status_code == 403
    taken = done(hr.send("/imports", given()), 201)
    assert (taken["accepted"], [each["code"] for each in taken["problems"]]) == (1, ["accounts.only_administrators"])
    uid = taken["batch"]["uid"]
    assert [each["uid"] for each in done(hr.get("/imports"))["items"]] == [uid]
    assert done(supervisor.get("/imports"))["items"] == []
    assert supervisor.post(f"/imports/{uid}/actions/undo_import").status_code == 403
    assert done(hr.post(f"/imports/{uid}/actions/undo_import")) == {"removed": 1, "kept": 0, "under_way": False}


def test_a_line_with_what_is_no_text_is_refused(base, administrator):
    rows = f"客户编号,客户名称,区域\nK-1,坏\x00了,{base.region.code}\nK-2,好的,{base.region.code}\n"
    given = {"file": SimpleUploadedFile("a.csv", rows.encode()), "kind": "customers", "source": "old"}
    taken = done(administrator.send("/imports", given), 201)
    assert (taken["accepted"], [each["code"] for each in taken["problems"]]) == (1, ["equipment.control_character"])


@pytest.mark.requirement("PF-02")
def test_files_are_held_freed_and_taken_off(base, administrator):
    done(administrator.send(f"/machines/{base.machine.uid}/actions/add_document", {"file": a_pdf()}))
    file, thing = Attachment.objects.get(), {"kind": "machine", "uid": str(base.machine.uid)}
    assert done(administrator.post("/files/actions/set_hold", thing)) == {"changed": 1}
    act = f"/files/{file.uid}/actions/retire_attachment"
    assert administrator.post(act).status_code == 409
    assert done(administrator.post("/files/actions/lift_hold", thing)) == {"changed": 1}
    assert done(administrator.post(act))["name"] == "manual.pdf"
    assert administrator.get(f"/files/{file.uid}").status_code == 404


def test_the_same_key_adds_one_machine(base, supervisor):
    body = {"model": str(base.machine.model.uid), "site": str(base.site.uid)}
    first, again = supervisor.post("/machines", body, key="k"), supervisor.post("/machines", body, key="k")
    assert (first.json(), again["Idempotent-Replayed"]) == (again.json(), "true")
    assert Machine.objects.count() == 2


def test_who_may_not_is_refused(base, calling):
    dispatcher = calling(acting("dispatcher", base.region))
    assert dispatcher.post(f"/machines/{base.machine.uid}/actions/renew_label").status_code == 403
    assert dispatcher.get("/imports").status_code == 403
    assert dispatcher.post("/files/actions/set_hold", {"kind": "machine", "uid": str(base.machine.uid)}).status_code == 403


@pytest.mark.requirement("PF-04")
def test_another_region_sees_nothing(base, calling):
    stranger = calling(acting("supervisor", a_region()))
    assert done(stranger.get("/machines")) == {"items": [], "next": ""}
    at = f"/machines/{base.machine.uid}"
    assert stranger.get(at).status_code == stranger.get(f"{at}/past_orders").status_code == 404
    assert stranger.get("/machines/labels", uid=str(base.machine.uid)).status_code == 404
    assert stranger.post(f"{at}/actions/renew_label").status_code == 404
    body = {"model": str(base.machine.model.uid), "site": str(base.site.uid)}
    assert stranger.post("/machines", body).json()["errors"][0]["field"] == "site"
