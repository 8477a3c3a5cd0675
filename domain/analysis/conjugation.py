"""The syllables a Korean verb or adjective may begin with, from its dictionary form.

Endings are many, but a stem meets them in few shapes: 예쁘다 is found in any text as 예쁘, 예쁜,
예쁨, 예쁩, 예쁠, 예뻐 or 예뻤. Listing those shapes lets one automaton find every ending
without taking words apart.
"""

from __future__ import annotations

_FIRST = 0xAC00
_VOWELS, _FINALS = 21, 28
_A, _AE, _EO, _E, _YEO, _O, _WA, _OE, _WAE, _U, _WO, _EU, _I = (
    0,
    1,
    4,
    5,
    6,
    8,
    9,
    11,
    10,
    13,
    14,
    18,
    20,
)
_NONE, _N, _L, _LM, _M, _B, _S, _SS = 0, 4, 8, 10, 16, 17, 19, 20
_RIEUL = 5

#: Stems in ㅂ that keep it; all others turn it into 우 (가볍다, 가벼운).
_REGULAR_B = frozenset("좁넓잡입씹뽑집접꼽")
#: What an infinitive in ㅏ/ㅓ takes in the past; ㅅ because many write 했 as 햇.
_PAST = (_NONE, _SS, _S)


def _parts(syllable: str) -> tuple[int, int, int]:
    rest, final = divmod(ord(syllable) - _FIRST, _FINALS)
    initial, vowel = divmod(rest, _VOWELS)
    return initial, vowel, final


def _join(initial: int, vowel: int, final: int) -> str:
    return chr(_FIRST + (initial * _VOWELS + vowel) * _FINALS + final)


def stems(dictionary_form: str) -> tuple[str, ...]:
    """Return the beginnings under which a form in 다 appears; any other form as it is."""
    if not dictionary_form.endswith("다") or len(dictionary_form) < 2:
        return (dictionary_form,)
    stem = dictionary_form[:-1]
    head, last = stem[:-1], stem[-1]
    initial, vowel, final = _parts(last)
    if final == _NONE:
        shapes = _open_stem(head, initial, vowel)
    elif final == _B and last not in _REGULAR_B:
        shapes = _b_stem(head, initial, vowel)
    elif final == _L:
        # The ㄹ drops before ㄴ, ㅂ and ㅅ: 힘들다, 힘드네요, 힘든, 힘듭니다.
        shapes = [head + _join(initial, vowel, f) for f in (_L, _NONE, _N, _LM, _B)]
    else:
        shapes = [stem]
    return tuple(dict.fromkeys(shapes))


def _open_stem(head: str, initial: int, vowel: int) -> list[str]:
    """A stem without a final consonant: 비싸다, 느리다, 빠르다, 예쁘다, 친절하다."""
    shapes = [head + _join(initial, vowel, f) for f in (_NONE, _N, _L, _M, _B)]
    shapes += [head + past for past in _infinitives(head, initial, vowel)]
    if initial == _RIEUL and vowel == _EU and head:
        # 빠르다: 빨라, 빨랐.
        before, middle, _ = _parts(head[-1])
        ending = _A if middle in (_A, _O) else _EO
        doubled = head[:-1] + _join(before, middle, _L)
        shapes += [doubled + _join(_RIEUL, ending, f) for f in _PAST]
    return shapes


def _infinitives(head: str, initial: int, vowel: int) -> list[str]:
    """The last syllable joined with 아/어, present and past: 느려 느렸, 예뻐 예뻤, 해 했."""
    if vowel == _A and initial == 18:
        # 하다 alone among stems in ㅏ: 하여 became 해.
        return [_join(initial, _AE, f) for f in _PAST] + [_join(initial, _A, _SS)]
    joined = {_I: _YEO, _O: _WA, _U: _WO, _OE: _WAE}.get(vowel, vowel)
    if vowel == _EU:
        bright = bool(head) and _is_syllable(head[-1]) and _parts(head[-1])[1] in (_A, _O)
        joined = _A if bright else _EO
    if vowel in (_A, _AE, _EO, _E, _YEO):
        return [_join(initial, vowel, f) for f in (_SS, _S)]
    return [_join(initial, joined, f) for f in _PAST]


def _b_stem(head: str, initial: int, vowel: int) -> list[str]:
    """귀엽다: 귀엽, 귀여우, 귀여운, 귀여움, 귀여워, 귀여웠."""
    kept, bare = head + _join(initial, vowel, _B), head + _join(initial, vowel, _NONE)
    soft = [bare + _join(11, _U, f) for f in (_NONE, _N, _L, _M)]
    return [kept, *soft, *(bare + _join(11, _WO, f) for f in _PAST)]


def _is_syllable(character: str) -> bool:
    return "가" <= character <= "힣"
