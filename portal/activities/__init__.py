"""Events, participations and headcounts: what the partners did, and with whom."""
