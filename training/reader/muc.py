"""Turns the keys of MUC-4 into what the reader learns from: spans with a role, the templates and entities they belong
to, and the attributes that the key gives them.

A key names strings, not places in the text. Of several places where a string stands the one is taken that is nearest
to the template's other words; the rest is ignored, neither right nor wrong.
"""

import json
import re

ROLES = ["perp_ind", "perp_org", "target", "victim_name", "victim", "weapon", "place"]
ATTRIBUTES = {
    "event": ["attack", "bombing", "kidnapping", "arson", "robbery", "forced work stoppage"],
    "stage": ["ACCOMPLISHED", "ATTEMPTED", "THREATENED"],
    "person": ["CIVILIAN", "POLITICAL FIGURE", "GOVERNMENT OFFICIAL", "LAW ENFORCEMENT", "LEGAL OR JUDICIAL",
               "ACTIVE MILITARY", "SECURITY GUARD", "FORMER GOVERNMENT OFFICIAL", "DIPLOMAT",
               "FORMER ACTIVE MILITARY"],
    "harm": ["none", "DEATH", "INJURY", "NO INJURY OR DEATH", "REGAINED FREEDOM"],
    "thing": ["COMMERCIAL", "OTHER", "TRANSPORT VEHICLE", "ENERGY", "GOVERNMENT OFFICE OR RESIDENCE",
              "COMMUNICATIONS", "ORGANIZATION OFFICE", "FINANCIAL", "CIVILIAN RESIDENCE",
              "DIPLOMAT OFFICE OR RESIDENCE", "POLITICAL FIGURE OFFICE OR RESIDENCE", "TRANSPORTATION ROUTE",
              "LAW ENFORCEMENT FACILITY", "WATER"],
    "damage": ["none", "SOME DAMAGE", "DESTROYED", "NO DAMAGE"],
    "blame": ["REPORTED AS FACT", "SUSPECTED OR ACCUSED", "CLAIMED OR ADMITTED",
              "SUSPECTED OR ACCUSED BY AUTHORITIES", "POSSIBLE"],
    "state": ["TERRORIST ACT", "STATE-SPONSORED VIOLENCE"],
}
SAME_HARM = {"NO INJURY": "NO INJURY OR DEATH", "NO DEATH": "NO INJURY OR DEATH"}
WORD = re.compile(r"\S+")


def first(value):
    return value["alts"][0] if isinstance(value, dict) else value


def occurrences(text, name):
    """Byte-exact places of a name, over line breaks."""
    words = WORD.findall(name)
    if not words:
        return []
    pattern = r"(?<![A-Za-z0-9])" + r"[\s\"\[\]()]+".join(re.escape(w) for w in words) + r"(?![A-Za-z0-9])"
    return [m.span() for m in re.finditer(pattern, text, re.I)]


def label(attribute, value):
    if value is None:
        return -100
    value = SAME_HARM.get(value, value)
    names = ATTRIBUTES[attribute]
    return names.index(value) if value in names else -100


def entities(template):
    for e in template["perp_individuals"]:
        yield "perp_ind", e["names"], {}, e.get("optional", False)
    for e in template["perp_orgs"]:
        blame = e.get("confidence") or [None]
        yield "perp_org", e["names"], {"blame": label("blame", first(blame[0]) if blame[0] else None)}, e.get("optional", False)
    for e in template["physical_targets"]:
        kind, effect = e.get("type") or [None], e.get("effect")
        yield ("target", e["names"],
               {"thing": label("thing", first(kind[0]) if kind[0] else None),
                "damage": label("damage", first(effect[0]) if effect else "none")}, e.get("optional", False))
    for e in template["human_targets"]:
        kind, effect = e.get("type") or [None], e.get("effect")
        attributes = {"person": label("person", first(kind[0]) if kind[0] else None),
                      "harm": label("harm", first(effect[0]) if effect else "none")}
        described = [d for group in e.get("descriptions", []) for d in group]
        yield "victim_name", e["names"], attributes, e.get("optional", False)
        yield "victim", described, attributes, e.get("optional", False)
    for e in template["instruments"]:
        yield "weapon", e["names"], {}, e.get("optional", False)
    if template["location"] and template["location"]["chains"]:
        for level in template["location"]["chains"][0][1:]:
            level = level[0] if isinstance(level, list) else level
            yield "place", [level["name"]], {}, False


def fillers(document):
    """What the key names, an entry an entity: role, names, attributes, whether it is optional, number of its template,
    number of the entity."""
    entity = 0
    for number, template in enumerate(document["full_templates"]):
        kinds = [k.lower() for k in template["incident_type"]]
        own = {"event": label("event", kinds[0].split(" / ")[0] if kinds else None),
               "stage": label("stage", template["stage"][0] if template["stage"] else None)}
        state = label("state", first(template["perp_category"][0]) if template["perp_category"] else None)
        for role, names, attributes, optional in entities(template):
            entity += role != "victim"  # whoever is described is whoever was named
            attributes = own | attributes
            if role.startswith("perp"):
                attributes["state"] = state
            yield role, names, attributes, optional or template.get("optional", False), number, entity


def spans(document):
    """Returns (spans, ignored character ranges). A span: start, end and role."""
    text = document["text"]
    found, ignored = {}, []
    for template in document["full_templates"]:
        optional_template = template.get("optional", False)
        mentions, sure = [], []
        for role, names, _, optional in entities(template):
            for name in names:
                places = occurrences(text, name)
                if name in template["spans"] and not places:
                    places = [tuple(template["spans"][name])]
                if not places:
                    continue
                mentions.append((role, places, optional or optional_template))
                if len(places) == 1:
                    sure.append(places[0][0])
        if not sure:
            sure = [m[1][0][0] for m in mentions]
        for role, places, optional in mentions:
            best = min(places, key=lambda p: min(abs(p[0] - s) for s in sure))
            ignored += [p for p in places if p != best]
            if optional:
                ignored.append(best)
            else:
                found[best, role] = {"span": best, "role": role}
    # The longest of overlapping spans stands.
    kept = []
    for span in sorted(found.values(), key=lambda s: (s["span"][0] - s["span"][1], s["span"])):
        if not any(span["span"][0] < k["span"][1] and k["span"][0] < span["span"][1] for k in kept):
            kept.append(span)
    return sorted(kept, key=lambda s: s["span"]), ignored


def documents(path):
    with open(path) as lines:
        return [json.loads(line) for line in lines]
