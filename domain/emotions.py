"""The ten coarse emotions a card speaks of."""

from __future__ import annotations

from enum import StrEnum


class Emotion(StrEnum):
    """Order is the order of every score vector."""

    JOY = "joy"
    SATISFACTION = "satisfaction"
    INTEREST = "interest"
    ANGER = "anger"
    DISAPPOINTMENT = "disappointment"
    SADNESS = "sadness"
    ANXIETY = "anxiety"
    SURPRISE = "surprise"
    DISGUST = "disgust"
    NEUTRAL = "neutral"


EMOTIONS: tuple[Emotion, ...] = tuple(Emotion)

#: What a Korean reader sees.
EMOTIONS_KO: dict[Emotion, str] = {
    Emotion.JOY: "기쁨",
    Emotion.SATISFACTION: "만족",
    Emotion.INTEREST: "관심",
    Emotion.ANGER: "분노",
    Emotion.DISAPPOINTMENT: "실망",
    Emotion.SADNESS: "슬픔",
    Emotion.ANXIETY: "불안",
    Emotion.SURPRISE: "놀람",
    Emotion.DISGUST: "혐오",
    Emotion.NEUTRAL: "중립",
}
