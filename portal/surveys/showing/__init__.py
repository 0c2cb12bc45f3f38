"""How results are told: the same sections, sentences and tables on the page and in documents."""
