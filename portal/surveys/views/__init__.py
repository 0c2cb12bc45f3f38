"""Pages of studies, and the pages on which people answer."""
