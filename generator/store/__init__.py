"""``data/``: its format, its transactions, and how what arrives joins what is kept."""
