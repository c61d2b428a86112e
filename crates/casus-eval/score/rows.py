#!/usr/bin/env python3
"""Figures of single documents, with the functions of the scorers beside this file.
usage: rows.py time|geo|isaf GOLD.jsonl PRED.jsonl      prints {"id", "figures": {...}} a line"""
import json, os, sys
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))


def lines(path):
    with open(path, encoding='utf-8') as file:
        return [json.loads(line) for line in file if line.strip()]


def time(gold, pred):
    import score_time
    gold, pred = score_time.load(gold), score_time.load(pred)
    for key, document in gold.items():
        counts = score_time.score_doc(document, pred.get(key), False, 'outer')[0]
        yield key, {name: counts[name] for name in ('gold', 'pred', 'rel', 'strict', 'val')}


def geo(gold, pred):
    import score_geo
    gold, pred = score_geo.load(gold), score_geo.load(pred)
    for key, toponyms in gold.items():
        counts = score_geo.doc_counts(toponyms, pred.get(key, []))
        tp, fp, fn = counts['rec_overlap']
        right, wrong, missed = counts['e2e_overlap']
        yield key, {'found': tp, 'invented': fp, 'missed': fn, 'right': right, 'wrong': wrong, 'not_right': missed}


def isaf(gold, pred):
    # The scorer beside this file runs when it is imported, so its comparison stands here again.
    fields = ['start_date', 'province', 'target_group', 'event_type', 'min_killed', 'min_captured', 'killq', 'captureq',
              'killcaptureraid', 'airstrike', 'noshotsfired', 'min_leaders_killed', 'min_leaders_captured']
    sets = {'province', 'target_group', 'event_type'}
    pred = {row['id']: row.get('pred') or {} for row in lines(pred)}
    for row in lines(gold):
        figures = {}
        for field in fields:
            a, b = row['gold'][field], pred.get(row['id'], {}).get(field)
            if field in sets:
                a, b = set(a), set([b] if isinstance(b, str) else (b or []))
                figures[field] = round(len(a & b) / len(a), 3) if a else float(not b)
            else:
                figures[field] = int(a == b)
        yield row['id'], figures


if __name__ == '__main__':
    task, gold, pred = sys.argv[1:]
    for key, figures in {'time': time, 'geo': geo, 'isaf': isaf}[task](gold, pred):
        print(json.dumps({'id': key, 'figures': figures}))
