"""theorycheck: pytest for theorems."""
