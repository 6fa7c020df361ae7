"""What README.md and data/README.md say is true: commands run, examples run, tables are complete."""

import re
import shlex
import shutil
import subprocess

import pandas as pd
import pytest
import yaml
from matplotlib.figure import Figure

from analysis import find_statements, load_articles, load_codebook, tag_positions
from analysis.__main__ import main, parser
from analysis.config import ARTICLES, CODED, DATA, ROOT
from analysis.corpus import ARTICLE_COLUMNS
from analysis.output import write_months
from analysis.positions import POSITION_COLUMNS
from analysis.statements import STATEMENT_COLUMNS

README = (ROOT / "README.md").read_text("utf-8")
ELSEWHERE = " report| add | --scheduler"  # commands that are run by other tests
DICTIONARY = (DATA / "README.md").read_text("utf-8")


def blocks(language):
    """The code blocks of README.md in one language."""
    return re.findall(rf"^```{language}\n(.*?)^```", README, re.M | re.S)


def commands(prefix):
    return [line for block in blocks("sh") for line in block.splitlines() if line.startswith(prefix)]


def section(title):
    """The text of data/README.md under one heading."""
    return re.search(rf"^### {re.escape(title)}.*?\n(.*?)(?=^##|\Z)", DICTIONARY, re.M | re.S)[1]


def fields(title):
    """What the first column of a section's table names."""
    rows = re.findall(r"^\| (`[^|]*`) \|", section(title), re.M)
    return [name for row in rows for name in re.findall(r"`([^`]+)`", row)]


def test_make_commands_exist():
    targets = re.findall(r"`?make (\w+)", README)
    assert {"report", "test", "lab", "notebooks", "lock"} <= set(targets)
    for target in targets:
        plan = subprocess.run(["make", "-n", target], cwd=ROOT, capture_output=True, text=True, timeout=60)
        assert plan.returncode == 0, plan.stderr


@pytest.mark.parametrize(
    "line", [line for line in commands("python -m analysis") if not re.search(ELSEWHERE, line)]
)
def test_commands_run(line, tmp_path, monkeypatch):
    monkeypatch.chdir(ROOT)
    arguments = [word.replace("build/", f"{tmp_path}/") for word in shlex.split(line)[3:]]
    assert main(arguments) == 0
    if "--output" in arguments:
        written = [path for path in tmp_path.rglob("*") if path.is_file()]
        assert sum(path.stat().st_size for path in written) > 10_000


def test_the_other_commands_are_understood():
    """They are run in test_report.py, test_main.py and test_cluster.py."""
    add, report, cluster = [line for line in commands("python -m analysis") if re.search(ELSEWHERE, line)]
    assert str(parser().parse_args(shlex.split(report)[3:]).output) == "build/site"
    assert parser().parse_args(shlex.split(add)[3:]).publisher == "The Paper"
    assert parser().parse_args(shlex.split(cluster)[3:]).scheduler == "tcp://127.0.0.1:8786"


def test_python_example_runs(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    code, _, larger = blocks("python")
    names = {}
    exec(code, names)
    assert len(names["articles"]) >= 109 and set(names["positions"].topic) >= {
        "meeting",
        "security_guarantees",
    }
    assert isinstance(names["figure"], Figure) and "n = " in names["figure"].caption
    write_months([names["positions"]], tmp_path / "build" / "months")
    exec(larger, names)


def test_dask_example_runs(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    articles = load_articles().head(6)
    (tmp_path / "articles").mkdir()
    articles.to_parquet("articles/1.parquet")
    _, code, _ = blocks("python")
    exec(code, {})
    pd.testing.assert_frame_equal(
        pd.read_parquet("positions"), tag_positions(find_statements(articles)), check_index_type=False
    )


def test_a_topic_is_added_by_the_example_alone(tmp_path):
    [entry] = blocks("yaml")
    text = (DATA / "codebook.yaml").read_text("utf-8")
    path = tmp_path / "codebook.yaml"
    path.write_text(text.replace("\ntopics:\n", f"\ntopics:\n{entry}", 1), "utf-8")
    assert list(load_codebook(path).topics)[0] == "sanctions"
    article = tmp_path / "2025-09-01-sanctions.txt"
    article.write_text(
        "“We need new sanctions on Russia,” Kaja Kallas said on Monday in Brussels.\n\n"
        "Dmitry Peskov rejected the sanctions. “These sanctions are unacceptable,” the spokesman said.\n"
    )
    positions = tag_positions(find_statements(load_articles(article)), codebook=load_codebook(path))
    found = set(
        positions.loc[positions.topic == "sanctions", ["speaker", "stance"]].itertuples(
            index=False, name=None
        )
    )
    assert found >= {("Kaja Kallas", "support"), ("Dmitry Peskov", "oppose")}


def test_each_dependency_has_its_reason():
    import tomllib

    wanted = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["dependencies"]
    table = README.split("## Dependencies")[1].split("\n## ")[0]
    assert re.findall(r"^\| ([a-z][\w-]*) \| \S", table, re.M)[1:] == [
        re.match(r"[\w-]+", w)[0] for w in wanted
    ]


def test_each_notebook_has_its_link():
    links = re.findall(r"^\| \[([\w-]+)\]\(notebooks/\1\.ipynb\) \| \S", README, re.M)
    assert links == sorted(path.stem for path in (ROOT / "notebooks").glob("*.ipynb"))


def test_links_to_files_lead_somewhere():
    for text, folder in ((README, ROOT), (DICTIONARY, DATA)):
        for link in re.findall(r"\]\((?!https?:)([^)#]+)", text):
            assert (folder / link).exists(), link


def test_every_file_of_data_is_described():
    described = re.findall(r"^\| \[?([\w./-]+)\]?", DICTIONARY.split("## Data card")[0], re.M)
    shown = [path for path in DATA.iterdir() if not path.name.startswith(".")]
    present = {path.name + "/" * path.is_dir() for path in shown} - {"README.md"}
    assert present <= set(described) and "local/" in described


def test_counts_of_the_shipped_data():
    table = dict(re.findall(r"^\| \[([\w./]+)\]\([\w./]+\) \|[^|]*\| (\d+) \|", DICTIONARY, re.M))
    counts = {f"{name}.csv": str(len(pd.read_csv(DATA / f"{name}.csv"))) for name in ("coded", "events")}
    assert table == counts | {"articles/": str(len(load_articles(ARTICLES)))}


def test_months_are_as_counted():
    articles = load_articles(ARTICLES)
    articles["month"] = articles.date.dt.strftime("%Y-%m")
    coded = pd.read_csv(CODED)
    months = pd.period_range(articles.month.min(), articles.month.max(), freq="M").strftime("%Y-%m")
    counts = (
        pd.DataFrame(
            {
                "digests": articles.groupby("month").size(),
                "publishers": articles.groupby("month").publisher.nunique(),
                "coded": articles[articles.article_id.isin(coded.article_id)].groupby("month").size(),
                "codings": coded.merge(articles[["article_id", "month"]]).groupby("month").size(),
            }
        )
        .reindex(months)
        .fillna(0)
        .astype(int)
    )
    lines = [
        f"| {month} | " + " | ".join(map(str, row)) + " |"
        for month, row in zip(counts.index, counts.values, strict=True)
    ]
    assert re.findall(r"^\| 20\d\d-\d\d \|.*", DICTIONARY, re.M) == lines


def test_every_column_is_in_the_dictionary():
    assert fields("Articles: ") == ARTICLE_COLUMNS
    assert sorted(fields("Statements: ")) == sorted(STATEMENT_COLUMNS)
    assert sorted(STATEMENT_COLUMNS + fields("Positions: ")) == sorted(POSITION_COLUMNS)
    for name in ("coded", "speakers", "countries", "titles", "events"):
        assert fields(f"{name}.csv") == list(pd.read_csv(DATA / f"{name}.csv", nrows=0)), name
    assert sorted(fields("codebook.yaml")) == sorted(
        yaml.safe_load((DATA / "codebook.yaml").read_text("utf-8"))
    )


def test_make_clean_leaves_data_alone(tmp_path):
    shutil.copy(ROOT / "Makefile", tmp_path)
    for name in ("data/local/mine.txt", "build/site/index.html", ".venv/bin/python"):
        (tmp_path / name).parent.mkdir(parents=True)
        (tmp_path / name).write_text("x")
    subprocess.run(["make", "clean"], cwd=tmp_path, check=True, capture_output=True, timeout=60)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["Makefile", "data"]
    assert (tmp_path / "data/local/mine.txt").exists()
