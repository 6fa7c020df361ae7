"""Model files: arrays without pickle, and beside each a .json with its SHA-256, so that damage is seen."""

import hashlib
import io
import json
from pathlib import Path

import numpy as np

from analysis.config import InputError


def read_arrays(path: Path, *, rebuild: str = "git checkout data/models") -> dict[str, np.ndarray]:
    """Arrays of a model file whose SHA-256 agrees with the .json beside it.

    Raises InputError, with the command that rebuilds the file, where it is missing or damaged."""
    about = path.with_suffix(".json")
    try:
        data, expected = path.read_bytes(), json.loads(about.read_text(encoding="utf-8"))["sha256"]
    except FileNotFoundError as error:
        raise InputError(error.filename, f"no such model file; rebuild it with: {rebuild}") from None
    except (ValueError, KeyError, TypeError):
        raise InputError(about, f"damaged; rebuild it with: {rebuild}") from None
    if hashlib.sha256(data).hexdigest() != expected:
        raise InputError(path, f"damaged: its SHA-256 is not that of {about.name}; rebuild it with: {rebuild}")
    with np.load(io.BytesIO(data), allow_pickle=False) as file:
        return {name: file[name] for name in file.files}


def write_arrays(path: Path, arrays: dict[str, np.ndarray], about: dict) -> None:
    """Write a model file and the .json beside it: about, and the SHA-256 of the file."""
    buffer = io.BytesIO()
    np.savez_compressed(buffer, **arrays)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(buffer.getvalue())
    about = about | {"sha256": hashlib.sha256(buffer.getvalue()).hexdigest()}
    path.with_suffix(".json").write_text(json.dumps(about, indent=1) + "\n", encoding="utf-8")


def pack(words: list[str]) -> np.ndarray:
    """A list of words (without line breaks) as an array of bytes."""
    return np.frombuffer("\n".join(words).encode(), np.uint8)


def unpack(array: np.ndarray) -> list[str]:
    return array.tobytes().decode().split("\n")
