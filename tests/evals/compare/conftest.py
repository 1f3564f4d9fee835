"""How many examples the properties of the comparison are tried on: 200, or 20,000 before a release, with

HYPOTHESIS_PROFILE=thorough python -m pytest tests/evals/compare
"""

import os

from hypothesis import HealthCheck, settings

settings.register_profile("fast", max_examples=200, deadline=None)
settings.register_profile(
    "thorough", max_examples=20_000, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "fast"))
