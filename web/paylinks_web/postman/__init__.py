"""The Postman collection, made from the OpenAPI document: a journey through the whole API that tests every answer."""

from .collection import Collection, collect

__all__ = ["Collection", "collect"]
