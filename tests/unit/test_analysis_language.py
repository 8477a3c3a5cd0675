"""Which texts can be read, in which language, and which cannot."""

from __future__ import annotations

import pytest

from domain.analysis import LexiconAnalyzer
from domain.cards import AnalysisFailure, FailureReason, Reading, ReviewText
from domain.emotions import Emotion

ANALYZER = LexiconAnalyzer()


def outcome(text: str) -> Reading | AnalysisFailure:
    return ANALYZER.analyze([ReviewText(text, None)])[0]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("배송이 빨라요", "ko"),
        ("Galaxy S24 Ultra Titanium 좋아요 추천", "ko"),
        ("ㅋㅋㅋㅋ", "ko"),
        ("ㅠㅠ", "ko"),
        ("very good camera", "en"),
        ("it works very well for me, 좋아", "en"),
        ("the café was lovely and très chic", "en"),
        ("😍😍", "und"),
        ("👍 10/10", "und"),
        ("^^", "und"),
        ("♥", "und"),
    ],
)
def test_language_of_readable_texts(text: str, language: str) -> None:
    reading = outcome(text)
    assert isinstance(reading, Reading)
    assert reading.language == language


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", FailureReason.EMPTY_TEXT),
        (" \n\t ", FailureReason.EMPTY_TEXT),
        ("!!!", FailureReason.ONLY_SYMBOLS),
        ("12345", FailureReason.ONLY_SYMBOLS),
        ("★★★★★", FailureReason.ONLY_SYMBOLS),
        ("📦 3.5", FailureReason.ONLY_SYMBOLS),
        ("とても良い商品です", FailureReason.UNSUPPORTED_LANGUAGE),
        ("质量很好", FailureReason.UNSUPPORTED_LANGUAGE),
        ("Очень хорошо", FailureReason.UNSUPPORTED_LANGUAGE),
        ("Sản phẩm rất tốt", FailureReason.UNSUPPORTED_LANGUAGE),
        (
            "Das Produkt ist sehr gut und ich bin wirklich zufrieden damit",
            FailureReason.UNSUPPORTED_LANGUAGE,
        ),
    ],
)
def test_unreadable_texts_fail_with_their_reason(text: str, reason: FailureReason) -> None:
    failure = outcome(text)
    assert isinstance(failure, AnalysisFailure)
    assert failure.reason is reason
    assert failure.message


def test_text_without_a_feeling_is_a_real_neutral_reading() -> None:
    reading = outcome("이 컵은 파란색입니다")
    assert isinstance(reading, Reading)
    assert reading.primary_emotion is Emotion.NEUTRAL
    assert dict(reading.emotions)[Emotion.NEUTRAL] == 1.0
    assert (reading.polarity, reading.intensity) == (0.0, 0.0)


@pytest.mark.parametrize(
    ("text", "emotion"),
    [
        ("😍", Emotion.JOY),
        ("ㅋㅋㅋ", Emotion.JOY),
        ("ㅠㅠ", Emotion.SADNESS),
        ("😡😡", Emotion.ANGER),
        ("🤮", Emotion.DISGUST),
    ],
)
def test_signs_alone_carry_feeling(text: str, emotion: Emotion) -> None:
    reading = outcome(text)
    assert isinstance(reading, Reading)
    assert reading.primary_emotion is emotion
