//! Made records: incidents of every form with invented parties and places, and reports whose true number of
//! deaths is known. No text of a report is behind them.
//!
//! The same number gives the same records: a small generator with a fixed seed, no clock.

use casus_record::{
    Attribution, AttributionStatus, Cause, Count, Date, Directionality, Event, Extent, Family, Loser, Loss,
    LossOutcome, MadeBy, Operator, Outcome, Participant, ParticipantKind, PlaceKind, Precision, Relation,
    RelationKind, ReportRef, Response, Role, Scope, Side, Status, Told, Unit, Voice, VoiceKind, Weapon, When,
    Where,
};

/// Words that stand for those of a report: they must never be exported unless all is.
pub(crate) const VERBATIM: &str = "verbatim words";

/// Name of a private person, who must never be exported unless all is.
pub(crate) const PRIVATE: &str = "Amina Sule";

/// SplitMix64 (Steele, Lea, Flood 2014): good enough to vary records, and the same everywhere.
pub(crate) struct Random(u64);

impl Random {
    /// A generator with a seed.
    pub(crate) const fn new(seed: u64) -> Random {
        Random(seed)
    }

    /// A number below `limit`, which is not 0.
    pub(crate) fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % limit
    }

    fn of<T: Copy>(&mut self, list: &[T]) -> T {
        list[usize::try_from(self.below(list.len() as u64)).unwrap_or(0)]
    }
}

const FAMILIES: [Family; 22] = [
    Family::ArmedClash,
    Family::Attack,
    Family::Explosion,
    Family::Shelling,
    Family::AirStrike,
    Family::Chemical,
    Family::Abduction,
    Family::Release,
    Family::Arrest,
    Family::SexualViolence,
    Family::Torture,
    Family::Execution,
    Family::Looting,
    Family::PropertyDestruction,
    Family::TerritoryChange,
    Family::Displacement,
    Family::Protest,
    Family::Riot,
    Family::MobViolence,
    Family::Agreement,
    Family::DisruptedWeapons,
    Family::Threat,
];

const CLASSES: [&str; 16] = [
    "state_military",
    "state_police",
    "state_intelligence",
    "state_other",
    "rebel",
    "political_militia",
    "identity_militia",
    "armed_group_unspecified",
    "private_security",
    "rioters",
    "protesters",
    "civilians",
    "foreign_military",
    "peacekeepers",
    "un_ngo",
    "unknown",
];

const COUNTRIES: [&str; 8] = ["NG", "ML", "YE", "UA", "CO", "MM", "SS", "PS"];

/// A day of 2024.
fn day(number: u64) -> Date {
    let first = Date::constant(2024, 1, 1);
    let days = i64::try_from(number % 366).unwrap_or(0);
    first.checked_add(jiff::Span::new().days(days)).unwrap_or(first)
}

/// An attack without time, place, parties or losses.
pub(crate) fn event(id: &str, report: u64) -> Event {
    let report = ReportRef {
        id: format!("made/{VERBATIM}/{report}.txt"),
        path: Some(format!("made/{VERBATIM}/{report}.txt")),
        text_sha256: format!("{report:064x}"),
        title: Some(VERBATIM.into()),
        publisher: Some("Made, Press \"Daily\"".into()),
        published: Some(Date::constant(2024, 12, 31)),
        language: Some("en".into()),
        ..ReportRef::default()
    };
    let made_by = MadeBy { casus: "0.1.0".into(), pack: "made".into(), options: String::new() };
    let mut event = Event::bare(format!("ev_{id}"), report, made_by);
    event.action.family = Family::Attack;
    event.action.directionality = Directionality::OneSided;
    event.confidence = 0.5;
    event
}

fn voice(kind: VoiceKind, side: Option<Side>) -> Voice {
    let name = (kind != VoiceKind::Report).then(|| VERBATIM.to_owned());
    Voice { kind, side, name, ..Voice::of_report() }
}

/// A time from one day to another.
pub(crate) fn when(earliest: Date, latest: Date) -> When {
    When { stated: VERBATIM.into(), ..When::of_days(earliest, latest) }
}

/// A place in Aru district of a country.
pub(crate) fn place(name: &str, country: &str, kind: PlaceKind, precision: Precision) -> Where {
    Where {
        resolved: Some(name.into()),
        stated: VERBATIM.into(),
        detail: Some(VERBATIM.into()),
        lat: Some(12.345_678),
        lon: Some(-1.234_567),
        gazetteer: Some(format!("made:{name}")),
        kind,
        country: Some(country.into()),
        admin1: (kind != PlaceKind::Country).then(|| "Aru".into()),
        admin2: (kind == PlaceKind::PopulatedPlace).then(|| "North Aru".into()),
        precision,
        confidence: 0.9,
        ..Where::named(name)
    }
}

/// A party.
pub(crate) fn party(role: Role, class: &str, side: Side) -> Participant {
    Participant {
        role,
        kind: ParticipantKind::Group,
        name: VERBATIM.into(),
        mentions: Vec::new(),
        effect: None,
        register: None,
        class: class.into(),
        target_type: None,
        side,
        country: None,
        government_of: None,
        count: None,
        attributions: vec![Attribution {
            status: AttributionStatus::Stated,
            voice: 0,
            mode: None,
            evidence: Vec::new(),
        }],
        evidence: Vec::new(),
    }
}

/// A row of losses: an exact number of civilians on side b.
pub(crate) fn loss(outcome: LossOutcome, figure: u32, number: u64) -> Loss {
    Loss {
        outcome: vec![outcome],
        figure,
        included_in: None,
        who: Loser {
            class: "civilians".into(),
            name: Some(VERBATIM.into()),
            register: None,
            country: None,
            side: Side::B,
            attributes: Vec::new(),
        },
        count: Count::new(Operator::Exact, number, VERBATIM),
        unit: Unit::Persons,
        cause: Cause::Direct,
        voices: vec![0],
        evidence: Vec::new(),
    }
}

/// Incidents of every form, each of its own report.
pub(crate) fn incidents(count: u64) -> Vec<Event> {
    let mut random = Random::new(6);
    (0..count).map(|number| incident(number, &mut random)).collect()
}

fn incident(number: u64, random: &mut Random) -> Event {
    let mut made = event(&format!("{number:016x}"), number);
    made.action.family = FAMILIES[usize::try_from(number).unwrap_or(0) % FAMILIES.len()];
    made.status = random.of(&[Status::Happened, Status::Happened, Status::Attempted, Status::Foiled]);
    made.action.tactic = match random.below(6) {
        0 => Some(random.of(&["suicide_vest", "assassination", "hijacking", "arson", "ambush"]).to_owned()),
        _ => None,
    };
    let weapons = ["vehicle_bomb", "ied", "grenade", "firearm", "rifle", "mortar", "melee", "incendiary"];
    for _ in 0..random.below(3) {
        let kind = random.of(&weapons).to_owned();
        made.action.weapons.push(Weapon { kind, mention: VERBATIM.into(), evidence: Vec::new() });
    }
    if made.action.family == Family::Protest {
        made.result.response = Some(random.of(&[Response::None, Response::Arrests, Response::LethalForce]));
    }
    if made.action.family == Family::Abduction && random.below(2) == 0 {
        made.result.outcome = Some(random.of(&[Outcome::Released, Outcome::Escaped, Outcome::Rescued]));
    }
    let start = day(random.below(366));
    let end = day(u64::from(start.day_of_year().unsigned_abs()) - 1 + random.below(4) * random.below(3));
    if random.below(10) > 0 {
        made.when = Some(when(start.min(end), start.max(end)));
        if let Some(when) = made.when.as_mut().filter(|_| random.below(4) == 0) {
            when.extent = Extent::Lasting;
        }
    }
    let country = random.of(&COUNTRIES);
    match random.below(8) {
        0 => {}
        1 => made.places.push(place("Aru", country, PlaceKind::Admin1, Precision::Admin1)),
        2 => made.places.push(place("Camp Gol", country, PlaceKind::Camp, Precision::Place)),
        _ => {
            // Names that spreadsheets, quotes and other scripts are sensitive to.
            let name = random.of(&["Beya", "Lodo, Old", "Gol \"Nord\"", "=Kile", "Móro", "تارنا"]);
            let mut at = place(name, country, PlaceKind::PopulatedPlace, Precision::Place);
            at.lat = Some(random.below(120) as f64 - 60.0 + 0.25);
            at.lon = Some(random.below(340) as f64 - 170.0 + 0.75);
            made.places.push(at);
        }
    }
    for (role, side) in [(Role::Actor, Side::A), (Role::Recipient, Side::B)] {
        for _ in 0..random.below(3) {
            let mut one = party(role, random.of(&CLASSES), side);
            one.country = (random.below(3) > 0).then(|| country.to_owned());
            if random.below(5) == 0 {
                (one.kind, one.name) = (ParticipantKind::Person, PRIVATE.to_owned());
            }
            if random.below(6) == 0 {
                one.attributions[0].status = AttributionStatus::Claimed;
                one.attributions[0].mode = Some("video".into());
            }
            made.participants.push(one);
        }
    }
    made.voices.push(voice(VoiceKind::State, Some(Side::A)));
    let outcomes = [
        LossOutcome::Killed,
        LossOutcome::Killed,
        LossOutcome::Wounded,
        LossOutcome::Abducted,
        LossOutcome::Displaced,
    ];
    for figure in 0..random.below(4) {
        let mut row = loss(random.of(&outcomes), u32::try_from(figure).unwrap_or(0), 1 + random.below(40));
        row.who.class = random.of(&CLASSES).to_owned();
        row.who.side = random.of(&[Side::A, Side::B, Side::Unknown]);
        row.voices = vec![u32::try_from(random.below(2)).unwrap_or(0)];
        let said = row.count.value.unwrap_or(1);
        row.count = match random.below(8) {
            0 => Count::new(Operator::AtLeast, said, VERBATIM),
            1 => Count::new(Operator::MoreThan, said, VERBATIM),
            2 => Count::between(said, said + 5, VERBATIM),
            3 => Count::vague(random.of(&["dozens", "several", "scores"]), 2, VERBATIM),
            4 => Count::new(Operator::About, said, VERBATIM),
            _ => row.count,
        };
        if random.below(6) == 0 {
            row.who.attributes.push("children".into());
        }
        made.losses.push(row);
    }
    made
}

/// A report whose deaths are known.
pub(crate) struct Report {
    /// What is difficult about it.
    pub(crate) kind: &'static str,
    /// Its events.
    pub(crate) events: Vec<Event>,
    /// Fewest deaths that the report supports.
    pub(crate) least: u64,
    /// Most deaths that the report supports.
    pub(crate) most: u64,
}

/// Reports with rival figures, included parts, totals over several incidents, restatements, and totals over
/// several days.
pub(crate) fn reports(count: u64) -> Vec<Report> {
    let mut random = Random::new(7);
    (0..count).map(|number| report(number, &mut random)).collect()
}

fn report(number: u64, random: &mut Random) -> Report {
    let monday = Date::constant(2024, 3, 11);
    let on = |days: u64| {
        monday.checked_add(jiff::Span::new().days(i64::try_from(days).unwrap_or(0))).unwrap_or(monday)
    };
    let mut names = 0_u64;
    // An attack on villagers on a day, with so many dead if any are told.
    let mut attack = |first: Date, last: Date, dead: Option<u64>| {
        names += 1;
        let mut made = event(&format!("{number:08x}{names:08x}"), number);
        made.when = Some(when(first, last));
        let name = ["Beya", "Lodo", "Gol", "Tarna", "Moro"][usize::try_from(names).unwrap_or(0) % 5];
        made.places.push(place(name, "ML", PlaceKind::PopulatedPlace, Precision::Place));
        made.participants.push(party(Role::Actor, "rebel", Side::A));
        made.participants.push(party(Role::Recipient, "civilians", Side::B));
        made.losses.extend(dead.map(|dead| loss(LossOutcome::Killed, 1, dead)));
        made
    };
    let total = |made: &mut Event| {
        made.scope = Scope::Aggregate;
        made.places = vec![place("Aru", "ML", PlaceKind::Admin1, Precision::Admin1)];
    };
    let own = |part: &mut Event, whole: &Event| {
        part.relations.push(Relation { kind: RelationKind::PartOf, event: whole.id.clone() });
    };
    let dead = 20 + random.below(80);
    let exactly = |kind: &'static str, events: Vec<Event>| Report { kind, events, least: dead, most: dead };
    match number % 10 {
        0 => {
            let mut one = attack(monday, monday, Some(dead));
            let other = dead + 1 + random.below(30);
            one.losses.push(loss(LossOutcome::Killed, 1, other));
            Report { kind: "rival figures", events: vec![one], least: dead, most: other }
        }
        1 => {
            let mut one = attack(monday, monday, Some(dead));
            for (figure, part) in [(2, dead / 2), (3, dead / 4)] {
                let mut row = loss(LossOutcome::Killed, figure, part);
                row.included_in = Some(0);
                one.losses.push(row);
            }
            exactly("included parts", vec![one])
        }
        2 => {
            let mut whole = attack(monday, monday, Some(dead));
            total(&mut whole);
            let mut events: Vec<Event> =
                (0..2 + random.below(4)).map(|_| attack(monday, monday, None)).collect();
            events.iter_mut().for_each(|part| own(part, &whole));
            events.push(whole);
            exactly("a total over places", events)
        }
        3 => {
            let mut whole = attack(monday, monday, Some(dead));
            total(&mut whole);
            let mut events = vec![
                attack(monday, monday, Some(dead / 3)),
                attack(monday, monday, None),
                attack(monday, monday, None),
            ];
            events.iter_mut().for_each(|part| own(part, &whole));
            events.insert(0, whole);
            exactly("a total with a figure of one part", events)
        }
        4 => {
            let one = attack(monday, monday, Some(dead));
            let mut again = attack(monday, monday, Some(dead));
            again.relations.push(Relation { kind: RelationKind::SameAs, event: one.id.clone() });
            exactly("told again", vec![one, again])
        }
        5 => {
            let mut whole = attack(monday, on(6), Some(dead));
            total(&mut whole);
            let mut part = attack(on(2), on(2), Some(dead / 4));
            own(&mut part, &whole);
            exactly("a total over days", vec![part, whole])
        }
        6 => {
            let mut whole = attack(monday, on(6), Some(dead));
            total(&mut whole);
            exactly(
                "a total over days that does not name its part",
                vec![attack(on(1), on(1), Some(dead / 5)), whole],
            )
        }
        7 => {
            let mut month = attack(on(0), on(30), Some(dead));
            let mut week = attack(on(0), on(6), Some(dead / 2));
            total(&mut month);
            total(&mut week);
            let mut part = attack(on(3), on(3), Some(dead / 6));
            own(&mut part, &week);
            own(&mut part, &month);
            exactly("totals that overlap", vec![month, part, week])
        }
        8 => {
            let mut one = attack(monday, monday, Some(dead));
            let mut joint = loss(LossOutcome::Killed, 2, 500);
            joint.outcome.push(LossOutcome::Wounded);
            let mut indirect = loss(LossOutcome::Killed, 3, 600);
            indirect.cause = Cause::Indirect;
            let mut households = loss(LossOutcome::Killed, 4, 700);
            households.unit = Unit::Households;
            one.losses.extend([joint, indirect, households]);
            exactly("what is no count of deaths", vec![one])
        }
        _ => {
            let one = attack(monday, monday, Some(dead));
            let mut recalled = attack(monday, monday, Some(dead));
            recalled.told = Told::Background;
            exactly("recalled history", vec![one, recalled])
        }
    }
}
