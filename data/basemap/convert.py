#!/usr/bin/env python3
"""Makes world.txt, the outline that the page's map is drawn from.

    npm pack world-atlas@2.0.2 && tar xf world-atlas-2.0.2.tgz
    python3 data/basemap/convert.py package/countries-50m.json > data/basemap/world.txt

The source is TopoJSON: borders are arcs that neighbours share, so simplifying an arc keeps the
neighbours together. Output, one record a line:

    arc <kind> <points>      kind c: coast, b: border between two countries
    land <rings> <lon> <lat> <size> <name>

<points> is Google's encoded polyline of longitude and latitude in hundredths of a degree. <rings>
are joined by `;`, each a list of arc numbers, `~n` for arc n backwards. <lon> <lat> is where the
name is written, <size> the square root of the area in degrees.
"""

import json
import sys
from collections import Counter

TOLERANCE = 2.0  # hundredths of a degree: about 2 km, one pixel at the closest zoom where land fills the map
LEAST_RING = 40.0  # square hundredths of a degree; smaller islands are left out


def simplified(points):
    """Douglas-Peucker without recursion."""
    if len(points) < 3:
        return points
    closed = points[0] == points[-1]
    keep = {0, len(points) - 1}
    ranges = [(0, len(points) - 1)]
    if closed:
        x, y = points[0]
        far = max(range(len(points)), key=lambda i: (points[i][0] - x) ** 2 + (points[i][1] - y) ** 2)
        keep.add(far)
        ranges = [(0, far), (far, len(points) - 1)]
    while ranges:
        a, b = ranges.pop()
        (ax, ay), (bx, by) = points[a], points[b]
        dx, dy = bx - ax, by - ay
        length = (dx * dx + dy * dy) ** 0.5
        worst, at = 0.0, None
        for i in range(a + 1, b):
            px, py = points[i][0] - ax, points[i][1] - ay
            distance = abs(px * dy - py * dx) / length if length else (px * px + py * py) ** 0.5
            if distance > worst:
                worst, at = distance, i
        if at is not None and worst > TOLERANCE:
            keep.add(at)
            ranges += [(a, at), (at, b)]
    return [points[i] for i in sorted(keep)]


def encoded(points):
    out, last = [], (0, 0)
    for point in points:
        for now, before in zip(point, last):
            value = (now - before) << 1
            value = ~value if value < 0 else value
            while value >= 0x20:
                out.append(chr((0x20 | (value & 0x1F)) + 63))
                value >>= 5
            out.append(chr(value + 63))
        last = point
    return "".join(out)


def area(ring):
    """Signed area and centroid of a closed ring."""
    total = cx = cy = 0.0
    for (x0, y0), (x1, y1) in zip(ring, ring[1:] + ring[:1]):
        cross = x0 * y1 - x1 * y0
        total += cross
        cx += (x0 + x1) * cross
        cy += (y0 + y1) * cross
    if not total:
        return 0.0, ring[0]
    return total / 2, (cx / (3 * total), cy / (3 * total))


def main():
    topology = json.load(open(sys.argv[1], encoding="utf-8"))
    (sx, sy), (tx, ty) = topology["transform"]["scale"], topology["transform"]["translate"]
    arcs = []
    for arc in topology["arcs"]:
        x = y = 0
        points = []
        for dx, dy in arc:
            x, y = x + dx, y + dy
            point = (round((x * sx + tx) * 100), round((y * sy + ty) * 100))
            if not points or points[-1] != point:
                points.append(point)
        arcs.append(simplified(points))

    def joined(ring):
        points = []
        for index in ring:
            arc = arcs[index] if index >= 0 else arcs[~index][::-1]
            points += arc[1:] if points else arc
        return points

    lands, uses = [], Counter()
    for country in topology["objects"]["countries"]["geometries"]:
        name = country["properties"]["name"]
        if name == "Antarctica" or not country.get("arcs"):
            continue
        polygons = country["arcs"] if country["type"] == "MultiPolygon" else [country["arcs"]]
        measured = [(ring, *area(joined(ring))) for polygon in polygons for ring in polygon]
        largest = max(measured, key=lambda one: abs(one[1]))
        kept = [one for one in measured if abs(one[1]) >= LEAST_RING or one is largest]
        for ring, _, _ in kept:
            uses.update(index if index >= 0 else ~index for index in ring)
        lands.append((name, [ring for ring, _, _ in kept], largest[2], abs(largest[1]) ** 0.5 / 100))

    number = {}
    for index, arc in enumerate(arcs):
        if uses[index]:
            number[index] = len(number)
            print("arc", "b" if uses[index] > 1 else "c", encoded(arc))
    reference = lambda index: str(number[index]) if index >= 0 else "~" + str(number[~index])
    for name, rings, (x, y), size in sorted(lands):
        rings = ";".join(",".join(map(reference, ring)) for ring in rings)
        print("land", rings, round(x / 100, 2), round(y / 100, 2), round(size, 1), name)


main()
