"""Akool's image-to-video API, emulated on loopback by the published description (AKOOL.md).

Nothing in production imports it, and it imports nothing of production but the Clock port. Callers
use `app.AkoolEmulator`, `settings.VendorSettings` and `faults.Faults`.
"""
