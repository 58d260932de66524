"""What the tasks do with PostgreSQL."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

import psycopg

SCHEMA = (Path(__file__).parent / "schema.sql").read_text()
COLUMNS = "day, region, customer, visits, ad_spend, price, weekend, revenue"
KPIS = {
    "revenue_total": "SELECT coalesce(sum(revenue), 0) FROM analytics.sales",
    "revenue_per_day": "SELECT coalesce(sum(revenue) / nullif(count(DISTINCT day), 0), 0) FROM analytics.sales",
    "revenue_per_ad_spend": "SELECT coalesce(sum(revenue) / nullif(sum(ad_spend), 0), 0) FROM analytics.sales",
    "customers": "SELECT count(DISTINCT customer) FROM analytics.sales",
    "days": "SELECT count(DISTINCT day) FROM analytics.sales",
}


@contextlib.contextmanager
def transaction() -> Iterator[psycopg.Connection]:
    """Open a transaction on the database, with the tables there; it is committed at the end."""
    url = os.environ.get("DATABASE_URL", "postgresql://postgres:postgres@postgres:5432/analytics_db")
    with psycopg.connect(url, connect_timeout=5) as connection:
        connection.execute(SCHEMA)
        connection.commit()
        yield connection


def refresh_views() -> int:
    """Compute the view of the revenue anew; return its number of days."""
    with transaction() as connection:
        connection.execute("REFRESH MATERIALIZED VIEW analytics.revenue_by_day")
        return connection.execute("SELECT count(*) FROM analytics.revenue_by_day").fetchone()[0]


def calculate_kpis() -> dict[str, float]:
    """Compute the key figures and keep them; return them."""
    with transaction() as connection:
        found = {name: float(connection.execute(query).fetchone()[0]) for name, query in KPIS.items()}
        for name, value in found.items():
            connection.execute(
                "INSERT INTO analytics.kpis (name, value) VALUES (%s, %s)"
                " ON CONFLICT (name) DO UPDATE SET value = excluded.value, computed_at = now()",
                (name, value),
            )
        return found


def import_sales(content: bytes) -> int:
    """Take over the sales of a CSV file with a head line; a sale that is known is replaced. Return their number."""
    with transaction() as connection, connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE incoming (LIKE analytics.sales) ON COMMIT DROP")
        with cursor.copy(f"COPY incoming ({COLUMNS}) FROM STDIN WITH (FORMAT csv, HEADER true)") as copy:
            copy.write(content)
        cursor.execute(
            f"INSERT INTO analytics.sales ({COLUMNS}) SELECT {COLUMNS} FROM incoming ON CONFLICT (day, region) DO UPDATE SET"
            " customer = excluded.customer, visits = excluded.visits, ad_spend = excluded.ad_spend,"
            " price = excluded.price, weekend = excluded.weekend, revenue = excluded.revenue"
        )
        return cursor.rowcount


def daily_csv() -> bytes:
    """Return the sales of all regions by day, as CSV with a head line."""
    query = "SELECT day, sum(visits) AS visits, sum(ad_spend) AS ad_spend, sum(revenue) AS revenue FROM analytics.sales"
    with transaction() as connection, connection.cursor() as cursor:
        with cursor.copy(f"COPY ({query} GROUP BY day ORDER BY day) TO STDOUT WITH (FORMAT csv, HEADER true)") as copy:
            return b"".join(bytes(part) for part in copy)
