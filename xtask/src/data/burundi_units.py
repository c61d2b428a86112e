"""Writes the zones of Burundi's communes as `data/places/units.tsv`, from the unpacked wheel of PyPI tburundigeo.

usage: python3 burundi_units.py tburundigeo/data > data/places/units.tsv

The package tells which zone lies in which commune (as of 2025; most communes of before are zones of today), and
no points. A zone is given the place that stands for its commune, by GeoNames' id: the seat of the commune, where
the gazetteer has it. Zones of other communes are left out, and so are names that are those of a commune too. The
columns are id, kind, name, country and where it lies; ids are counted in the order of the package's codes.
"""
import ast
import os
import sys

SEATS = {
    'Bubanza': 428515, 'Bururi': 423328, 'Cankuzo': 427701, 'Cibitoke': 430021, 'Gitega': 426272, 'Isare': 425336,
    'Karus': 428219, 'Kayanza': 430952, 'Kirundo': 432456, 'Makamba': 422232, 'Matana': 423038, 'Mpanda': 428632,
    'Mukaza': 12237757, 'Muramvya': 425551, 'Muyinga': 431748, 'Mwaro': 423794, 'Ngozi': 430569, 'Ntahangwa': 12237758,
    'Rumonge': 423549, 'Rutana': 433635, 'Ruyigi': 426700,
}
FIRST = 100_000


def rows(name):
    with open(os.path.join(sys.argv[1], name), encoding='utf-8') as file:
        tree = ast.parse(file.read())
    return next(ast.literal_eval(node.value) for node in tree.body if isinstance(node, ast.Assign))


communes = {row['code']: row for row in rows('communes.py')}
taken = {name for row in communes.values() for name in (row['name'], row['capital'])}
print('id\tkind\tname\tcountry\twithin')
for number, row in enumerate(sorted(rows('zones.py'), key=lambda row: row['code'])):
    seat = SEATS.get(communes[row['commune_code']]['name'])
    if seat and row['name'] not in taken:
        print(FIRST + number, 'admin3', row['name'].strip(), 'BI', f'g{seat}', sep='\t')
