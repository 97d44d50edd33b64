"""How bodies are read: strictly, whole, as JSON, and never with a card number in them."""

from typing import Any

import msgspec
from litestar import Request
from litestar.datastructures import FormMultiDict
from msgspec import Struct

from paylinks_core.claims import field_message, read_aliases
from paylinks_core.errors import InvalidInput
from paylinks_core.texts import UNFIT, find_unfit, is_fit
from paylinks_ports.card_data import contains_card

from .errors import HttpRefusal

__all__ = ["MAX_BODY", "StrictRequest", "extra_fields"]

MAX_BODY = 1024 * 1024


class StrictRequest(Request[Any, Any, Any]):
    """Decodes straight into the handler's type; Litestar alone would take "1" for a number and name no field path."""

    async def json(self) -> Any:  # noqa: ANN401 - the handler's own type
        """Read the body.

        Raises:
            InvalidInput: not of the handler's type, or a text that can't be kept; `details` names the field.
            HttpRefusal: no JSON, another media type, or a raw card number.

        """
        media_type = self.content_type[0].lower()
        if media_type != "application/json" and not media_type.endswith("+json"):
            raise HttpRefusal(415, "unsupported_media_type", "The body is not application/json")
        try:
            raw = msgspec.json.decode(await self.body())
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            raise HttpRefusal(400, "invalid_json", "The body is not JSON", details="The body is not JSON") from error
        if (name := find_unfit(raw, "body")) is not None:
            raise InvalidInput(f"{name}: {UNFIT}")
        field = self.route_handler.parsed_data_field
        if contains_card(_but_card(raw) if field is not None and _takes_card(field.annotation) else raw):
            raise HttpRefusal(
                400,
                "raw_card_data",
                "Raw card data is not accepted",
                details="Send a payment token of the provider in place of a card number",
            )
        if field is None:
            return raw
        if isinstance(raw, dict):
            raw = read_aliases(raw)
        try:
            return msgspec.convert(raw, field.annotation)
        except msgspec.ValidationError as error:
            raise InvalidInput(field_message(error)) from error

    async def form(self) -> FormMultiDict:
        """Read a form.

        Raises:
            InvalidInput: it is no form, or a text in it can't be kept; `details` names the field.

        """
        try:
            form = await super().form()
        except (ValueError, LookupError) as error:  # text of another encoding than it says
            raise InvalidInput("body: is no form") from error
        for name, text in form.multi_items():
            if not is_fit(name) or (isinstance(text, str) and not is_fit(text)):
                raise InvalidInput(f"{name if is_fit(name) else 'body'}: {UNFIT}")
        return form


def _takes_card(body: object) -> bool:
    """Say whether a body has a field for a card; whether one is taken there is for the verb to say."""
    return "card" in getattr(body, "__struct_fields__", ())


def _but_card(raw: object) -> object:
    return {name: value for name, value in raw.items() if name != "card"} if isinstance(raw, dict) else raw


async def extra_fields(request: Request[Any, Any, Any], body: type[Struct]) -> dict[str, str]:
    """Gather what an integrator sent beside the fields of a body, in a provider's own words; texts and numbers only."""
    raw = msgspec.json.decode(await request.body())
    known = {field.encode_name for field in msgspec.structs.fields(body)}
    return {
        name: str(value)
        for name, value in raw.items()
        if name not in known and isinstance(value, str | int) and not isinstance(value, bool)
    }
