"""Connections that went bad while nobody used them."""

from __future__ import annotations

from sqlalchemy import text

from settings import Settings
from storage.postgres.engine import engine_for, unit_of_work


def test_a_connection_left_in_the_middle_of_a_statement_is_replaced(settings: Settings) -> None:
    engine = engine_for(settings.postgres)
    taken = engine.raw_connection()
    driver = taken.driver_connection
    taken.close()
    assert driver is not None
    driver.pgconn.send_query(b"select pg_sleep(5)")
    with unit_of_work(settings.postgres) as session:
        assert session.scalar(text("select 1")) == 1
    driver.close()
