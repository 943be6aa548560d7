"""BibTeX, RIS, and what programs read in a page. Pure."""
