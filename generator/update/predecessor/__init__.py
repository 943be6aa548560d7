"""Everything about the bot that came before: its lists, its history, its configuration."""
