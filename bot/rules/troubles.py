"""What may be wrong with the bot itself, as distinct from what people may not do."""

from enum import StrEnum


class DatabaseTrouble(StrEnum):
    """Why the database cannot be used. The values are written to the log."""

    WRONG_PASSWORD = "wrong_password"  # noqa: S105 - the name of a reason
    NO_SUCH_USER = "no_such_user"
    NO_SUCH_DATABASE = "no_such_database"
    NO_SUCH_HOST = "no_such_host"
    NOT_ALLOWED = "not_allowed"
    TLS = "tls"
    UNREACHABLE = "unreachable"
    STARTING = "starting"
    LOST = "lost"
    SILENT = "silent"
    TOO_MANY = "too_many_connections"
    READ_ONLY = "read_only"
    FULL = "full"
    LOCKED = "locked"
    MOVED = "moved"
    NOT_OPENED = "not_opened"
    DAMAGED = "damaged"
    DISK = "disk"
    UNKNOWN = "unknown"
