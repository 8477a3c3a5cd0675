"""PostgreSQL: the truth for products, requests, results and prices."""
