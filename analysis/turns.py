"""What widgets do is done in turn: JupyterLab hands the messages of two controls to two threads of the kernel."""

from collections.abc import Callable
from functools import wraps
from threading import RLock

_TURN = RLock()  # one for all, since one reader uses them; a handler that sets a control calls another


def in_turn(handle: Callable) -> Callable:
    """A handler that waits until no other one is at work, so that the last choice is the one that is shown."""

    @wraps(handle)
    def waits(*args):
        with _TURN:
            return handle(*args)

    return waits
