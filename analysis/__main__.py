"""The command line: python -m analysis add | rerun | tag | attribute | report | notebooks | check | train."""

import argparse
import os
import sys
from importlib import import_module
from pathlib import Path

from analysis.config import MODELS, InputError

TRAINERS = {"attribution": "analysis.attribution.train_attribution", "stance": "analysis.positions.train_stance"}


def main(arguments: list[str] | None = None) -> int:
    """Run one command. Status 0: all done; 1: some input was left out or is wrong; 2: wrong usage."""
    options = parser().parse_args(arguments)
    try:
        problems = options.run(options)
    except InputError as error:
        problems = [error]
    except OSError as error:
        problems = [f"{error.filename or 'output'}: {error.strerror or error}"]
    except KeyboardInterrupt:
        print("stopped", file=sys.stderr)
        return 130
    for problem in problems:
        print(problem, file=sys.stderr)
    return 1 if problems else 0


def parser() -> argparse.ArgumentParser:
    """All commands with their options. Nothing heavy is imported before a command runs."""
    main_parser = argparse.ArgumentParser(
        prog="python -m analysis", description="Who stands where, and how it shifts."
    )
    commands = main_parser.add_subparsers(required=True, metavar="COMMAND")

    add = _command(commands, run_add, "add", "new articles into data/local, nothing twice")
    add.add_argument("paths", nargs="+", type=Path, metavar="PATH", help="articles, or folders of them")
    for field in ("date", "publisher", "url", "headline"):
        add.add_argument(f"--{field}", help="where the file does not say it, or says it wrongly")
    add.add_argument("--metadata", type=Path, metavar="INDEX.csv", help="as for tag")

    _command(commands, run_rerun, "rerun", "tag what is new in data/, and say what moved since the last time")

    tag = _command(commands, run_tag, "tag", "positions in articles, as one table or by month")
    tag.add_argument("paths", nargs="+", type=Path, metavar="PATH", help="articles, or folders of them")
    tag.add_argument(
        "--output",
        required=True,
        type=_suffixed(".csv", ".parquet", ""),
        metavar="FILE_OR_FOLDER",
        help="the table, .csv or .parquet, or a folder: Parquet by month",
    )
    tag.add_argument(
        "--metadata",
        type=Path,
        metavar="INDEX.csv",
        help="date, publisher, headline (or title) and url by article_id",
    )
    tag.add_argument("--resume", action="store_true", help="go on where an interrupted run stopped")
    tag.add_argument(
        "--scheduler", metavar="ADDRESS", help="of a Dask scheduler whose workers do it, as in tcp://host:8786"
    )

    attribute = _command(commands, run_attribute, "attribute", "who said what, as offsets into the raw text")
    attribute.add_argument(
        "paths",
        nargs="+",
        type=Path,
        metavar="PATH",
        help='.jsonl lines with "article" and "text", .txt, .md, or folders of them',
    )
    attribute.add_argument("--output", required=True, type=_suffixed(".jsonl"), metavar="FILE.jsonl")

    report = _command(commands, run_report, "report", "run every notebook and write the site")
    report.add_argument(
        "--articles",
        nargs="+",
        type=Path,
        metavar="PATH",
        help="these articles in place of data/articles and data/local",
    )
    report.add_argument("--metadata", type=Path, metavar="INDEX.csv", help="as for tag")
    report.add_argument(
        "--output",
        type=Path,
        default=Path("build/site"),
        metavar="DIR",
        help="the folder of the site (default: build/site), or the file with --notebook",
    )
    report.add_argument("--notebook", metavar="NAME", help="this notebook alone, as one file to mail: 3-positions")

    _command(commands, run_notebooks, "notebooks", "run the notebooks again, outputs kept in place")
    _command(commands, run_check, "check", "check every file in data/")

    train = _command(commands, run_train, "train", "learn a model anew and write it to data/models")
    train.add_argument("model", choices=["attribution", "stance"])
    train.add_argument(
        "path",
        nargs="?",
        type=Path,
        metavar="PATH",
        help="attribution: annotated articles, .jsonl; stance: a further folder with coded.csv",
    )
    return main_parser


def _command(commands, run, name: str, help_text: str) -> argparse.ArgumentParser:
    command = commands.add_parser(
        name, help=help_text, description=help_text[0].upper() + help_text[1:] + "."
    )
    command.set_defaults(run=run, error=command.error)
    return command


def _suffixed(*suffixes: str):
    def path(text: str) -> Path:
        if Path(text).suffix.lower() not in suffixes:
            ends = " or ".join(filter(None, suffixes)) + ", or have no ending" * ("" in suffixes)
            raise argparse.ArgumentTypeError(f"{text}: the name must end in {ends}")
        return Path(text)

    return path


def run_add(options) -> list:
    """New articles into data/local; one line says what became of each. A double is no problem."""
    from analysis.adding import add

    fields = ("date", "publisher", "url", "headline", "metadata")
    table = add(options.paths, **{field: getattr(options, field) for field in fields})
    for row in table.to_dict("records"):
        found = [
            f"{row['date']:%Y-%m-%d}" if row["date"] == row["date"] else "no date",
            row["publisher"],
            row["headline"],
        ]
        name = row["file" if row["outcome"] == "refused" else "article_id"]
        print(f"{row['outcome']}: {name} ({row['reason'] or ', '.join(map(str, found))})")
    return _problems(table.attrs["problems"], table.attrs["left_out"])


def run_rerun(options) -> list:
    """What moved since the last rerun; the first time, what data/local moves."""
    from analysis import load_articles, rerun
    from analysis.rerun import moves_told

    articles = load_articles()
    before = rerun.last() or rerun.rerun(articles[~rerun.own(articles)])
    after = rerun.rerun(articles)
    print(*moves_told.sentences(before, after), sep="\n")
    problems = _problems(articles.attrs["problems"], articles.attrs["left_out"])
    try:
        rerun.remember(after)
    except OSError as error:  # what moved would be told again
        problems.append(InputError(error.filename, f"not kept: {error.strerror}"))
    return problems


def run_tag(options) -> list:
    """The positions table of the given articles."""
    # Arrow's own allocator keeps much of what passes through: 314 MB where the system's needs 222.
    os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "system")
    from analysis.tagging import tag

    done = tag(
        options.paths,
        options.output,
        metadata=options.metadata,
        resume=options.resume,
        scheduler=options.scheduler,
    )
    before = f", {done.kept} parts from the earlier run" if done.kept else ""
    print(f"{options.output}: {done.positions} positions in {done.articles} articles{before}")
    for file in sorted(done.undated - {problem["file"] for problem in done.problems}):
        print(f"{file}: no date (kept; left out of charts over time)", file=sys.stderr)
    return _problems(done.problems, done.left_out)


def _problems(problems, left_out) -> list[InputError]:
    """What was wrong in reading articles; says too which files hold none."""
    for file in left_out:
        print(f"{file['file']}: left out: {file['reason']}", file=sys.stderr)
    return [InputError(problem["file"], problem["reason"], problem["line"]) for problem in problems]


def run_attribute(options) -> list:
    """Attributions with offsets into the raw text."""
    from analysis.attribution.spans import attribute

    count, left_out = attribute(options.paths, options.output)
    print(f"{options.output}: {count} articles")
    return left_out


def run_report(options) -> list:
    """The site."""
    print("Running the notebooks", flush=True)
    from analysis.report import report

    return report(options.articles, options.output, metadata=options.metadata, notebook=options.notebook)


def run_notebooks(options) -> list:
    """The notebooks, run again in place."""
    print("Running the notebooks", flush=True)
    from analysis.report.notebooks import run_in_place

    run_in_place()
    return []


def run_check(options) -> list:
    """Every problem in data/; warnings are shown and do not count."""
    from analysis.check import check

    problems = check()
    for problem in problems:
        if problem.warning:
            print(problem, file=sys.stderr)
    return [problem for problem in problems if not problem.warning]


def run_train(options) -> list:
    """A model learned anew."""
    if options.model == "attribution" and not options.path:
        options.error("train attribution needs the PATH of annotated articles")
    import_module(TRAINERS[options.model]).train(options.path)
    print(f"{options.model} model written to {MODELS}")
    return []


if __name__ == "__main__":
    sys.exit(main())
