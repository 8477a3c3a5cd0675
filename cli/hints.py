"""What a person can do about an error."""

from __future__ import annotations

from domain.errors import AddressRefused, EmotionCardsError

ALLOWED_HOSTS = "EC_CRAWL__ALLOWED_PRIVATE_HOSTS"

_HINTS: dict[str, str] = {
    "store_unavailable": "is it running? `cards up` starts the stores; EC_POSTGRES__DSN, "
    "EC_MONGO__DSN and EC_REDIS__DSN name your own",
    "flow_died": "`cards status` tells whether its analysis is open; --resume goes on with it",
    "stack_already_running": "`cards down` stops it",
    "request_not_found": "`cards status` lists the analyses",
    "address_refused": "a host of your own on a private network is allowed by "
    f"""{ALLOWED_HOSTS}='["host:port"]'""",
    "robots_refused": "the site does not want this page read; ask its owner for a file",
    "login_required": "pages behind a login are not read; ask the shop for a file",
    "access_denied": "the site turned us away; ask the shop for a file",
    "no_reviews_found": "a site without schema.org data needs rules: EC_CRAWL__SITE_RULES",
    "column_missing": "name the file's column: --column text=NAME",
    "undecodable_text": "name the encoding: --encoding cp949",
    "file_unreadable": "CSV, JSON lines and Parquet files are read, CSV and JSON lines also as .gz",
    "source_unavailable": "it may work later: run the same command again",
    "product_busy": "`cards status` lists it: wait for its end, or `cards cancel` it",
    "analyzer_model_unusable": "`cards adapt --back` puts the shipped model in force",
    "reanalysis_incomplete": "the same again takes those that are left",
    "reanalysis_worse": "`cards export` with its task_id names the reviews and why; mended, the "
    "same again tries anew",
    "rate_limited": "it may work later: run the same command again",
}


def hint_for(error: EmotionCardsError) -> str | None:
    """Return what to do about the error; None where we know nothing that it does not say.

    Who raises an error may know better than its code does, and says so in a note.
    """
    notes: list[str] = getattr(error, "__notes__", [])
    if notes:
        return notes[0]
    if error.code == AddressRefused.code and ALLOWED_HOSTS not in error.line:
        # Not refused for its network: nothing can be allowed.
        return None
    hint = _HINTS.get(error.code)
    return None if "`cards " in error.line else hint
