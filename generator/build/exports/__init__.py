"""Feeds, the data API, the sitemap, crawlers' files. Pure."""
