"""The console in the browser: ask, review, quality, knowledge, evals."""
