"""The table of mail that is kept instead of being sent."""

from piccolo.columns import BigInt, Text, Varchar
from piccolo.table import Table

__all__ = ["MailTable"]


class MailTable(Table, tablename="mails"):
    """Mail of a deployment for development."""

    id = Varchar(primary_key=True)
    recipient = Text()
    subject = Text()
    text = Text()
    created_at = BigInt()
