"""The page that people install by names every setting and every command there is."""

from pathlib import Path

from anxiu.project.environment import Environment

PAGE = (Path(__file__).resolve().parents[2] / "docs/operate/install.md").read_text()


def test_every_setting_is_on_the_page() -> None:
    names = [str(field.validation_alias or f"ANXIU_{name.upper()}") for name, field in Environment.model_fields.items()]
    assert [name for name in names if f"`{name}`" not in PAGE] == []
