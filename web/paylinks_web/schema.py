"""What Litestar leaves out of the OpenAPI of msgspec Structs: their words, and that unknown fields are refused."""

import inspect
from typing import TYPE_CHECKING

import msgspec
from litestar._openapi.schema_generation.plugins.struct import StructSchemaPlugin
from litestar.openapi.spec import Schema
from litestar.typing import FieldDefinition

if TYPE_CHECKING:
    from litestar._openapi.schema_generation.schema import SchemaCreator

__all__ = ["StructSchema"]


class StructSchema(StructSchemaPlugin):
    """Litestar's own plugin for Structs, with two things more."""

    def to_openapi_schema(self, field_definition: FieldDefinition, schema_creator: "SchemaCreator") -> Schema:
        """Describe one Struct."""
        schema = super().to_openapi_schema(field_definition, schema_creator)
        schema.description = (inspect.getdoc(field_definition.type_) or "").partition("\n")[0] or None
        info = msgspec.inspect.type_info(field_definition.type_)
        if isinstance(info, msgspec.inspect.StructType) and info.forbid_unknown_fields:
            schema.additional_properties = False
        return schema
