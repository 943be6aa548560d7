"""What a model answered: its parts, or why they cannot be used."""
