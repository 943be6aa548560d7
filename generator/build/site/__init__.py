"""MkDocs and everything that knows it, charts, the link check, a small server."""
