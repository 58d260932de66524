"""The channels of Redis that events go through."""

ORDERS = "events:orders"


def of_table(table: int) -> str:
    return f"events:table:{table}"
