"""``daybook.yml`` and the environment to frozen options, those of both halves."""
