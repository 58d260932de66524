"""Products and orders in PostgreSQL. Recommendations are the nearest vectors, where the server has pgvector."""

from contextlib import contextmanager

import psycopg
from psycopg.rows import dict_row

DEMO = [
    ("Milanesa napolitana", 1250, [0.9, 0.1, 0.3]),
    ("Ensalada César", 890, [0.1, 0.9, 0.2]),
    ("Empanada de carne", 350, [0.8, 0.2, 0.1]),
    ("Flan con dulce de leche", 520, [0.2, 0.1, 0.9]),
]


class Store:
    def __init__(self, url: str):
        self._url = url

    @contextmanager
    def _connection(self):
        with psycopg.connect(self._url, connect_timeout=5, row_factory=dict_row) as connection:
            yield connection

    def prepare(self) -> None:
        """Make the tables and the demo data, unless they are there. Two that start at once don't disturb each other."""
        with self._connection() as connection:
            connection.execute("SELECT pg_advisory_xact_lock(4711)")
            connection.execute("CREATE EXTENSION IF NOT EXISTS vector")
            connection.execute(
                "CREATE TABLE IF NOT EXISTS products "
                "(id serial PRIMARY KEY, name text NOT NULL, cents integer NOT NULL, taste vector(3))"
            )
            connection.execute(
                "CREATE TABLE IF NOT EXISTS orders (id serial PRIMARY KEY, table_number integer NOT NULL, "
                "product integer NOT NULL REFERENCES products, status text NOT NULL DEFAULT 'placed')"
            )
            if connection.execute("SELECT count(*) AS n FROM products").fetchone()["n"] == 0:
                for name, cents, taste in DEMO:
                    connection.execute(
                        "INSERT INTO products (name, cents, taste) VALUES (%s, %s, %s::vector)",
                        (name, cents, str(taste)),
                    )

    def answer(self) -> None:
        with self._connection() as connection:
            connection.execute("SELECT 1")

    def products(self) -> list[dict]:
        with self._connection() as connection:
            return connection.execute("SELECT id, name, cents FROM products ORDER BY id").fetchall()

    def like(self, product: int) -> list[dict]:
        """Return the other products, the most alike first."""
        with self._connection() as connection:
            return connection.execute(
                "SELECT other.id, other.name, other.cents FROM products other, products this "
                "WHERE this.id = %s AND other.id <> this.id ORDER BY other.taste <-> this.taste",
                (product,),
            ).fetchall()

    def order(self, table: int, product: int) -> dict:
        with self._connection() as connection:
            return connection.execute(
                "INSERT INTO orders (table_number, product) VALUES (%s, %s) "
                "RETURNING id, table_number AS table, product, status",
                (table, product),
            ).fetchone()

    def orders(self) -> list[dict]:
        with self._connection() as connection:
            return connection.execute(
                "SELECT id, table_number AS table, product, status FROM orders ORDER BY id"
            ).fetchall()
