"""Search: the words, the index, the glossary, and the terminal."""
