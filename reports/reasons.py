"""What the codes in a result's coverage mean, for a person."""

from __future__ import annotations

from typing import Final

from domain import errors
from domain.cards import FailureReason
from domain.rejections import RejectReason
from reports.words import Words

#: Why a page was not read: the code of the error.
REFUSALS: Final = {
    errors.SourceUnavailable.code: Words(
        "서버가 응답하지 않거나 오류를 보냈습니다. 여러 번 다시 시도했습니다.",
        "The server did not answer or answered with an error, after several tries.",
    ),
    errors.RateLimited.code: Words(
        "서버가 나중에 다시 오라고 요청했고, 허용된 시간 안에 풀리지 않았습니다.",
        "The server asked us to come back later than we may wait.",
    ),
    errors.AddressRefused.code: Words(
        "허용되지 않은 주소입니다(내부망 또는 지원하지 않는 방식).",
        "The address is not allowed: a private network or an unsupported scheme.",
    ),
    errors.HostNotFound.code: Words(
        "그 이름의 서버가 없습니다.", "There is no server of this name."
    ),
    errors.CertificateInvalid.code: Words(
        "보안 인증서를 신뢰할 수 없습니다.", "The security certificate cannot be trusted."
    ),
    errors.PageNotFound.code: Words("페이지가 없습니다.", "The page does not exist."),
    errors.AccessDenied.code: Words("서버가 접근을 거부했습니다.", "The server denied access."),
    errors.RobotsRefused.code: Words(
        "사이트의 robots.txt가 수집을 허용하지 않아 존중했습니다.",
        "The site's robots.txt forbids it, and we keep to that.",
    ),
    errors.LoginRequired.code: Words(
        "로그인해야 볼 수 있는 페이지입니다.", "The page is behind a login."
    ),
    errors.NoReviewsFound.code: Words(
        "페이지를 읽었지만 리뷰가 없었습니다.", "The page was read and holds no review."
    ),
    errors.BodyTooLarge.code: Words(
        "페이지가 허용된 크기보다 큽니다.", "The page is larger than allowed."
    ),
    errors.TooManyRedirects.code: Words(
        "다른 주소로 너무 많이 넘어갑니다.", "The page redirects too often."
    ),
    errors.UndecodableText.code: Words(
        "글자 인코딩을 알 수 없습니다.", "The text is in no encoding we know."
    ),
    errors.MalformedPage.code: Words(
        "페이지 형식이 깨져 읽을 수 없습니다.", "The page is too broken to read."
    ),
    errors.FileUnreadable.code: Words(
        "파일이 없거나, 비었거나, 잘렸거나, 알 수 없는 형식입니다.",
        "The file is missing, empty, cut short or of an unknown form.",
    ),
    errors.ColumnMissing.code: Words(
        "지정한 열이 파일에 없습니다.", "The file lacks a column that was named."
    ),
}

#: Why a record was put aside instead of becoming a review.
QUARANTINE: Final = {
    str(RejectReason.RAGGED_ROW): Words(
        "행의 칸 수가 머리글과 다릅니다.", "The row has more or fewer cells than the header."
    ),
    str(RejectReason.BROKEN_JSON): Words("JSON이 깨져 있습니다.", "The JSON is broken."),
    str(RejectReason.NOT_A_RECORD): Words(
        "리뷰 형태의 기록이 아닙니다.", "It is not a record of a review."
    ),
    str(RejectReason.TEXT_TOO_LONG): Words(
        "글이 허용된 길이를 넘습니다.", "The text is longer than allowed."
    ),
    str(RejectReason.TEXT_NOT_TEXT): Words(
        "본문 값이 글이 아닙니다.", "The text field does not hold text."
    ),
    str(RejectReason.RATING_OUT_OF_RANGE): Words(
        "별점이 척도를 벗어납니다.", "The rating is outside its scale."
    ),
    str(RejectReason.RATING_NOT_A_NUMBER): Words(
        "별점이 숫자가 아닙니다.", "The rating is not a number."
    ),
    str(RejectReason.DATE_IN_FUTURE): Words("날짜가 미래입니다.", "The date is in the future."),
    str(RejectReason.DATE_UNREADABLE): Words(
        "날짜를 읽을 수 없습니다.", "The date cannot be read."
    ),
    str(RejectReason.ID_TOO_LONG): Words(
        "리뷰 번호가 너무 깁니다.", "The review's id is too long."
    ),
    str(RejectReason.DUPLICATE_ID): Words(
        "같은 번호의 다른 리뷰가 이미 있습니다.", "Another review already has this id."
    ),
    str(RejectReason.UNDECODABLE): Words(
        "글자를 알 수 없는 바이트입니다.", "The bytes are not readable text."
    ),
}

#: Why a review has no card.
FAILURES: Final = {
    str(FailureReason.EMPTY_TEXT): Words(
        "글이 없습니다(별점이나 사진만 있음).", "There are no words, only stars or a photo."
    ),
    str(FailureReason.ONLY_SYMBOLS): Words(
        "기호나 자모뿐이어서 읽을 말이 없습니다.", "Only symbols; there are no words to read."
    ),
    str(FailureReason.UNSUPPORTED_LANGUAGE): Words(
        "한국어·영어가 아닌 글입니다.", "The text is in a language we do not read yet."
    ),
    str(FailureReason.UNDECODABLE): Words(
        "깨진 글자가 너무 많습니다.", "Too many of the characters are broken."
    ),
    str(FailureReason.DEAD_LETTER): Words(
        "여러 번 시도해도 분석이 실패해 따로 보관했습니다.",
        "Analysis failed again and again; the review is kept aside for a person.",
    ),
}

#: Why reading ended before the source's own end; an error's code is possible too.
STOPS: Final = {
    **REFUSALS,
    "max_pages": Words(
        "정해진 최대 페이지 수에 닿아 멈췄습니다(설정 EC_CRAWL__MAX_PAGES).",
        "Stopped at the most pages allowed (setting EC_CRAWL__MAX_PAGES).",
    ),
    "max_reviews": Words(
        "정해진 최대 리뷰 수에 닿아 멈췄습니다(요청 또는 설정 EC_CRAWL__MAX_REVIEWS).",
        "Stopped at the most reviews allowed (the request or EC_CRAWL__MAX_REVIEWS).",
    ),
    "max_rows": Words(
        "파일에서 읽을 수 있는 최대 행 수에 닿아 멈췄습니다.",
        "Stopped at the most rows read of one file.",
    ),
    "endless_pagination": Words(
        "다음 페이지가 이미 읽은 페이지로 되돌아가 멈췄습니다.",
        "Stopped because the next page leads back to one already read.",
    ),
    "page_refused": Words(
        "읽을 수 없는 페이지를 만나 그 뒤로 이어 갈 수 없었습니다. 이유는 아래에 있습니다.",
        "Stopped at a page that may not be read; the reason is below.",
    ),
    "page_failed": Words(
        "여러 번 시도해도 열리지 않는 페이지에서 멈췄습니다. 이유는 아래에 있습니다.",
        "Stopped at a page that failed after several tries; the reason is below.",
    ),
    "line_too_long": Words(
        "허용된 길이를 넘는 줄에서 멈췄습니다.", "Stopped at a line longer than allowed."
    ),
    "file_truncated": Words(
        "파일이 중간에 잘려 있어 그 앞까지만 읽었습니다.",
        "The file is cut short; it was read up to there.",
    ),
    "file_damaged": Words(
        "파일이 손상되어 그 앞까지만 읽었습니다.",
        "The file is damaged; it was read up to there.",
    ),
    "rating_scale": Words(
        "뒤쪽 별점이 앞에서 알아낸 척도를 많이 벗어나 멈췄습니다. --rating-max로 알려 주세요.",
        "Stopped because many later ratings are beyond the scale found from those before; "
        "say it with --rating-max.",
    ),
    "file_changed": Words(
        "읽는 도중에 파일이 바뀌거나 사라져 멈췄습니다.",
        "Stopped because the file changed or vanished while it was read.",
    ),
}

UNKNOWN: Final = Words(
    "이 코드의 설명은 아직 없습니다. 코드 그대로 보여 드립니다.",
    "There is no explanation of this code yet; it is shown as it is.",
)


def explain(table: dict[str, Words], code: str) -> Words:
    """Return what a code means; one we do not know is said to be unknown."""
    return table.get(code, UNKNOWN)
