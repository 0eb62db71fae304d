"""Networks kept between runs, keyed by what they were made from. A cache that fails is as good as none."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import tempfile
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

import numpy as np
import platformdirs
from pyproj import CRS

from planner.bilingual import Text
from planner.model import Note
from planner.network.tags import RULES
from planner.network.walk_network import WalkNetwork

#: Raised whenever the same file would give another network than before; the rules about tags speak for themselves.
FORMAT_VERSION = 6

_WORDS = ("crs", "kinds", "notes", "attribution", "own_areas", "lanes_inside")
_ARRAYS = tuple(each.name for each in fields(WalkNetwork) if each.name not in _WORDS)


def cache_folder() -> Path:
    """Return where networks are kept: $PLANNER_CACHE_DIR, or the user's cache folder."""
    return Path(os.environ.get("PLANNER_CACHE_DIR") or platformdirs.user_cache_path("planner")) / "networks"


def cache_file(sources: Sequence[Path], options: Mapping[str, Any]) -> Path:
    """Return where the network of files with this content, read with these options, is kept."""
    key = hashlib.sha256(json.dumps([FORMAT_VERSION, repr(RULES), dict(options)], sort_keys=True).encode())
    for source in sources:
        with source.open("rb") as content:
            key.update(hashlib.file_digest(content, "sha256").digest())
    return cache_folder() / f"{key.hexdigest()[:40]}.npz"


def from_cache(kept: Path) -> WalkNetwork | None:
    """Return the network kept in a file; None where there is none or it cannot be used."""
    try:
        with np.load(kept, allow_pickle=False) as content:
            words = json.loads(str(content["words"]))
            arrays = {name: content[name] for name in _ARRAYS}
            return WalkNetwork(
                crs=CRS.from_wkt(words["crs"]),
                kinds=tuple(words["kinds"]),
                notes=tuple(_note(each) for each in words["notes"]),
                attribution=tuple(words["attribution"]),
                **arrays,
            )
    except (OSError, ValueError, KeyError, TypeError, EOFError, zipfile.BadZipFile):
        return None


def to_cache(network: WalkNetwork, kept: Path) -> None:
    """Keep a network, whole or not at all; quietly not where nothing can be written."""
    words = {
        "crs": network.crs.to_wkt(),
        "kinds": network.kinds,
        "notes": [asdict(note) for note in network.notes],
        "attribution": network.attribution,
    }
    with contextlib.suppress(OSError):
        kept.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=kept.parent, suffix=".part")
        try:
            with os.fdopen(handle, "wb") as part:
                arrays = {each: getattr(network, each) for each in _ARRAYS}
                np.savez(part, words=np.array(json.dumps(words, ensure_ascii=False)), **arrays)
            os.replace(name, kept)
        finally:
            Path(name).unlink(missing_ok=True)


def _note(words: Mapping[str, Any]) -> Note:
    return Note(words["code"], words["level"], Text(**words["text"]), tuple(words["examples"]))
