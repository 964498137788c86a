"""Compiled translations read back by Python's own gettext."""

import gettext
import os
from io import BytesIO
from pathlib import Path

import pytest

from anxiu.project.catalogues import compile_all, compiled

TEXT = '''msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\\n"
"Plural-Forms: nplurals=1; plural=0;\\n"

#: somewhere.py:3
msgid "Order"
msgstr "工单"

msgctxt "verb"
msgid "Order"
msgstr "订购"

#, python-format
msgid "%(count)s order"
msgid_plural "%(count)s orders"
msgstr[0] "%(count)s 张工单"

#, fuzzy
msgid "Doubtful"
msgstr "可疑"

msgid ""
"Two \\"quoted\\" "
"lines\\n"
msgstr ""
"两行"
"引用\\n"

msgid "Not yet"
msgstr ""

#~ msgid "Old"
#~ msgstr "旧"
'''


def test_compiled_catalogue_translates() -> None:
    catalogue = gettext.GNUTranslations(BytesIO(compiled(TEXT)))
    assert catalogue.gettext("Order") == "工单"
    assert catalogue.pgettext("verb", "Order") == "订购"
    assert catalogue.ngettext("%(count)s order", "%(count)s orders", 2) == "%(count)s 张工单"
    assert catalogue.gettext('Two "quoted" lines\n') == "两行引用\n"
    assert [catalogue.gettext(text) for text in ("Doubtful", "Not yet", "Old")] == ["Doubtful", "Not yet", "Old"]


def test_only_what_is_out_of_date_is_compiled(tmp_path: Path) -> None:
    folder = tmp_path / "app/locale/zh_Hans/LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "django.po").write_text(TEXT)
    assert compile_all(tmp_path) == 1
    assert compile_all(tmp_path) == 0
    os.utime(folder / "django.mo", ns=(0, 0))
    assert compile_all(tmp_path) == 1


def test_a_broken_text_names_its_line() -> None:
    with pytest.raises(ValueError, match="line 2"):
        compiled('msgid "a"\nmsgstr "b\n')
