"""The life of an order: states, use cases and the engine that moves them; no driver in here."""
