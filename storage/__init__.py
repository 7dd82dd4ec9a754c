"""Everything the bot must not forget: the only package that contains SQL."""
