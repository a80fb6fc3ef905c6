"""A plain bot to measure ours against: Bolt and SQLAlchemy's ORM, as one would write it well. `python -m …plain URL`.

It does the main things that our bot does before its answer, in one transaction: it finds the customer by name,
records the report once for each form, adds up points, opens or moves on a case, puts a message into an outbox and adds
an entry to the customer's chain of audit entries. It sends no messages.
"""

import hashlib
import json
import sys
import threading
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, ClassVar

from slack_bolt import Ack, App, BoltResponse
from slack_bolt.adapter.wsgi import SlackRequestHandler
from slack_bolt.authorization import AuthorizeResult
from sqlalchemy import JSON, DateTime, Engine, ForeignKey, UniqueConstraint, create_engine, event, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, sessionmaker

from bot.http_server import serve
from bot.sandbox.__main__ import SECRET, TOKEN
from handlers.names import EVENTS_PATH, BlockId, CallbackId, OptionValue
from tests.slack.office import real_clock

POINTS = {"minor": 1, "serious": 3, "severe": 6}
TO_DECIDE = 12  # points
THREADS = 16


class Base(DeclarativeBase):
    """The plain bot's tables."""

    type_annotation_map: ClassVar[dict[Any, Any]] = {datetime: DateTime(timezone=True), dict[str, Any]: JSON}


class Customer(Base):
    """Whom reps report."""

    __tablename__ = "plain_customer"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    key: Mapped[str] = mapped_column(unique=True)
    standing: Mapped[str] = mapped_column(default="clear")


class Case(Base):
    """What management decides on; one is open for a customer at a time."""

    __tablename__ = "plain_case"
    id: Mapped[int] = mapped_column(primary_key=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey(Customer.id), index=True)
    points: Mapped[int]
    version: Mapped[int] = mapped_column(default=0)
    opened_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]


class Report(Base):
    """What a rep reports; `form` is Slack's ID of the form."""

    __tablename__ = "plain_report"
    id: Mapped[int] = mapped_column(primary_key=True)
    form: Mapped[str] = mapped_column(unique=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey(Customer.id), index=True)
    case_id: Mapped[int | None] = mapped_column(ForeignKey(Case.id))
    reporter: Mapped[str]
    category: Mapped[str]
    severity: Mapped[str]
    points: Mapped[int]
    place: Mapped[str]
    narrative: Mapped[str]
    happened_at: Mapped[datetime]
    reported_at: Mapped[datetime]


class Message(Base):
    """A message to be sent."""

    __tablename__ = "plain_outbox"
    id: Mapped[int] = mapped_column(primary_key=True)
    channel: Mapped[str]
    body: Mapped[dict[str, Any]]
    due_at: Mapped[datetime] = mapped_column(index=True)


class Entry(Base):
    """An entry of a customer's audit chain."""

    __tablename__ = "plain_audit"
    __table_args__ = (UniqueConstraint("customer_id", "n"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey(Customer.id))
    n: Mapped[int]
    actor: Mapped[str]
    at: Mapped[datetime]
    facts: Mapped[dict[str, Any]]
    hash: Mapped[str]


class Bot:
    """Records reports."""

    def __init__(self, engine: Engine) -> None:
        self._session = sessionmaker(engine, expire_on_commit=False)

    def submitted(self, ack: Ack, body: dict[str, Any]) -> BoltResponse:
        """The form was sent: record it, and answer with what replaces the form."""
        with self._session.begin() as session:
            report = self._recorded(session, body)
            text = f"Recorded as report {report.id}, thank you. Nobody has to put up with that."
            text += f" It is part of case {report.case_id}; you will hear from me."
        return ack(response_action="update", view=_view(text))

    def _recorded(self, session: Session, body: dict[str, Any]) -> Report:
        form, user = body["view"]["id"], body["user"]["id"]
        fields = _fields(body["view"]["state"]["values"])
        customer = _customer(session, fields["customer"])
        found = session.scalar(select(Report).where(Report.form == form))
        if found:
            return found
        now = real_clock()
        report = Report(form=form, customer_id=customer.id, reporter=user, reported_at=now, **fields["report"])
        session.add(report)
        session.flush()
        _decide(session, customer, report, now)
        session.add(Message(channel=user, body={"report": report.id, "customer": customer.name}, due_at=now))
        _audit(session, customer, user, now, {"report": report.id, "case": report.case_id, **_public(report)})
        return report


def _customer(session: Session, name: str) -> Customer:
    """The customer of this name, locked; a new one where there is none."""
    key = "".join(name.casefold().split())
    query = select(Customer).where(Customer.key == key).with_for_update()
    found = session.scalar(query)
    if found is None:
        insert = _insert(session)(Customer).values(name=name.strip(), key=key, standing="clear")
        session.execute(insert.on_conflict_do_nothing())
        found = session.scalars(query).one()
    return found


def _insert(session: Session) -> Any:  # noqa: ANN401 - one of two functions
    return sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert


def _decide(session: Session, customer: Customer, report: Report, now: datetime) -> None:
    """Bring the report into the customer's open case, which management decides once there are points enough."""
    points = session.scalar(select(func.sum(Report.points)).where(Report.customer_id == customer.id)) or 0
    case = session.scalar(select(Case).where(Case.customer_id == customer.id, Case.closed_at.is_(None)))
    if case is None:
        case = Case(customer_id=customer.id, points=points, opened_at=now)
        session.add(case)
        session.flush()
    case.points, case.version = points, case.version + 1
    report.case_id = case.id
    if points >= TO_DECIDE:
        customer.standing = "under review"
        session.add(Message(channel="C0MANAGE", body={"case": case.id, "customer": customer.name}, due_at=now))


def _audit(session: Session, customer: Customer, actor: str, now: datetime, facts: dict[str, Any]) -> None:
    query = select(Entry).where(Entry.customer_id == customer.id).order_by(Entry.n.desc()).limit(1)
    last = session.scalar(query)
    n, before = (last.n + 1, last.hash) if last else (1, "")
    hashed = json.dumps([before, customer.id, n, actor, now.isoformat(), facts], sort_keys=True)
    digest = hashlib.sha256(hashed.encode()).hexdigest()
    session.add(Entry(customer_id=customer.id, n=n, actor=actor, at=now, facts=facts, hash=digest))


def _public(report: Report) -> dict[str, Any]:
    narrative = hashlib.sha256(report.narrative.encode()).hexdigest()
    return {"category": report.category, "severity": report.severity, "narrative": narrative}


def _fields(values: Mapping[str, Any]) -> dict[str, Any]:
    def value(block: str) -> Any:  # noqa: ANN401 - whatever the field holds
        given = values[block][block]
        picked = given.get("selected_option")
        return picked["value"] if picked else given.get("value", given.get("selected_date_time"))

    severity = value(BlockId.SEVERITY)
    return {
        "customer": str(value(BlockId.CUSTOMER)).removeprefix(OptionValue.NEW),
        "report": {
            "category": value(BlockId.CATEGORY),
            "severity": severity,
            "points": POINTS[severity],
            "place": value(BlockId.PLACE),
            "narrative": value(BlockId.NARRATIVE).strip(),
            "happened_at": datetime.fromtimestamp(value(BlockId.HAPPENED_AT), UTC),
        },
    }


def _view(text: str) -> dict[str, Any]:
    section = {"type": "section", "text": {"type": "mrkdwn", "text": text}}
    return {"type": "modal", "title": {"type": "plain_text", "text": "Recorded"}, "blocks": [section]}


def _engine(url: str) -> Engine:
    """A pool with a connection for each thread. SQLite in the journal mode and with the waits of a server."""
    if not url.startswith("sqlite"):
        return create_engine(url, pool_size=THREADS, pool_use_lifo=True)
    engine = create_engine(url, pool_size=THREADS, connect_args={"timeout": 5})

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _: Any) -> None:  # noqa: ANN401 - sqlite3's connection
        connection.isolation_level = None
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Any) -> None:  # noqa: ANN401 - SQLAlchemy's connection
        connection.exec_driver_sql("BEGIN IMMEDIATE")  # one that began to read could not go on to write

    return engine


def main() -> None:
    """Serve until ended."""
    engine = _engine(sys.argv[1])
    Base.metadata.create_all(engine)
    app = App(
        signing_secret=SECRET,
        process_before_response=True,
        token_verification_enabled=False,
        authorize=lambda context: AuthorizeResult(
            enterprise_id=context.enterprise_id, team_id=context.team_id, bot_token=TOKEN
        ),
    )
    app.view(CallbackId.REPORT_FORM)(Bot(engine).submitted)
    handler = SlackRequestHandler(app, path=EVENTS_PATH)
    serve(handler, "127.0.0.1", 0, threading.Event(), threads=THREADS, listening=_say)


def _say(url: str) -> None:
    sys.stdout.write(f"{url}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
