"""What data owners see of corrections, and what people are told of their decisions."""
