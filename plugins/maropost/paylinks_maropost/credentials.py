"""What a merchant enters to have orders told to Maropost Marketing Cloud."""

from typing import Annotated

from msgspec import Meta

from paylinks_ports import Credentials, Plain, Secret

__all__ = ["MaropostCredentials"]

AccountId = Annotated[
    Plain,
    Meta(
        # It becomes part of the path of every call.
        pattern="^[0-9]+$",
        title="Account ID",
        description="Maropost, the number after /accounts/ in the address of every page",
    ),
]
ApiKey = Annotated[
    Secret,
    Meta(
        pattern="^[A-Za-z0-9_-]+$",
        title="API Key",
        description="Maropost, Settings, Connections: the auth token of a user who may use the API",
    ),
]
ListId = Annotated[
    Plain,
    Meta(
        pattern="^[0-9]+$",
        title="Default list id",
        description="Maropost, Contacts, Lists: where customers who agree are subscribed when the brand has chosen no "
        "list",
    ),
]


class MaropostCredentials(Credentials, frozen=True, kw_only=True, rename="camel"):
    """The account and its auth token (Maropost knowledge base, "REST APIs"), and the list for customers who agree."""

    account_id: AccountId
    api_key: ApiKey
    default_list_id: ListId | None = None
