"""An Overpass server of the tests' own: it evaluates the filters and the outline of the query it is sent."""

from __future__ import annotations

import json
import re
import threading
import xml.etree.ElementTree as ElementTree
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import shapely

_STATEMENT = re.compile(r"(node|way|relation)((?:\[[^\]]*\])+)\(poly:['\"]([^'\"]+)['\"]\)")
_FILTER = re.compile(r"""\[\s*(['"])(?P<key>.+?)\1\s*(?:(?P<op>!~|~|!=|=)\s*(['"])(?P<value>.*?)\4)?\s*\]""")


@dataclass
class OsmData:
    """The elements of an OSM XML file, as Overpass writes them in JSON."""

    nodes: dict[int, dict[str, Any]] = field(default_factory=dict)
    ways: dict[int, dict[str, Any]] = field(default_factory=dict)

    @classmethod
    def read(cls, path: Path) -> OsmData:
        data = cls()
        for element in ElementTree.parse(path).getroot():
            tags = {tag.attrib["k"]: tag.attrib["v"] for tag in element.iter("tag")}
            row: dict[str, Any] = {"type": element.tag, "id": int(element.attrib.get("id", 0))}
            if tags:
                row["tags"] = tags
            if element.tag == "node":
                row |= {"lat": float(element.attrib["lat"]), "lon": float(element.attrib["lon"])}
                data.nodes[row["id"]] = row
            elif element.tag == "way":
                row["nodes"] = [int(nd.attrib["ref"]) for nd in element.iter("nd")]
                data.ways[row["id"]] = row
        return data

    def answer(self, query: str) -> list[dict[str, Any]]:
        """Return the elements a query asks for, and the nodes of its ways."""
        found: dict[tuple[str, int], dict[str, Any]] = {}
        for kind, filters, outline in _STATEMENT.findall(query):
            numbers = [float(each) for each in outline.split()]
            area = shapely.Polygon(list(zip(numbers[1::2], numbers[0::2], strict=True)))
            shapely.prepare(area)
            for row in {"node": self.nodes, "way": self.ways, "relation": {}}[kind].values():
                if _passes(row.get("tags", {}), filters) and area.intersects(self._shape(row)):
                    found[row["type"], row["id"]] = row
                    found |= {("node", ref): self.nodes[ref] for ref in row.get("nodes", ()) if ref in self.nodes}
        return sorted(found.values(), key=lambda row: (row["type"], row["id"]))

    def _shape(self, row: dict[str, Any]) -> Any:
        if row["type"] == "node":
            return shapely.Point(row["lon"], row["lat"])
        places = [(self.nodes[ref]["lon"], self.nodes[ref]["lat"]) for ref in row["nodes"] if ref in self.nodes]
        return shapely.LineString(places) if len(places) > 1 else shapely.MultiPoint(places)


def _passes(tags: dict[str, str], filters: str) -> bool:
    found = list(_FILTER.finditer(filters))
    assert "".join(each.group(0) for each in found) == filters, f"a filter this server does not know: {filters}"
    return all(_holds(tags.get(each["key"]), each["op"], each["value"]) for each in found)


def _holds(value: str | None, operator: str | None, wanted: str) -> bool:
    if operator is None:
        return value is not None
    if operator in ("=", "!="):
        return (value == wanted) == (operator == "=")
    matches = value is not None and re.search(wanted, value) is not None
    return matches == (operator == "~")


class OverpassServer:
    """Serves a file on 127.0.0.1; `first` holds answers (status, body) given before the data."""

    def __init__(self, data: OsmData, places: list[dict[str, Any]] | None = None) -> None:
        self.data, self.places = data, places or []
        self.first: list[tuple[int, str]] = []
        self.queries: list[str] = []
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                path = urlsplit(self.path)
                if path.path == "/api/status":
                    self._send(200, "Connected as: 1\nCurrent time: now\nRate limit: 2\n\n2 slots available now.\n")
                elif path.path == "/search":
                    self._send(200, json.dumps(server.places))
                else:
                    self._send(404, "nothing here")

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                query = parse_qs(body)["data"][0]
                server.queries.append(query)
                if self.path != "/api/interpreter":
                    self._send(404, "nothing here")
                elif server.first:
                    self._send(*server.first.pop(0))
                else:
                    self._send(200, json.dumps({"version": 0.6, "elements": server.data.answer(query)}))

            def _send(self, status: int, body: str) -> None:
                content = body.encode()
                self.send_response(status)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *_: object) -> None:
                pass

        self._server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)

    def __enter__(self) -> OverpassServer:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
