//! A made world: incidents that happened, told by reports that err as reports do.
//!
//! Everything is drawn from a seed, so that anyone can make the same world. Incidents have a day, a place,
//! parties, a family and a toll; one in eight has a neighbour within two days and 15 km that is easily
//! mistaken for it. Each is told by a geometric number of reports with known noise ([`Noise`]): the day off
//! by one or told as a week or a month, the place told as its division, spelled otherwise or left out,
//! tolls that differ, the family told by another word, parties left out or told by class, copies of a
//! wire story. The answer, which report tells which incident, is known.
//!
//! Names are made of syllables, and coordinates of nothing: no report of this world is a report of ours.

use casus_engine::*;
use casus_link::Signature;
use std::sync::Arc;

/// How often reports err. Shares of reports, unless it says otherwise.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Noise {
    day_off: f64,
    week_or_month: f64,
    no_day: f64,
    division_only: f64,
    misspelled: f64,
    no_place: f64,
    no_toll: f64,
    other_toll: f64,
    other_family: f64,
    no_actor: f64,
    class_only: f64,
    copy: f64,
    other_status: f64,
}

/// What the figures are measured with.
pub(crate) const NOISE: Noise = Noise {
    day_off: 0.08,
    week_or_month: 0.05,
    no_day: 0.04,
    division_only: 0.08,
    misspelled: 0.10,
    no_place: 0.03,
    no_toll: 0.15,
    other_toll: 0.30,
    other_family: 0.15,
    no_actor: 0.25,
    class_only: 0.20,
    copy: 0.10,
    other_status: 0.02,
};

/// Tellings of the world's incidents.
pub(crate) struct World {
    /// Events, each of a report of its own, in no order.
    pub(crate) events: Vec<Event>,
    /// The sketch of each event's report.
    pub(crate) signatures: Vec<Arc<Signature>>,
    /// Number of the incident that each tells.
    pub(crate) truth: Vec<u32>,
}

/// SplitMix64 (Steele, Lea and Flood 2014).
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut x = self.0;
        x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        x ^ (x >> 31)
    }

    fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1u64 << 53) as f64
    }

    fn chance(&mut self, share: f64) -> bool {
        self.unit() < share
    }

    fn below(&mut self, limit: usize) -> usize {
        (self.next() % limit.max(1) as u64) as usize
    }

    fn of<'a, T>(&mut self, list: &'a [T]) -> &'a T {
        &list[self.below(list.len())]
    }

    /// Standard normal, by Box and Muller.
    fn normal(&mut self) -> f64 {
        (-2.0 * self.unit().max(1e-12).ln()).sqrt() * (std::f64::consts::TAU * self.unit()).cos()
    }
}

struct Place {
    name: String,
    lat: f64,
    lon: f64,
    division: usize,
    country: usize,
}

struct Incident {
    day: i32,
    place: usize,
    family: Family,
    actor: usize,
    recipient: usize,
    killed: u64,
    wounded: u64,
}

/// Countries, divisions of each, places of each division.
const COUNTRIES: usize = 12;
const DIVISIONS: usize = 10;
const PLACES: usize = 60;

/// Groups that act in each country.
const GROUPS: usize = 9;

/// Incidents a day over all countries: about what the large hand-coded sets hold.
const A_DAY: f64 = 40.0;

const FAMILIES: [(Family, f64); 9] = [
    (Family::Attack, 0.26),
    (Family::ArmedClash, 0.2),
    (Family::Explosion, 0.14),
    (Family::Shelling, 0.12),
    (Family::AirStrike, 0.08),
    (Family::Abduction, 0.06),
    (Family::Arrest, 0.05),
    (Family::Looting, 0.04),
    (Family::Protest, 0.05),
];

const CLASSES: [&str; 5] =
    ["state_military", "rebel", "political_militia", "identity_militia", "state_police"];

/// Makes a world of `incidents` that are told `tellings` times in all.
pub(crate) fn world(seed: u64, incidents: usize, tellings: usize, noise: Noise) -> World {
    made(seed, incidents, tellings, noise, &mut |_| ())
}

/// The same world with the words of each event's report.
pub(crate) fn world_in_words(
    seed: u64,
    incidents: usize,
    tellings: usize,
    noise: Noise,
) -> (World, Vec<Arc<str>>) {
    // By number of the telling, which the event's id is made of.
    let mut told: Vec<Arc<str>> = Vec::with_capacity(tellings);
    let world = made(seed, incidents, tellings, noise, &mut |words| match words {
        Some(words) => told.push(words.into()),
        None => told.extend(told.last().cloned()),
    });
    let number = |event: &Event| usize::from_str_radix(event.id.trim_start_matches("ev_"), 16).ok();
    let words = world.events.iter().filter_map(|event| told.get(number(event)?).cloned()).collect();
    (world, words)
}

/// `say` is given the words of each telling; none of one that repeats the one before.
fn made(
    seed: u64,
    incidents: usize,
    tellings: usize,
    noise: Noise,
    say: &mut dyn FnMut(Option<&str>),
) -> World {
    let mut dice = Dice(seed);
    let places = places(&mut dice);
    let mut happened: Vec<Incident> = Vec::with_capacity(incidents);
    while happened.len() < incidents {
        let one = match happened.last() {
            Some(last) if dice.chance(0.125) => neighbour(&mut dice, &places, last),
            _ => incident(&mut dice, incidents, &places),
        };
        happened.push(one);
    }
    // Every incident is told once; the rest goes to some more than to others.
    let fame: Vec<f64> = (0..incidents).map(|_| -dice.unit().max(1e-9).ln()).collect();
    let total: f64 = fame.iter().sum();
    let rest = tellings.saturating_sub(incidents) as f64;
    let mut told: Vec<u32> = Vec::with_capacity(tellings);
    let mut due = 0.0;
    for (number, fame) in fame.iter().enumerate() {
        due += rest * fame / total;
        let more = due.floor();
        due -= more;
        told.extend(std::iter::repeat_n(number as u32, 1 + more as usize));
    }
    told.resize(tellings, incidents as u32 - 1);
    let mut made: Vec<(Event, Arc<Signature>, u32)> = Vec::with_capacity(tellings);
    for (at, &number) in told.iter().enumerate() {
        let source = &happened[number as usize];
        let before = made.last().filter(|(_, _, other)| *other == number && dice.chance(noise.copy));
        let event = tell(&mut dice, &places, source, at, noise, before.map(|(event, ..)| event));
        let signature = match before {
            Some((_, signature, _)) => {
                say(None);
                Arc::clone(signature)
            }
            None => {
                let words = words(&mut dice, &places, source, number);
                say(Some(&words));
                Arc::new(Signature::of(&words))
            }
        };
        made.push((event, signature, number));
    }
    for at in (1..made.len()).rev() {
        made.swap(at, dice.below(at + 1));
    }
    let mut out = World { events: Vec::new(), signatures: Vec::new(), truth: Vec::new() };
    for (event, signature, number) in made {
        out.events.push(event);
        out.signatures.push(signature);
        out.truth.push(number);
    }
    out
}

fn places(dice: &mut Dice) -> Vec<Place> {
    let mut out = Vec::with_capacity(COUNTRIES * DIVISIONS * PLACES);
    for country in 0..COUNTRIES {
        let centre = ((country % 4) as f64 * 12.0 - 6.0, (country / 4) as f64 * 15.0 + 5.0);
        for division in 0..DIVISIONS {
            let middle = (centre.0 + dice.normal() * 2.0, centre.1 + dice.normal() * 2.5);
            for _ in 0..PLACES {
                out.push(Place {
                    name: name(dice),
                    lat: middle.0 + dice.normal() * 0.4,
                    lon: middle.1 + dice.normal() * 0.4,
                    division: country * DIVISIONS + division,
                    country,
                });
            }
        }
    }
    out
}

fn name(dice: &mut Dice) -> String {
    const SYLLABLES: [&str; 24] = [
        "ba", "ro", "ki", "ta", "lo", "gu", "me", "sha", "ne", "do", "wa", "zi", "ka", "du", "ri", "mo",
        "sa", "to", "le", "fa", "ga", "ni", "bu", "te",
    ];
    let mut out: String = (0..2 + dice.below(3)).map(|_| *dice.of(&SYLLABLES)).collect();
    out[..1].make_ascii_uppercase();
    out
}

fn incident(dice: &mut Dice, incidents: usize, places: &[Place]) -> Incident {
    // Half of all incidents happen in a tenth of the places.
    let hot = places.len() / 10;
    let place = if dice.chance(0.5) { dice.below(hot) * 10 } else { dice.below(places.len()) };
    let days = (incidents as f64 / A_DAY).ceil() as usize;
    let mut share = dice.unit();
    let family = FAMILIES.iter().find(|(_, part)| {
        share -= part;
        share <= 0.0
    });
    let group = |dice: &mut Dice| {
        let local = dice.unit().powi(2) * GROUPS as f64;
        places[place].country * GROUPS + local as usize
    };
    let (actor, recipient) = (group(dice), group(dice));
    // Most incidents kill nobody or a few, a few kill many.
    let killed = if dice.chance(0.35) { 0 } else { (1.0 / dice.unit().max(1e-4)).powf(0.8) as u64 };
    let wounded = if dice.chance(0.5) { 0 } else { (killed as f64 * dice.unit() * 3.0) as u64 + 1 };
    let family = family.map_or(Family::Attack, |(family, _)| *family);
    Incident { day: dice.below(days.max(1)) as i32, place, family, actor, recipient, killed, wounded }
}

/// Another incident that is easily mistaken for `one`: near in time and place, mostly by the same parties.
fn neighbour(dice: &mut Dice, places: &[Place], one: &Incident) -> Incident {
    let mut other = incident(dice, 1, places);
    let home = &places[one.place];
    let near = |place: &Place| (place.lat - home.lat).hypot(place.lon - home.lon) < 0.15;
    let nearby: Vec<usize> = (0..places.len()).filter(|&at| near(&places[at])).collect();
    other.place = *dice.of(&nearby);
    other.day = one.day + dice.below(3) as i32;
    // At the very same place, two incidents are told apart by their days or by what was done.
    if other.place == one.place {
        other.day = one.day + 3;
    }
    if dice.chance(0.6) {
        other.actor = one.actor;
    }
    other
}

fn date(day: i32) -> Date {
    Date::constant(2010, 1, 1).checked_add(casus_days(day)).unwrap_or(Date::MAX)
}

fn casus_days(day: i32) -> std::time::Duration {
    std::time::Duration::from_secs(u64::try_from(day).unwrap_or(0) * 86_400)
}

/// One report of an incident. `copied` is the report that it repeats.
fn tell(
    dice: &mut Dice,
    places: &[Place],
    one: &Incident,
    number: usize,
    noise: Noise,
    copied: Option<&Event>,
) -> Event {
    let published = one.day + 1 + (dice.unit().powi(3) * 6.0) as i32;
    let report = ReportRef {
        id: format!("made-{number}"),
        text_sha256: format!("made-{number}"),
        publisher: Some(format!("publisher {}", dice.below(60))),
        published: Some(date(published)),
        ..ReportRef::default()
    };
    let made_by = MadeBy { casus: "made".into(), pack: "made".into(), options: String::new() };
    let mut event = Event::bare(format!("ev_{number:08x}"), report, made_by);
    if dice.chance(noise.other_status) {
        event.status = Status::Attempted;
    }
    event.action.family = one.family;
    event.confidence = 0.9;
    if let Some(copied) = copied {
        let Event { id, report, .. } = event;
        return Event { id, report, ..copied.clone() };
    }
    if dice.chance(noise.other_family) {
        // Anything may be called an attack, and an attack anything.
        event.action.family = match one.family {
            Family::Attack => *dice.of(&[Family::ArmedClash, Family::Explosion, Family::Looting]),
            Family::Protest => Family::Riot,
            Family::Arrest => Family::Abduction,
            _ => Family::Attack,
        };
    }
    event.when = when(dice, one.day, noise);
    event.places.extend(place(dice, &places[one.place], noise));
    for (role, group) in [(Role::Actor, one.actor), (Role::Recipient, one.recipient)] {
        if !dice.chance(noise.no_actor) {
            let class_only = dice.chance(noise.class_only);
            event.participants.push(participant(role, group, class_only));
        }
    }
    for (figure, outcome, count) in
        [(0, LossOutcome::Killed, one.killed), (1, LossOutcome::Wounded, one.wounded)]
    {
        if (count > 0 || dice.chance(0.3)) && !dice.chance(noise.no_toll) {
            let count = if dice.chance(noise.other_toll) {
                (count as f64 * (1.0 + dice.normal() * 0.3)).round().max(0.0) as u64 + dice.below(2) as u64
            } else {
                count
            };
            let operator = if count > 0 && dice.chance(0.2) { Operator::AtLeast } else { Operator::Exact };
            event.losses.push(loss(figure, outcome, Count::new(operator, count, "")));
        }
    }
    event
}

fn when(dice: &mut Dice, day: i32, noise: Noise) -> Option<When> {
    if dice.chance(noise.no_day) {
        return None;
    }
    let day = if dice.chance(noise.day_off) { day + if dice.chance(0.7) { 1 } else { -1 } } else { day };
    let day = day.max(0);
    let (first, last, grain) = if !dice.chance(noise.week_or_month) {
        (day, day, Grain::Day)
    } else if dice.chance(0.6) {
        (day - day % 7, day - day % 7 + 6, Grain::Week)
    } else {
        (day - day % 30, day - day % 30 + 29, Grain::Month)
    };
    Some(When { grain, ..When::of_days(date(first), date(last)) })
}

fn place(dice: &mut Dice, place: &Place, noise: Noise) -> Option<Where> {
    if dice.chance(noise.no_place) {
        return None;
    }
    let division = format!("Division {}", place.division);
    let coarse = dice.chance(noise.division_only);
    let misspelled = !coarse && dice.chance(noise.misspelled);
    // Half of the misspelled names are found in no gazetteer; the others are resolved all the same.
    let found = !misspelled || dice.chance(0.5);
    let name = match () {
        () if coarse => division.clone(),
        () if misspelled => misspell(dice, &place.name),
        () => place.name.clone(),
    };
    // Gazetteers place a village up to a few kilometres apart.
    let scatter = if coarse { 0.0 } else { 0.02 };
    Some(Where {
        name: name.clone(),
        resolved: found.then_some(name),
        stated: String::new(),
        detail: None,
        function: Function::Site,
        relation: PlaceRelation::At,
        distance_km: None,
        bearing: None,
        lat: found.then(|| place.lat + dice.normal() * scatter),
        lon: found.then(|| place.lon + dice.normal() * scatter),
        gazetteer: None,
        kind: if coarse { PlaceKind::Admin1 } else { PlaceKind::PopulatedPlace },
        country: Some(format!("C{}", place.country)),
        admin1: found.then_some(division),
        admin2: None,
        admin3: None,
        within: Vec::new(),
        precision: match (coarse, found) {
            (true, _) => Precision::Admin1,
            (_, true) => Precision::Place,
            _ => Precision::Unresolved,
        },
        confidence: 0.8,
        evidence: Vec::new(),
        candidates: Vec::new(),
    })
}

/// Another transliteration: a vowel changed, a consonant doubled, an ending.
fn misspell(dice: &mut Dice, name: &str) -> String {
    let mut out = String::new();
    for (at, c) in name.chars().enumerate() {
        match c {
            'a' | 'e' | 'i' | 'o' | 'u' if dice.chance(0.35) => {
                out.push(*dice.of(&['a', 'e', 'i', 'o', 'u']))
            }
            'k' if dice.chance(0.5) => out.push('q'),
            c if at > 0 && !"aeiou".contains(c) && dice.chance(0.15) => out.extend([c, c]),
            c => out.push(c),
        }
    }
    if dice.chance(0.2) {
        out.push('h');
    }
    out
}

fn participant(role: Role, group: usize, class_only: bool) -> Participant {
    let class = CLASSES[group % CLASSES.len()];
    Participant {
        role,
        kind: ParticipantKind::Group,
        name: if class_only { class.replace('_', " ") } else { format!("Group {group}") },
        mentions: Vec::new(),
        effect: None,
        register: (!class_only).then(|| format!("made:{group}")),
        class: class.to_owned(),
        target_type: None,
        side: if role == Role::Actor { Side::A } else { Side::B },
        country: None,
        government_of: None,
        count: None,
        attributions: Vec::new(),
        evidence: Vec::new(),
    }
}

fn loss(figure: u32, outcome: LossOutcome, count: Count) -> Loss {
    Loss {
        outcome: vec![outcome],
        figure,
        included_in: None,
        who: Loser {
            class: "unknown".into(),
            name: None,
            register: None,
            country: None,
            side: Side::B,
            attributes: Vec::new(),
        },
        count,
        unit: Unit::Persons,
        cause: Cause::Direct,
        voices: vec![0],
        evidence: Vec::new(),
    }
}

/// Words of a report: some belong to the incident, more to the country, most to anything.
fn words(dice: &mut Dice, places: &[Place], one: &Incident, number: u32) -> String {
    let mut out = format!("{} ", places[one.place].name);
    for _ in 0..60 {
        let word = match dice.unit() {
            share if share < 0.25 => format!("story{number}x{} ", dice.below(30)),
            share if share < 0.45 => format!("land{}x{} ", places[one.place].country, dice.below(150)),
            _ => format!("common{} ", (dice.unit().powi(2) * 2500.0) as u32),
        };
        out.push_str(&word);
    }
    out
}
