"""The role in which something was done to a case is never changed either, and who did it can only be forgotten."""

from alembic import op

revision = "2026_11_22_history_kept"
down_revision = "2026_11_22_named_by"
branch_labels = None
depends_on = None

BEFORE = "case_id, number, kind, state, content, at"
KEPT = f'id, {BEFORE}, "by"'
SAID = "the history of a case is never changed"
REFUSAL = f"BEGIN SELECT RAISE(ABORT, '{SAID}'); END"


def upgrade() -> None:
    op.execute(_dropped("case_event_is_append_only"))
    if op.get_bind().dialect.name == "sqlite":
        op.execute(f"CREATE TRIGGER case_event_is_append_only BEFORE UPDATE OF {KEPT} ON case_event {REFUSAL}")
        op.execute(
            "CREATE TRIGGER case_event_forgets_only BEFORE UPDATE OF user_id ON case_event "
            f"WHEN NEW.user_id IS NOT NULL AND NEW.user_id IS NOT OLD.user_id {REFUSAL}"
        )
        return
    op.execute(
        "CREATE FUNCTION refuse_change_of_case() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{SAID}'; END $$"
    )
    refused = "FOR EACH ROW EXECUTE FUNCTION refuse_change_of_case()"
    op.execute(f"CREATE TRIGGER case_event_is_append_only BEFORE UPDATE OF {KEPT} ON case_event {refused}")
    op.execute(
        "CREATE TRIGGER case_event_forgets_only BEFORE UPDATE OF user_id ON case_event FOR EACH ROW "
        "WHEN (NEW.user_id IS NOT NULL AND NEW.user_id IS DISTINCT FROM OLD.user_id) "
        "EXECUTE FUNCTION refuse_change_of_case()"
    )


def downgrade() -> None:
    op.execute(_dropped("case_event_is_append_only"))
    op.execute(_dropped("case_event_forgets_only"))
    before = f"CREATE TRIGGER case_event_is_append_only BEFORE UPDATE OF {BEFORE} ON case_event"
    if op.get_bind().dialect.name == "sqlite":
        op.execute(f"{before} {REFUSAL}")
        return
    op.execute(f"{before} FOR EACH ROW EXECUTE FUNCTION refuse_change()")
    op.execute("DROP FUNCTION refuse_change_of_case()")


def _dropped(trigger: str) -> str:
    return f"DROP TRIGGER {trigger}" + ("" if op.get_bind().dialect.name == "sqlite" else " ON case_event")
