"""Every sentence a user reads exists in Chinese and English, side by side where it is written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Language = Literal["zh", "en"]
LANGUAGES: tuple[Language, ...] = ("zh", "en")


@dataclass(frozen=True)
class Text:
    """One sentence in both languages.

    Examples
    --------
    >>> greeting = Text("{n} 座驿站", "{n} stations").format(n=3)
    >>> greeting.in_language("zh"), greeting.in_language("en")
    ('3 座驿站', '3 stations')
    """

    zh: str
    en: str

    def in_language(self, language: Language) -> str:
        """Return the sentence in one language."""
        return self.zh if language == "zh" else self.en

    def format(self, **values: object) -> Text:
        """Fill the same values into both sentences; a value that is a Text gives each language its own."""
        return Text(
            self.zh.format(**{key: _side(value, "zh") for key, value in values.items()}),
            self.en.format(**{key: _side(value, "en") for key, value in values.items()}),
        )

    def __str__(self) -> str:
        return self.en


def same(words: object) -> Text:
    """Return a text that reads the same in both languages: a name, a number, a path."""
    return Text(str(words), str(words))


def _side(value: object, language: Language) -> object:
    return value.in_language(language) if isinstance(value, Text) else value
