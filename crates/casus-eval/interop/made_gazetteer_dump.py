#!/usr/bin/env python3
"""Writes a made dump in the form of GeoNames', to measure `casus gazetteer build` on one of full size.

usage: made_gazetteer_dump.py DIR [PLACES]      13,000,000 places if not told, as the real one has

    /usr/bin/time -v target/release/casus gazetteer build DIR -o OUT   tells time and memory

Names are made of syllables, an eighth of them also in Arabic letters. As in the real dump every place has one or
two names, some are borne by a thousand places and a quarter by one alone, and the file of further names has as
many rows as there are places. The same number gives the same bytes.
"""
import os
import sys

LATIN = ['ba', 'ka', 'li', 'mo', 'ru', 'sha', 'te', 'zan', 'dor', 'kel', 'min', 'pur', 'tar', 'vel', 'wi', 'nau']
ARABIC = ['با', 'كا', 'لي', 'مو', 'رو', 'شا', 'تي', 'زان', 'دور', 'كل', 'مين', 'بور', 'تار', 'فل', 'وي', 'ناو']
COUNTRIES = ['AF', 'CD', 'CN', 'EG', 'ET', 'FR', 'IN', 'IQ', 'IR', 'ML', 'NG', 'PK', 'RU', 'SD', 'SY', 'TR', 'UA', 'US', 'YE', 'ZA']
FEATURES = [('P', 'PPL')] * 6 + [('H', 'STM'), ('T', 'MT'), ('L', 'LCTY'), ('S', 'FRM')]


def mixed(number):
    """A number that looks like chance (the finaliser of SplitMix64)."""
    number = (number + 0x9E3779B97F4A7C15) & 0xFFFFFFFFFFFFFFFF
    number = ((number ^ number >> 30) * 0xBF58476D1CE4E5B9) & 0xFFFFFFFFFFFFFFFF
    number = ((number ^ number >> 27) * 0x94D049BB133111EB) & 0xFFFFFFFFFFFFFFFF
    return number ^ number >> 31


def pairs(syllables):
    return [first + second for first in syllables for second in syllables]


LATIN_PAIRS, ARABIC_PAIRS = pairs(LATIN), pairs(ARABIC)


def word(bits, syllables, pairs):
    """A word of three, four, five or seven syllables, told by the low 30 bits."""
    form = bits >> 28 & 3
    name = pairs[bits & 255]
    if form == 0:
        return name + syllables[bits >> 8 & 15]
    name += pairs[bits >> 8 & 255]
    if form == 1:
        return name
    if form == 2:
        return name + syllables[bits >> 16 & 15]
    return name + pairs[bits >> 16 & 255] + syllables[bits >> 24 & 15]


def main(folder, places):
    os.makedirs(folder, exist_ok=True)
    path = lambda name: os.path.join(folder, name)
    with open(path('allCountries.txt'), 'w', encoding='utf-8') as rows, \
            open(path('alternateNamesV2.txt'), 'w', encoding='utf-8') as names:
        for id in range(1, places + 1):
            bits = mixed(id)
            name = word(bits, LATIN, LATIN_PAIRS).capitalize()
            others = [word(bits >> 24, LATIN, LATIN_PAIRS).capitalize()] if bits >> 60 < 6 else []
            if bits >> 58 & 7 == 0:
                others.append(word(bits, ARABIC, ARABIC_PAIRS))
            country = COUNTRIES[id * len(COUNTRIES) // (places + 1)]
            kind, code = FEATURES[bits % 10]
            people = bits % 5000 if bits & 0xF00 == 0 else 0
            lat, lon = (bits >> 8) % 1400000 / 10000 - 60, (bits >> 30) % 3590000 / 10000 - 179
            rows.write(f'{id}\t{name}\t{name}\t{",".join(others)}\t{lat:.5f}\t{lon:.5f}\t{kind}\t{code}\t{country}\t\t'
                       f'{bits % 20:02}\t{bits % 97}\t\t\t{people}\t\t\tUTC\t2026-01-01\n')
            names.write(f'{id}\t{id}\ten\t{word(bits >> 12, LATIN, LATIN_PAIRS).capitalize()}\t\t\t\t\t\t\n')


if __name__ == '__main__':
    main(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 13_000_000)
