"""A model of real size: random weights in the shape of Qwen2.5-1.5B at Q4_K_M take the time of real ones."""
