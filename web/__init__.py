"""The bot's small HTTP face: health, metrics, pictures for the vendor, and its webhook."""
