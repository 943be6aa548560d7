"""The whole store in memory: by day, period, tag and person; the sentence; related papers. Pure."""
