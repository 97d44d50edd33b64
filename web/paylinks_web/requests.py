"""How bodies are read: strictly, whole, as JSON, and never with a card number in them."""

from typing import Any

import msgspec
from litestar import Request

from paylinks_adapters.cards import contains_card
from paylinks_core.claims import field_message, read_aliases
from paylinks_core.errors import InvalidInput

from .errors import HttpRefusal

__all__ = ["MAX_BODY", "StrictRequest"]

MAX_BODY = 1024 * 1024


class StrictRequest(Request[Any, Any, Any]):
    """Decodes straight into the handler's type; Litestar alone would take "1" for a number and name no field path."""

    async def json(self) -> Any:  # noqa: ANN401 - the handler's own type
        """Read the body.

        Raises:
            InvalidInput: no JSON, or not of the handler's type; `details` names the field.
            HttpRefusal: another media type, or a raw card number.

        """
        media_type = self.content_type[0].lower()
        if media_type != "application/json" and not media_type.endswith("+json"):
            raise HttpRefusal(415, "unsupported_media_type", "The body is not application/json")
        try:
            raw = msgspec.json.decode(await self.body())
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            raise HttpRefusal(400, "invalid_json", "The body is not JSON", details="The body is not JSON") from error
        if contains_card(raw):
            raise HttpRefusal(
                400,
                "raw_card_data",
                "Raw card data is not accepted",
                details="Send a payment token of the provider in place of a card number",
            )
        field = self.route_handler.parsed_data_field
        if field is None:
            return raw
        if isinstance(raw, dict):
            raw = read_aliases(raw)
        try:
            return msgspec.convert(raw, field.annotation)
        except msgspec.ValidationError as error:
            raise InvalidInput(field_message(error)) from error
