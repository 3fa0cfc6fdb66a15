"""What is kept now: rows read in a transaction of their own that keeps nothing. They stay readable afterwards."""

from typing import Any

from sqlalchemy import func, select

from tests.play import Stage
from workflow_app.operations import integrity


def rows_of(stage: Stage, kind: Any, *where: Any, **wanted: Any) -> list[Any]:
    """Every row of a kind that meets the conditions, by its key."""
    asked = select(kind).where(*where).filter_by(**wanted).order_by(*kind.__table__.primary_key)
    with stage.database.transaction(keep=False) as session:
        found = list(session.scalars(asked).unique())
        session.expunge_all()
        return found


def row_of(stage: Stage, kind: Any, id_: Any) -> Any:
    """One row by its key."""
    with stage.database.transaction(keep=False) as session:
        found = session.get_one(kind, id_)
        session.expunge_all()
        return found


def count_of(stage: Stage, kind: Any, *where: Any, **wanted: Any) -> int:
    """How many there are."""
    with stage.database.transaction(keep=False) as session:
        return session.scalar(select(func.count()).select_from(kind).where(*where).filter_by(**wanted)) or 0


def findings(stage: Stage) -> list[str]:
    """What ``check`` finds wrong; nothing, when all is well."""
    with stage.database.transaction(keep=False) as session:
        return [str(one) for one in integrity.findings(session, stage.database.blobs)]
