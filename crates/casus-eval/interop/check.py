"""Reads exports of 1,000 made incidents with the programs that people use. Any warning is an error.

    python3 -m venv env && env/bin/pip install -r crates/casus-eval/interop/requirements.txt
    env/bin/python crates/casus-eval/interop/check.py target/release/casus target/release/casus-eval

pandas and DuckDB read the files themselves, the latter with its own guess of dialect and types. R is
stood in for by its rules for read.csv: the same number of fields on every line, names that make.names
leaves as they are or changes without a clash, quotes that are closed on their line, columns that
type.convert takes for one type. GeoJSON goes through GDAL, which is what QGIS reads it with. STIX
is parsed by OASIS's library.
"""

import csv
import json
import re
import subprocess
import sys
import tempfile
import warnings
from pathlib import Path

import duckdb
import geopandas
import pandas
import stix2

warnings.simplefilter("error")

TABLES = ["acled", "ucdp-ged", "gtd", "cameo", "hxl"]
COLUMNS = {"acled": 31, "ucdp-ged": 49, "gtd": 135, "cameo": 15, "hxl": 27}


def run(*command):
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"{command}: status {done.returncode}\n{done.stderr}")


def check(condition, what):
    if not condition:
        sys.exit(f"failed: {what}")


def with_pandas(path, profile):
    frame = pandas.read_csv(path, skiprows=[1] if profile == "hxl" else None, low_memory=False)
    check(frame.shape[1] == COLUMNS[profile], f"pandas: {profile} has {frame.shape[1]} columns")
    if profile == "acled":
        pandas.to_datetime(frame["event_date"], format="%Y-%m-%d")
        frame["fatalities"].sum()
    if profile == "ucdp-ged":
        check((frame["low"] <= frame["high"])[frame["best"].notna()].all(), "GED: low is above high")
    return len(frame)


def with_duckdb(path, profile):
    skip = ", skip=2, header=false" if profile == "hxl" else ", header=true"
    table = duckdb.sql(f"SELECT * FROM read_csv('{path}', sample_size=-1, strict_mode=true{skip})")
    check(len(table.columns) == COLUMNS[profile], f"DuckDB: {profile} has {len(table.columns)} columns")
    return len(table.fetchall())


def make_names(name):
    name = re.sub(r"[^A-Za-z0-9._]", ".", name)
    return name if re.match(r"[A-Za-z.]", name) else "X" + name


def with_r(path, profile):
    lines = path.read_text(encoding="utf-8").split("\n")
    check(lines.pop() == "", "R: the last line is not closed")
    fields = list(csv.reader(lines, strict=True))
    check(len(fields) == len(lines), "R: a quoted field goes over a line")
    check({len(row) for row in fields} == {COLUMNS[profile]}, "R: lines have different numbers of fields")
    names = [make_names(name) for name in fields[0]]
    check(len(set(names)) == len(names), "R: names clash")
    return len(fields) - (2 if profile == "hxl" else 1)


def main(casus, casus_eval):
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        events = folder / "events.jsonl"
        run(casus_eval, "made", "--count", 1000, "--output", events)
        check(events.read_text(encoding="utf-8").count("\n") == 1000, "1,000 incidents")
        for profile in TABLES:
            path = folder / f"{profile}.csv"
            run(casus, "export", "--profile", profile, events, "-o", path, "--quiet")
            rows = {with_pandas(path, profile), with_duckdb(path, profile), with_r(path, profile)}
            check(len(rows) == 1, f"{profile}: rows differ: {rows}")
            print(f"{profile:10} {rows.pop():5} rows: pandas, DuckDB and R's rules agree")
        path = folder / "plover.jsonl"
        run(casus, "export", "--profile", "plover", events, "-o", path, "--quiet")
        rows = len(pandas.read_json(path, lines=True, dtype=False))
        check(rows == len(duckdb.sql(f"SELECT * FROM read_json('{path}')").fetchall()), "plover: rows differ")
        print(f"plover     {rows:5} rows: pandas and DuckDB agree")
        path = folder / "bundle.json"
        run(casus, "export", "--profile", "stix", events, "-o", path, "--quiet")
        bundle = stix2.parse(json.loads(path.read_text(encoding="utf-8")), allow_custom=True)
        print(f"stix       {len(bundle.objects):5} objects: parsed by stix2")
        for name in ["events.csv", "events.parquet", "events.geojson"]:
            run(casus_eval, "made", "--count", 1000, "--output", folder / name)
        flat = pandas.read_csv(folder / "events.csv", low_memory=False)
        parquet = duckdb.sql(f"SELECT * FROM read_parquet('{folder}/events.parquet')").fetchall()
        check(len(flat) == len(parquet) == 1000, "CSV and Parquet have 1,000 rows")
        places = geopandas.read_file(folder / "events.geojson", engine="pyogrio")
        check(places["event_id"].nunique() == 1000, "GeoJSON has every incident")
        check(places.crs.to_epsg() == 4326 and places.geometry.dropna().is_valid.all(), "GeoJSON is valid")
        print(f"geojson    {len(places):5} features: GDAL reads them as QGIS does")


if __name__ == "__main__":
    main(*sys.argv[1:])
