"""Faults a person can mend: shown as a message, never as a traceback."""


class ForecastError(Exception):
    """A fault in what was asked for, with a message that says what, where and what to do."""


class Interrupted(KeyboardInterrupt):
    """Ctrl-C during a run, with a sentence that says what is kept."""
