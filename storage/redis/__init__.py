"""Redis: progress and caches. May vanish at any time; nothing is lost."""
