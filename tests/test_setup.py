"""The set-up: one list of packages in three files, and a Makefile that says what it does."""

import re
import subprocess
import sys
import tomllib

import pytest
import yaml
from packaging.specifiers import SpecifierSet

from analysis.config import ROOT

CONDA_NAMES = {"matplotlib-base": "matplotlib", "playwright-python": "playwright"}
PYPI_ALONE = {"axe-playwright-python"}  # `pip install -e .` brings it into conda's environment
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
LOCK = (ROOT / "requirements.lock").read_text("utf-8")


def packages(requirements):
    """{name: range} of requirements such as "pandas>=3.0,<4"."""
    return dict(re.match(r"([A-Za-z0-9._-]+)(.*)", line).groups() for line in requirements)


def make(*arguments):
    return subprocess.run(["make", *arguments], cwd=ROOT, capture_output=True, text=True, timeout=60)


def test_conda_and_pip_name_the_same_packages_and_ranges():
    environment = yaml.safe_load((ROOT / "environment.yml").read_text("utf-8"))
    assert environment["channels"] == ["conda-forge", "nodefaults"]
    *conda, pip = environment["dependencies"]
    assert pip == {"pip": ["-e ."]}
    conda = packages(conda)
    assert conda.pop("pip") == "" and conda.pop("python") == PROJECT["project"]["requires-python"]
    wanted = packages(PROJECT["project"]["dependencies"])
    assert {CONDA_NAMES.get(name, name): span for name, span in conda.items()} == {
        name: span for name, span in wanted.items() if name not in PYPI_ALONE
    }


def test_lock_covers_every_package_within_its_range():
    project = PROJECT["project"]
    extra = [line.replace("[dataframe]", "") for line in project["optional-dependencies"]["cluster"]]
    wanted = packages(project["dependencies"] + extra + PROJECT["dependency-groups"]["setup"])
    locked = dict(re.findall(r"^([a-z0-9._-]+)==([^ ;]+)", LOCK, re.M))
    for name, span in wanted.items():
        assert locked[name] in SpecifierSet(span), name


def test_lock_has_a_hash_for_each_package_and_names_no_host():
    entries = re.split(r"^(?=[a-z0-9])", LOCK, flags=re.M)[1:]
    assert len(entries) > 100
    assert all("--hash=sha256:" in entry for entry in entries)
    assert "://" not in LOCK and "--index" not in LOCK


def test_help_says_what_each_command_does():
    answer = make("help")
    targets = re.findall(r"^make (\w+) +\S", answer.stdout, re.M)
    assert targets == ["report", "test", "lab", "notebooks", "bench", "lock", "clean", "help"]
    assert make().stdout == answer.stdout


@pytest.mark.parametrize("target", ["report", "test", "lab", "notebooks", "bench"])
def test_targets_start_without_installing_again(target):
    """With nothing to install a target is one command, so that it starts at once."""
    plan = make("-n", "-o", ".venv/.installed", "-o", ".venv/.browser", target)
    assert plan.returncode == 0, plan.stderr
    assert [line for line in plan.stdout.splitlines() if "pip" in line] == []


def test_old_python_is_refused_in_one_line(tmp_path):
    """The check comes before anything is made."""
    for name in ("Makefile", "pyproject.toml", "requirements.lock"):
        (tmp_path / name).write_bytes((ROOT / name).read_bytes())
    answer = subprocess.run(
        ["make", "report", "PYTHON=no-such-python"], cwd=tmp_path, capture_output=True, text=True, timeout=60
    )
    assert answer.returncode == 2
    assert (
        "no-such-python is missing or older than 3.11: make PYTHON=/path/to/a/newer/python" in answer.stderr
    )
    assert not (tmp_path / ".venv").exists()


@pytest.mark.parametrize("what", ["import analysis", "from analysis.__main__ import main; main(['--help'])"])
def test_a_start_imports_nothing_heavy(what):
    """numpy, which all heavy packages bring, takes as long as the rest of a start together."""
    heavy = "('numpy', 'pandas', 'pyarrow', 'matplotlib', 'sklearn', 'scipy', 'nltk', 'yaml', 'IPython')"
    code = f"import sys\ntry:\n    {what}\nfinally:\n    print([m for m in {heavy} if m in sys.modules])"
    answer = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, timeout=60
    )
    assert answer.returncode == 0 and answer.stdout.splitlines()[-1] == "[]"


def test_every_exported_name_exists():
    import analysis

    for name in analysis.__all__:
        assert getattr(analysis, name) is not None, name
    assert set(analysis.__all__) <= set(dir(analysis))
    with pytest.raises(AttributeError, match="no attribute 'nonsense'"):
        analysis.nonsense
