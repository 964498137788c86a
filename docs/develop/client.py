"""Drives one repair order from report to archive over the API. Standard library only.

python client.py http://127.0.0.1:8000 AGENT_KEY DISPATCHER_KEY SERIAL_NUMBER ENGINEER_KEY PHOTO.jpg SIGNATURE.png
"""

import json
import sys
import time
import urllib.request
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4


class Api:
    """Calls as one person."""

    def __init__(self, base: str, key: str) -> None:
        self.base, self.key = f"{base}/api/v1", key

    def call(self, method: str, path: str, body: bytes = b"", kind: str = "application/json") -> dict:
        headers = {"Authorization": f"Bearer {self.key}", "Accept-Language": "en"}
        if method == "POST":
            headers |= {"Content-Type": kind, "Idempotency-Key": str(uuid4())}
        request = urllib.request.Request(self.base + path, body or None, headers, method=method)
        with urllib.request.urlopen(request) as answer:
            return json.load(answer)

    def get(self, path: str) -> dict:
        return self.call("GET", path)

    def post(self, path: str, **body: object) -> dict:
        return self.call("POST", path, json.dumps(body).encode())

    def send(self, path: str, files: dict[str, Path], **fields: str) -> dict:
        """A form with files."""
        edge = uuid4().hex
        parts = [
            f'--{edge}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
            for name, value in fields.items()
        ]
        for name, file in files.items():
            head = f'--{edge}\r\nContent-Disposition: form-data; name="{name}"; filename="{file.name}"\r\n\r\n'
            parts.append(head.encode() + file.read_bytes() + b"\r\n")
        parts.append(f"--{edge}--\r\n".encode())
        return self.call("POST", path, b"".join(parts), f"multipart/form-data; boundary={edge}")


def drive(
    base: str, agent_key: str, dispatcher_key: str, serial: str, engineer_key: str, photo: Path, signature: Path
) -> str:
    """Carry one order through; its number."""
    agent, dispatcher, engineer = Api(base, agent_key), Api(base, dispatcher_key), Api(base, engineer_key)
    receipt = agent.post("/orders", words="Pump leaks at the shaft", serial=serial)
    uid, number = receipt["order"]["uid"], receipt["order"]["number"]
    print(number, "first deadline", receipt["order"]["next_due_at"], receipt["tracking_url"])
    act = f"/orders/{uid}/actions"
    agent.post(f"{act}/contact_customer", result="reached", note="Called back")

    start = datetime.now(UTC) + timedelta(minutes=30)
    slot = {"starts_at": start.isoformat(), "ends_at": (start + timedelta(hours=2)).isoformat()}
    query = "&".join(f"{name}={value.replace('+', '%2B')}" for name, value in slot.items())
    chosen = next(each for each in dispatcher.get(f"/orders/{uid}/candidates?{query}") if each["may"])
    dispatcher.post(f"{act}/book_visit", engineer=chosen["engineer"], **slot)

    engineer.post(f"{act}/accept_visit")
    checklist = ["tools", "parts", "badge_and_gear", "history_read", "customer_contacted"]
    engineer.post(f"{act}/prepare", checked=checklist)
    engineer.post(f"{act}/depart")
    engineer.post(f"{act}/arrive", place={"latitude": 31.2304, "longitude": 121.4737, "accuracy_metres": 20})
    engineer.post(f"{act}/assess", finding="Mechanical seal worn")
    for text in ("before", "after"):
        engineer.send(f"{act}/add_photo", {"photo": photo}, text=text)
    engineer.post(f"{act}/add_entry", kind="reading", text="Motor current", value="12.4", unit="A")
    engineer.post(f"{act}/add_entry", kind="labour", minutes=50)
    engineer.post(
        f"{act}/complete_repair", resolved=True, cause="Worn seal", solution="Seal replaced, tested for leaks"
    )
    shown = engineer.get(f"/orders/{uid}/document")
    engineer.send(f"{act}/sign_off", {"signature": signature}, document_digest=shown["digest"], signer="Wang")

    agent.post(f"{act}/follow_up", result="all_good")
    while not agent.get(f"/orders/{uid}")["documents"]:  # the worker issues the report a moment after the signature
        time.sleep(0.2)
    state = agent.post(f"{act}/archive")["state"]
    print(number, state)
    return number


if __name__ == "__main__":
    base, agent, dispatcher, serial, engineer, photo, signature = sys.argv[1:]
    drive(base, agent, dispatcher, serial, engineer, Path(photo), Path(signature))
