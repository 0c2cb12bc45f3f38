"""What a study's answers say: pure functions from arrays of answers to the analysis as interfaces write it.

Only what analyses may import this package: it loads numpy and scipy.
"""
