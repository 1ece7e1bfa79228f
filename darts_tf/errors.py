"""What a user can mend."""


class UserError(ValueError):
    """Something in the input or the surroundings stops the work.

    The message is one line: what was wrong and what to do. Binaries print it
    without a traceback.
    """
