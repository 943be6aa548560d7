"""The command line: commands, what they say, and the demo."""
