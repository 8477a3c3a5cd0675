"""Which language a review is in, by its letters."""

from __future__ import annotations

import re

from domain.cards import FailureReason

#: The language of texts whose only feeling is in emoji: no letter says whose it is.
UNDETERMINED = "und"

_HANGUL = re.compile("[가-힣\u1100-\u11ff\ua960-\ua97f\ud7b0-\ud7ff]+")
_JAMO = re.compile("[\u3131-\u318e]")
_LATIN = re.compile("[A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u1e00-\u1eff]+")
_ACCENTED = re.compile("[\u00c0-\u024f\u1e00-\u1eff]")
_WORD = re.compile(r"[a-z']+")
#: A syllable says as much as two or three letters, so a Korean review full of model names
#: ("Galaxy S24 Ultra 좋아요") is still Korean.
_KOREAN_SHARE = 0.15
#: English spells a word with an accent now and then, not every seventh letter.
_FOREIGN_ACCENTS = 0.15
_FEWEST_ACCENTS = 3
#: From this many words on, one of the commonest must be among them.
_ENOUGH_WORDS = 9
_COMMON = re.compile(
    r"\b(?:the|and|it|this|that|with|for|my|not|you|are|have|has|had|very|were|but|they|of|to|from"
    r"|would|as|good|great|can|what|when|just|too|i'm|it's|don't|can't|didn't|i've|your|than|there"
    r"|these|if|by|get|all|she|his|our|their|who|how|which|some|any|at|be|been|about|more|only|out"
    r"|up|one|even|then|into|because|like|now|new|never|always|back|time|use|work|works|see|here"
    r"|think|know|make|want|really|still|bought|product|after|before|again|other|much)\b"
)


def identify(text: str) -> str | FailureReason:
    """Return "ko", "en", "und" (no letters at all), or why the text cannot be read."""
    if not text or text.isspace():
        return FailureReason.EMPTY_TEXT
    hangul = sum(map(len, _HANGUL.findall(text)))
    if 2 * hangul >= len(text):
        return "ko"
    latin = sum(map(len, _LATIN.findall(text)))
    jamo = len(_JAMO.findall(text))
    letters = latin if text.isascii() else sum(map(str.isalpha, text))
    if letters == 0:
        return UNDETERMINED
    if letters - hangul - latin - jamo > hangul + latin:
        return FailureReason.UNSUPPORTED_LANGUAGE
    if hangul >= _KOREAN_SHARE * (hangul + latin):
        # Also a text of ㅋㅋ or ㅠㅠ alone, which nobody else writes.
        return "ko"
    return "en" if _is_english(text, latin) else FailureReason.UNSUPPORTED_LANGUAGE


def _is_english(text: str, latin: int) -> bool:
    accented = 0 if text.isascii() else len(_ACCENTED.findall(text))
    if accented >= _FEWEST_ACCENTS and accented > _FOREIGN_ACCENTS * latin:
        return False
    lowered = text.lower()
    return len(_WORD.findall(lowered)) < _ENOUGH_WORDS or _COMMON.search(lowered) is not None
