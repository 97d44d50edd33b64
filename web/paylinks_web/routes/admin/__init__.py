"""/api/admin: what the people of a brand, or its own servers, see and do."""
