"""The firm's report: where it stands, how sure that is, what comes first, what it costs and who helps."""
