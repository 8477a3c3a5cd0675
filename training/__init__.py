"""Makes the analyzer's model from labelled texts, and measures it; never imported at run time."""
