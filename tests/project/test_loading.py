"""What a web process loads to show its first page, and what waits until somebody needs it."""

import json
import subprocess
import sys

LATER = ["anxiu.api.urls", "ninja", "PIL", "openpyxl", "segno", "typst"]  # 70 MB and a third of the time to start
SCRIPT = f"""
import json, sys
import anxiu.project.asgi
from django.urls import reverse
reverse("orders")
print(json.dumps([name for name in {LATER} if name in sys.modules]))
"""


def test_a_web_process_starts_without_what_its_first_page_does_not_need():
    done = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=True)
    assert json.loads(done.stdout.splitlines()[-1]) == []
