"""Every setting of the platform, once, each described."""

from settings.models import Settings, get_settings

__all__ = ["Settings", "get_settings"]
