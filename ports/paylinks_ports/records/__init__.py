"""What the platform remembers: frozen Structs without behaviour, one module a subject. Not plugin API."""
