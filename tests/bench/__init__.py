"""How long a question takes, and where the time goes: `python -m tests.bench [questions|cold|memory|big]`."""
