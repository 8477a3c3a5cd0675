"""Cards weighed on real stores: what is found, what a crash leaves, what others wait for."""

from __future__ import annotations

import json
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from demo.sentences import load_phrasebook
from domain.errors import InvariantBroken, LeaseLost, RequestCancelled
from domain.signals import Signal, SignalKind
from domain.trust import sign
from settings import Settings
from storage.mongo import trust_jobs
from storage.mongo.client import database_for
from storage.mongo.collections import (
    ANALYSIS_QUEUE,
    EMOTION_CARDS,
    RAW_REVIEWS,
    REVIEW_FINGERPRINTS,
)
from storage.mongo.fingerprints import leave_fingerprints, twins
from storage.mongo.leases import release_expired
from storage.mongo.trust_jobs import claim_trust, end_trust, mark_cards, open_trust, trust_state
from storage.mongo.weighed_reviews import load_cards, weighed_reviews
from storage.postgres.acceptance import accept_request
from storage.postgres.requests import get_request
from storage.postgres.results import get_result
from tasks import trust
from tasks.cards import make_cards
from tasks.crawl import crawl_source
from tasks.endings import cancel_request
from tasks.finalization import write_result
from tasks.intake import lay_out
from tasks.invariants import check_analysis
from tasks.queueing import queue_until_crawled
from tasks.trust import weigh_trust

COPIED = "두 번째 구매인데 여전히 만족스럽고 부모님께도 하나 보내 드렸어요"
FILLED = "저는 {}인데요 이 제품 덕분에 하루하루가 정말 즐거워졌어요 특히 {} 최고입니다"
FILLERS = (
    ("성수동 직장인", "소리"),
    ("두 아이 엄마", "무게"),
    ("부산 대학생", "색상"),
    ("은퇴한 교사", "충전 속도"),
    ("캠핑 초보", "마감"),
)

Rows = list[dict[str, Any]]


def honest(count: int = 120) -> Rows:
    """Return honest reviews: each sentence of the phrasebook once, good and bad, day by day."""
    texts = [each.text for each in load_phrasebook("ko").sentences][:count]
    return [
        {"id": f"h{n:03d}", "text": text, "rating": 5 if n % 3 else 1, "date": day(n // 2)}
        for n, text in enumerate(texts)
    ]


def day(number: int) -> str:
    return f"2026-{3 + number // 28:02d}-{1 + number % 28:02d}"


def planted() -> Rows:
    """Return two near-copies of one review, a template filled by five, and a day of praise."""
    copies = [COPIED, COPIED + "!!! ㅎㅎ", "정말 " + COPIED]
    rows = [
        {"id": f"c{n}", "text": text, "rating": 3, "date": day(9 + n)}
        for n, text in enumerate(copies)
    ]
    rows += [
        {"id": f"t{n}", "text": FILLED.format(*words), "rating": 3, "date": day(20 + n)}
        for n, words in enumerate(FILLERS)
    ]
    praise = ({"id": f"b{n:02d}", "text": "최고 " + "★" * n, "rating": 5} for n in range(30))
    return rows + [row | {"date": day(33)} for row in praise]


def lay(settings: Settings, folder: Path, name: str, rows: Rows) -> str:
    """Bring reviews to their cards; return the task, which is then to be weighed."""
    file = folder / f"{name}.jsonl"
    file.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    task_id = accept_request(
        settings.postgres,
        source="file",
        external_key=str(file),
        name=name,
        spec={"location": str(file)},
        idempotency_key=None,
    ).task_id
    lay_out.fn(task_id)
    assert crawl_source.fn(task_id) == queue_until_crawled.fn(task_id) == len(rows)
    assert make_cards.fn(task_id) == len(rows)
    return task_id


def finalised(settings: Settings, task_id: str) -> dict[str, Any]:
    """Weigh and write; return the numbers, all of which the cards give again."""
    weigh_trust.fn(task_id)
    write_result.fn(task_id)
    findings = check_analysis(settings, task_id)
    assert [each.samples for each in findings if not each.ok] == []
    assert len(findings) == 4
    numbers: dict[str, Any] = get_result(settings.postgres, task_id)["numbers"]
    return numbers


def signs(settings: Settings, task_id: str) -> dict[str, list[tuple[str, str]]]:
    rows = database_for(settings.mongo)[EMOTION_CARDS].find({"task_id": task_id})
    found = {row["review_id"]: [tuple(each.values()) for each in row["signals"]] for row in rows}
    return {review_id: signals for review_id, signals in found.items() if signals}


def test_what_is_planted_is_found_and_counted_with_and_without(
    settings: Settings, tmp_path: Path
) -> None:
    task_id = lay(settings, tmp_path, "earphones", honest() + planted())
    with pytest.raises(InvariantBroken, match="not weighed"):
        write_result.fn(task_id)
    numbers = finalised(settings, task_id)
    found = signs(settings, task_id)
    assert {key: found[key] for key in found if key[0] in "ct"} == {
        "c1": [("copy", "c0")],
        "c2": [("copy", "c0")],
        **{f"t{n}": [("template", "t0")] for n in range(5)},
    }
    # The honest who praised it on the day of the burst cannot be told from the others.
    burst = {key for key, signals in found.items() if signals == [("burst", day(33))]}
    assert {f"b{n:02d}" for n in range(30)} <= burst
    assert len(burst) <= 32
    assert len(found) == len(burst) + 7
    trusted = numbers["trust"]
    assert trusted["signals"] == {
        "copy": 2,
        "copy_elsewhere": 0,
        "template": 5,
        "burst": len(burst),
    }
    assert numbers["flags"]["duplicate"] == 2
    assert numbers["flags"]["suspicious"] == 5 + len(burst)
    assert trusted["all"]["cards"] - trusted["without"]["cards"] == trusted["doubted"] == len(found)
    assert trusted["without"]["rating"] < trusted["all"]["rating"]
    card = load_cards(settings.mongo, task_id, ["c1"])[0]
    assert card.signals == (Signal(SignalKind.COPY, "c0"),)
    # A second weighing, after the end, changes nothing.
    assert weigh_trust.fn(task_id) == {"burst": len(burst), "copy": 2, "template": 5}


def test_a_copy_of_another_products_review_is_found_and_never_ones_own(
    settings: Settings, tmp_path: Path
) -> None:
    rows = honest(40)
    first = lay(settings, tmp_path, "first", rows)
    finalised(settings, first)
    stolen = rows[7] | {"id": "s1", "date": "2026-09-01", "text": rows[7]["text"] + " ^^"}
    older = rows[8] | {"id": "s2", "date": "2025-09-01"}
    others = [row | {"text": f"{COPIED} {n}"} for n, row in enumerate(rows[:1])]
    numbers = finalised(settings, lay(settings, tmp_path, "second", [stolen, older, *others]))
    product = get_request(settings.postgres, first).product_id
    assert numbers["trust"]["signals"]["copy_elsewhere"] == 1
    assert numbers["trust"]["groups"] == [
        {"kind": "copy_elsewhere", "group": f"{product}:h007", "cards": 1}
    ]
    # The first again: what the second has is later, and its own are its own; but one is older.
    again = lay(settings, tmp_path, "first", rows)
    finalised(settings, again)
    assert set(signs(settings, again)) == {"h008"}
    assert signs(settings, first) == {}


def test_a_card_whose_text_is_gone_is_like_no_other(settings: Settings, tmp_path: Path) -> None:
    task_id = lay(settings, tmp_path, "a", honest(40) + planted())
    product = get_request(settings.postgres, task_id).product_id
    now = {"text": COPIED, "content_hash": "later", "versions": []}
    raw = database_for(settings.mongo)[RAW_REVIEWS]
    raw.update_one({"_id": f"{product}:h005"}, {"$set": now})
    weigh_trust.fn(task_id)
    # Else the first of the copies would be one too, of what h005 says now.
    assert "c0" not in signs(settings, task_id)
    assert str(write_result.fn(task_id)) == "completed"


def leave(settings: Settings, task_id: str, product: str) -> int:
    """Leave the fingerprints of a task's reviews; return how many changed."""
    changed = 0
    for batch in weighed_reviews(settings.mongo, task_id, product):
        signed = sign([review.text for review in batch.reviews])
        changed += leave_fingerprints(settings.mongo, product, batch, signed)
    return changed


def test_fingerprints_follow_the_reviews_and_are_found_by_their_index(
    settings: Settings, tmp_path: Path
) -> None:
    rows = honest(30)
    task_id = lay(settings, tmp_path, "a", rows)
    product = get_request(settings.postgres, task_id).product_id
    kept = leave(settings, task_id, product)
    assert 10 < kept <= 30
    assert leave(settings, task_id, product) == 0
    prints = database_for(settings.mongo)[REVIEW_FINGERPRINTS]
    keys = {row["_id"]: row["keys"] for row in prints.find()}
    one = next(iter(keys))
    assert [each.name for part in twins(settings.mongo, "other", keys[one]) for each in part] == [
        one
    ]
    assert list(twins(settings.mongo, product, keys[one])) == []
    asked = {"keys": {"$in": [1, 2, 3]}, "product_id": {"$ne": "x"}}
    stats = prints.find(asked).hint("earliest").explain()["executionStats"]
    assert stats["totalDocsExamined"] == 0
    # Edited to a few words, and to others, and analysed so: the keys follow.
    two = next(_id for _id in keys if _id != one)
    for _id, text, content_hash in ((one, "좋아요", "e1"), (two, COPIED, "e2")):
        change = {"$set": {"content_hash": content_hash}}
        database_for(settings.mongo)[EMOTION_CARDS].update_one(
            {"_id": _id.replace(product, task_id)}, change
        )
        raw = {"$set": {"text": text, "content_hash": content_hash}}
        database_for(settings.mongo)[RAW_REVIEWS].update_one({"_id": _id}, raw)
    assert leave(settings, task_id, product) == 2
    after = {row["_id"]: row["keys"] for row in prints.find()}
    assert one not in after
    assert after[two] != keys[two]


def test_a_run_that_died_half_way_leaves_no_trace(settings: Settings, tmp_path: Path) -> None:
    rows = honest(40) + planted()
    task_id = lay(settings, tmp_path, "a", rows)
    product = get_request(settings.postgres, task_id).product_id
    open_trust(settings.mongo, task_id, product)
    stale = claim_trust(settings.mongo, task_id, "stale", 0.01)
    assert stale is not None
    # What the dead run wrote would not hold: an honest card is marked, and a copy is not.
    (card,) = load_cards(settings.mongo, task_id, ["h003"])
    wrong = Signal(SignalKind.COPY_ELSEWHERE, "gone:1")
    mark_cards(settings.mongo, stale, [replace(card, signals=(wrong,))])
    assert signs(settings, task_id) == {"h003": [("copy_elsewhere", "gone:1")]}
    time.sleep(0.05)
    weigh_trust.fn(task_id)
    with pytest.raises(LeaseLost):
        mark_cards(settings.mongo, stale, [replace(card, signals=(wrong,))])
    with pytest.raises(LeaseLost):
        end_trust(settings.mongo, stale, {})
    undisturbed = lay(settings, tmp_path, "b", rows)
    weigh_trust.fn(undisturbed)
    assert signs(settings, task_id) == signs(settings, undisturbed)
    kept = [trust_state(settings.mongo, each) for each in (task_id, undisturbed)]
    assert kept[0] == kept[1]
    finalised(settings, task_id)


def test_a_worker_that_lost_its_lease_lets_its_rival_end_it(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    task_id = lay(settings, tmp_path, "a", honest(30) + planted())
    real = trust.mark_cards
    turns: list[str] = []

    def lose(mongo: Any, job: Any, cards: Any) -> None:
        turns.append(job.lease.owner)
        if len(turns) == 1:
            # It was so slow that its lease has passed on.
            queue = database_for(mongo)[ANALYSIS_QUEUE]
            queue.update_one({"_id": job.lease.job_id}, {"$set": {"state": "ready", "owner": None}})
        real(mongo, job, cards)

    monkeypatch.setattr(trust, "mark_cards", lose)
    found = weigh_trust.fn(task_id)
    assert len(turns) == 2
    assert found == Counter(kind for each in signs(settings, task_id).values() for kind, _ in each)


def test_two_side_by_side_weigh_once(settings: Settings, tmp_path: Path) -> None:
    task_id = lay(settings, tmp_path, "a", honest(60) + planted())
    with ThreadPoolExecutor(3) as pool:
        outcomes = list(pool.map(lambda _: weigh_trust.fn(task_id), range(3)))
    assert outcomes[0] == outcomes[1] == outcomes[2]
    job = database_for(settings.mongo)[ANALYSIS_QUEUE].find_one({"_id": trust_jobs.job_id(task_id)})
    assert job is not None
    assert (job["fence"], job["state"]) == (1, "done")


def test_a_cancelled_analysis_is_not_weighed(settings: Settings, tmp_path: Path) -> None:
    task_id = lay(settings, tmp_path, "a", honest(20))
    product = get_request(settings.postgres, task_id).product_id
    open_trust(settings.mongo, task_id, product)
    job = claim_trust(settings.mongo, task_id, "w", 30)
    assert job is not None
    assert cancel_request(settings, task_id)
    with pytest.raises(LeaseLost):
        end_trust(settings.mongo, job, {})
    with pytest.raises(RequestCancelled):
        weigh_trust.fn(task_id)
    state = trust_state(settings.mongo, task_id)
    assert state is not None
    assert (state.state, state.doubted) == ("cancelled", None)
    assert release_expired(settings.mongo, task_id) == 0


def test_an_analysis_of_a_release_before_still_holds(settings: Settings, tmp_path: Path) -> None:
    task_id = lay(settings, tmp_path, "a", honest(20))
    finalised(settings, task_id)
    database = database_for(settings.mongo)
    database[ANALYSIS_QUEUE].delete_one({"_id": trust_jobs.job_id(task_id)})
    database[EMOTION_CARDS].update_many({"task_id": task_id}, {"$unset": {"signals": ""}})
    assert all(each.ok for each in check_analysis(settings, task_id))
    assert weigh_trust.fn(task_id) == {}
