"""Log lines: one JSON object each, with no address, name or answer of anybody in it."""

import json
import logging
from datetime import UTC, datetime

PLAIN = frozenset(logging.makeLogRecord({}).__dict__) | {"message", "asctime", "taskName"}


class JsonLines(logging.Formatter):
    """A line break inside a message stays inside its JSON text, so nobody can forge a line."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "log": record.name,
            "message": record.getMessage(),
            **{k: v for k, v in record.__dict__.items() if k not in PLAIN},
        }
        if record.exc_info:
            line["error"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False, default=str)


def log_as_json(level: int = logging.INFO) -> None:
    """Send every log line to standard error as JSON."""
    sink = logging.StreamHandler()
    sink.setFormatter(JsonLines())
    logging.basicConfig(level=level, handlers=[sink], force=True)
    for quiet in ("alembic", "fontTools", "weasyprint", "uvicorn.error"):
        logging.getLogger(quiet).setLevel(logging.WARNING)
