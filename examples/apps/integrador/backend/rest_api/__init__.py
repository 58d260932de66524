"""The REST API: products, orders, and the tokens that tables get."""
