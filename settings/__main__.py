"""`python -m settings`: the reference page of all settings, as Markdown."""

from __future__ import annotations

import sys

from settings.reference import settings_page

sys.stdout.write(settings_page())
