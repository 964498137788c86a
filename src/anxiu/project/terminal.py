"""What the `anxiu` command says in a terminal: in Chinese where the terminal is set to Chinese, else in English."""

import os


def in_chinese() -> bool:
    """Whether the terminal's language (LC_ALL, LC_MESSAGES, LANG, in the order of POSIX) is Chinese."""
    chosen = next((value for name in ("LC_ALL", "LC_MESSAGES", "LANG") if (value := os.environ.get(name))), "")
    return chosen.lower().startswith("zh")


def words(english: str, chinese: str) -> str:
    """One message in the terminal's language. Both stand side by side, for Django may not be there to translate."""
    return chinese if in_chinese() else english
