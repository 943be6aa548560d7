"""The right half: from ``data/`` alone to the site."""
