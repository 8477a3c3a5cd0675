"""The report's words: every label in Korean and in English."""

from __future__ import annotations

from typing import Final, NamedTuple

from markupsafe import Markup, escape

from domain.aspects import ASPECTS_KO, Aspect
from domain.cards import Flag
from domain.emotions import EMOTIONS_KO, Emotion
from reports.text import visible


class Words(NamedTuple):
    """One label in both languages; in a page the reader's switch shows one or both."""

    ko: str
    en: str

    def __html__(self) -> Markup:
        """Return HTML with a span for each language."""
        if self.ko == self.en:
            return escape(self.ko)
        return Markup(
            '<span class="ko" lang="ko">{}</span> <span class="en" lang="en">{}</span>'
        ).format(self.ko, self.en)

    def __str__(self) -> str:
        return self.ko if self.ko == self.en else f"{self.ko} {self.en}"

    def filled(self, **values: object) -> Words:
        """Return the label with its `{fields}` filled in."""
        return Words(self.ko.format(**values), self.en.format(**values))


def as_is(raw: object, most: int = 60) -> Words:
    """Return foreign text as a label that is the same in both languages."""
    text = visible(raw, most)
    return Words(text, text)


_ASPECTS_EN: Final = {
    Aspect.SIZE_FIT: "Size & fit",
    Aspect.DESIGN: "Design & colour",
    Aspect.EASE_OF_USE: "Ease of use",
    Aspect.TASTE_SCENT: "Taste & scent",
    Aspect.CUSTOMER_SERVICE: "Customer service",
}
EMOTIONS: Final = {str(e): Words(EMOTIONS_KO[e], e.value.capitalize()) for e in Emotion}
ASPECTS: Final = {
    str(a): Words(ASPECTS_KO[a], _ASPECTS_EN.get(a, a.value.capitalize())) for a in Aspect
}
#: Shown in this order everywhere: best to worst.
FEELINGS: Final = {
    "positive": Words("긍정", "Positive"),
    "neutral": Words("중립", "Neutral"),
    "mixed": Words("복합", "Mixed"),
    "negative": Words("부정", "Negative"),
}
#: The side an emotion is drawn on. Surprise may be either.
EMOTION_TONES: Final = {
    str(Emotion.JOY): "positive",
    str(Emotion.SATISFACTION): "positive",
    str(Emotion.INTEREST): "positive",
    str(Emotion.SURPRISE): "mixed",
    str(Emotion.NEUTRAL): "neutral",
}
FLAGS: Final = {
    str(Flag.DUPLICATE): Words("중복 리뷰", "Duplicate"),
    str(Flag.SUSPICIOUS): Words("의심스러운 리뷰", "Suspicious"),
    str(Flag.EDITED): Words("수정된 리뷰", "Edited"),
    str(Flag.PII_MASKED): Words("개인정보 가림", "Personal data masked"),
    str(Flag.MIXED): Words("긍정·부정 함께", "Both good and bad"),
    str(Flag.RATING_MISMATCH): Words("별점과 글이 다름", "Stars and words differ"),
}
LANGUAGES: Final = {"ko": Words("한국어", "Korean"), "en": Words("영어", "English")}
STATUSES: Final = {
    "completed": Words("완료", "Completed"),
    "partial": Words("부분 완료", "Partial"),
}


def label(table: dict[str, Words], name: str) -> Words:
    """Return the label of a name; a name we do not know is shown as it is."""
    return table.get(name) or as_is(name)


def tone_of(emotion: str) -> str:
    """Return the feeling an emotion is drawn as."""
    return EMOTION_TONES.get(emotion, "negative")
