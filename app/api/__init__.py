"""JSON under /api/v1: the same calls as the pages make, as an application of its own within the service."""
