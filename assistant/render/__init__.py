"""Answers as people see them: tables, charts, notes; and as machines read them."""
