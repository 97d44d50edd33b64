"""The verbs: what the platform does. They know the ports; no framework, no database, no provider."""
