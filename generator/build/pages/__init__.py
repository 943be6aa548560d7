"""The archive as Markdown, one file for a kind of page. Pure."""
