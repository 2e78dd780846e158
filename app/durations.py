"""How long answering takes: our estimate of half a minute a question, not measured."""

MINUTES_PER_QUESTION = 0.5


def minutes(questions: int) -> int:
    """Whole minutes, from ten on in steps of five: an estimate should not look like a measurement."""
    estimate = questions * MINUTES_PER_QUESTION
    return max(1, round(estimate)) if estimate < 10 else round(estimate / 5) * 5
