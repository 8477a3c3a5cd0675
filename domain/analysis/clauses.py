"""Cuts a review into clauses: the pieces that feel one thing each, and that a card quotes.

A clause ends where a sentence does, at a line break, and where the writer turns: after 좋은데,
좋지만, 좋으나 (the ending stays with what it ends), before 그런데 or "but" (the conjunction goes
with what it opens). A -고 ends one where it joins two judgements (배송도 빠르고 포장도 좋아요),
not where it joins deeds (보고, 하고 싶다, 쓰고 있다). Spans are exact: code points, trimmed of
surrounding white space.
"""

from __future__ import annotations

import re

#: Start and end of a clause in code points, end exclusive.
Span = tuple[int, int]

#: All syllables that end in ㄴ: what stands before 데 in 좋은데, 큰데, 예쁜데, 하는데.
_N_SYLLABLES = "".join(chr(0xAC00 + 28 * n + 4) for n in range(399))
#: What trails a sentence belongs to it: ㅋㅋ, ㅠㅠ, ^^, hearts, more dots.
_TRAIL = r"(?:[\s.!?…~]*+[ㄱ-ㅎㅏ-ㅣ^♥♡❤;]++)*+[.!?…~]*+"
_ENDS = r"(?:[.!?。！？…]++(?!\d)|~++(?=\s)|\n\s*+)"
# 요 also ends nouns (필요, 중요, 주요, 가요): those stay whole.
_POLITE = r"(?:요(?<![필중주수동긴가]요)|니다)(?=[\s~^ㄱ-ㅎㅏ-ㅣ♥♡❤])~*+"
#: The last syllable of an adjective, or of a past, before -고; 하 needs the root it stands on.
_JUDGED = "좋쁘싸볍겁엽렵쉽럽얇껍짧넓좁높낮없있맞늦많적작길크굵됐왔렸졌났었았였"
_ROOTS = (
    "저렴|간편|편리|친절|튼튼|꼼꼼|깔끔|깨끗|촉촉|따뜻|따듯|시원|조용|부실|허접|허술|조잡|불편|탄탄"
    "|견고|단단|심플|선명|신선|싱싱|화사|무난|훌륭|우수|만족|빡빡|뻑뻑|헐렁|복잡|쫀쫀|도톰|두툼|푹신"
    "|폭신|포근|딱딱|뻣뻣|적당|넉넉|달콤|고소|담백|부족|이상|엉성|빵빵|짱짱|튼실|유용|정확|신속|안전"
    "|든든|투명|은은|칙칙|눅눅|답답|건조|느끼|간단|편안|귀찮|세련|풍성|묵직|쾌적|매끈|통통|아담|슬림"
)
_AND = re.compile(
    rf"""
    고 (?:
      (?<=[{_JUDGED}]고) | (?<=(?:빠르|느리)고) | (?<=[안잘]되고) | (?<=[안잘]\ 되고)
      | (?<=에\ 들고) | (?<=[어깨빠터러]지고) | (?<=[편순약강심급연진]하고) | (?<=(?:{_ROOTS})하고)
      | (?<=(?:별로|최고)고) | (?<=(?:별로|최고|최악|불량|엉망)이고)
    )
    ,?+ \s++
    (?!(?:있|계|싶|나[서니면]|해[서도요]|[했합]|하[는네니더시]|말|작은|나쁨))
    (?=\S++\s++\S)
    """,
    re.VERBOSE,
)
_KOREAN = re.compile(
    rf"""
    (?: {_ENDS} | {_POLITE} ) {_TRAIL}
    | (?: [{_N_SYLLABLES}]데 (?<!가운데)(?<!군데)(?<!그런데)(?<!근데)(?<!런데) (?=[\s,…]|도|요)
        | [는은]데(?=[가-힣])
        | 지만 (?<!\s하지만)(?<!^하지만)(?<!그렇지만)
        | 으나 (?=[\s,]) | [가-힣][쁘싸르리크]나 (?=[\s,])
      ) (?:도|서도|요)?+ [,…]*+
    | \s (?= (?:하지만|그러나|그렇지만|근데|그런데|다만|반면)[\s,] )
    """,
    re.VERBOSE,
)
_ENGLISH = re.compile(
    r"""
    [.!?…;]++ (?=\s|$) | \n
    | , (?<!however,) (?<!unfortunately,) (?= \s (?:i|it|we|they|this|he|she|you|my)\b )
    | \s (?= (?:but(?!\salso)|however|although|though|yet|except|whereas|unfortunately)\b )
    """,
    re.VERBOSE | re.IGNORECASE,
)
_SAYS_SOMETHING = re.compile(r"\w")


def split_clauses(text: str, language: str) -> list[Span]:
    """Return the clauses of a text that is not blank; at least one, in order."""
    cuts = [m.end() for m in (_ENGLISH if language == "en" else _KOREAN).finditer(text)]
    if language != "en" and ("고 " in text or "고," in text):
        cuts = sorted({*cuts, *(m.end() for m in _AND.finditer(text))})
    spans: list[Span] = []
    opened = start = 0
    for cut in (*cuts, len(text)):
        # A piece of signs alone joins the clause before it, or waits for the one after.
        if _SAYS_SOMETHING.search(text, start, cut):
            spans.append(_trimmed(text, opened, cut))
            opened = cut
        elif spans:
            opened = cut
            first, end = _trimmed(text, start, cut)
            if first < end:
                spans[-1] = (spans[-1][0], end)
        start = cut
    return spans or [_trimmed(text, 0, len(text))]


def _trimmed(text: str, start: int, end: int) -> Span:
    """Return the span without white space around it; an empty one at `start` if all is."""
    piece = text[start:end].rstrip()
    end = start + len(piece)
    return end - len(piece.lstrip()), end
