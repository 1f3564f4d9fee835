"""What a correction goes through: examined, handed in, decided, published, and taken back."""

from assistant.corrections.examine import Examined, examine
from assistant.corrections.publish import settle
from assistant.corrections.submit import submit

__all__ = ["Examined", "examine", "settle", "submit"]
