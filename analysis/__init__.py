"""Where They Stand: who said what about a Putin–Zelensky meeting and security guarantees, and how it shifts.

The road in four lines:

    articles = load_articles()
    statements = find_statements(articles)
    positions = tag_positions(statements)
    charts.timeline(positions, topic="meeting")

A name is imported when it is first used, so that `import analysis` costs nothing.
"""

from importlib import import_module

_ROOMS = {
    "corpus": ("load_articles", "duplicates"),
    "adding": ("add", "add_article"),
    "attribution": ("attributions",),
    "statements": ("find_statements",),
    "codebook": ("load_codebook",),
    "positions": ("tag_positions",),
    "trends": (),
    "trends.results": ("load_positions",),
    "charts": (),
    "evidence": ("quotes",),
    "explore.views": (),
    "explore": ("explorer",),
    "codings.coding_store": (),
    "codings.reliability": (),
    "codings.exchange": (),
    "codings.exports": (),
    "coding": (),
    "coding.coding_widget": ("coder",),
    "rerun": (),
    "rerun.moves": (),
    "rerun.moves_told": (),
    "rerun.desk": (),
}
_HOME = {name: room for room, names in _ROOMS.items() for name in names}
_PLACE = {room.rpartition(".")[2]: room for room in _ROOMS}

__all__ = [*_PLACE, *_HOME]


def __getattr__(name: str):
    """Import the room that has the name (PEP 562)."""
    if name in _HOME:
        return getattr(import_module(f"analysis.{_HOME[name]}"), name)
    if name in _PLACE:
        return import_module(f"analysis.{_PLACE[name]}")
    raise AttributeError(f"module 'analysis' has no attribute '{name}'")


def __dir__() -> list[str]:
    return sorted(__all__)
