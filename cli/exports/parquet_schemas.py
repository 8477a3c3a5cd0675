"""The columns of Parquet exports."""

from __future__ import annotations

import pyarrow as pa

_MOMENT = pa.timestamp("ms", tz="UTC")
_SPAN = pa.struct([("text", pa.string()), ("start", pa.int32()), ("end", pa.int32())])

#: Offsets of spans count code points; scores and intensity are 0..1, polarity −1..1.
CARDS = pa.schema(
    [
        ("card_id", pa.string()),
        ("task_id", pa.string()),
        ("product_id", pa.string()),
        ("review_id", pa.string()),
        ("kind", pa.string()),
        ("language", pa.string()),
        ("primary_emotion", pa.string()),
        ("emotions", pa.list_(pa.struct([("label", pa.string()), ("score", pa.float64())]))),
        ("intensity", pa.float64()),
        ("polarity", pa.float64()),
        (
            "aspects",
            pa.list_(
                pa.struct(
                    [
                        ("aspect", pa.string()),
                        ("polarity", pa.float64()),
                        ("intensity", pa.float64()),
                        ("evidence", _SPAN),
                    ]
                )
            ),
        ),
        ("keywords", pa.list_(pa.string())),
        ("headline", _SPAN),
        ("rating", pa.float64()),
        ("reviewed_at", _MOMENT),
        ("flags", pa.list_(pa.string())),
        ("signals", pa.list_(pa.struct([("kind", pa.string()), ("group", pa.string())]))),
        ("failure", pa.struct([("reason", pa.string()), ("message", pa.string())])),
        ("content_hash", pa.string()),
        ("analyzer_version", pa.string()),
        ("created_at", _MOMENT),
    ]
)
QUARANTINE = pa.schema([(name, pa.string()) for name in ("reason", "message", "where", "record")])
