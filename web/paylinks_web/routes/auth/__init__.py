"""/api/auth: registering, and every way of proving who one is but the password of an admin."""
