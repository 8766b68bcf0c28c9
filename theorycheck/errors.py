"""The one error that a wrong call or a wrong input raises."""


class InputError(ValueError):
    """A call or an input is wrong: one line that names the input, the reason and the mend (exit code 2)."""
