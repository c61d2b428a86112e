//! Whole reports' worth of events in, incidents out.

use casus_link::{Linker, Options, Signature, Telling, link, link_with};
use casus_record::*;
use std::sync::Arc;

fn date(text: &str) -> Date {
    text.parse().expect("a date")
}

/// An attack on Beya on 11 March that a report of 12 March tells.
fn event(id: &str) -> Event {
    let report = ReportRef {
        id: format!("report {id}"),
        text_sha256: format!("text {id}"),
        publisher: Some(format!("Courier {id}")),
        published: Some(date("2024-03-12")),
        ..ReportRef::default()
    };
    let made_by = MadeBy { casus: "0".into(), pack: "0".into(), options: String::new() };
    let attack = |event: &mut Event| {
        event.action.family = Family::Attack;
        event.action.directionality = Directionality::OneSided;
        event.confidence = 0.9;
    };
    Event::bare(format!("ev_{id}"), report, made_by)
        .with(attack)
        .on("2024-03-11")
        .at("Beya", Some((12.0, 3.0)))
}

/// Shorthands, so that a test says only what it is about.
trait Told1: Sized {
    fn on(self, day: &str) -> Self;
    fn between(self, first: &str, last: &str) -> Self;
    fn at(self, name: &str, point: Option<(f64, f64)>) -> Self;
    fn killed(self, count: u64, voice: u32) -> Self;
    fn by(self, role: Role, name: &str, class: &str, register: Option<&str>) -> Self;
    fn says(self, kind: VoiceKind, side: Option<Side>) -> Self;
    fn with(self, change: impl FnOnce(&mut Event)) -> Self;
}

impl Told1 for Event {
    fn on(self, day: &str) -> Event {
        self.between(day, day)
    }

    fn between(mut self, first: &str, last: &str) -> Event {
        self.when = Some(When {
            earliest: Some(date(first)),
            latest: Some(date(last)),
            grain: Grain::Day,
            extent: Extent::Point,
            modifier: None,
            time_of_day: None,
            calendar: Calendar::Gregorian,
            uncertainty_days: 0,
            basis: Basis::Stated,
            stated: String::new(),
            anchor: None,
            alternatives: vec![],
            reasons: vec![],
            evidence: vec![],
        });
        self
    }

    fn at(mut self, name: &str, point: Option<(f64, f64)>) -> Event {
        self.places = vec![Where {
            name: name.into(),
            resolved: point.map(|_| name.into()),
            stated: name.into(),
            detail: None,
            function: Function::Site,
            relation: PlaceRelation::At,
            distance_km: None,
            bearing: None,
            lat: point.map(|(lat, _)| lat),
            lon: point.map(|(_, lon)| lon),
            gazetteer: point.map(|_| format!("test:{name}")),
            kind: PlaceKind::PopulatedPlace,
            country: point.map(|_| "ZZ".into()),
            admin1: point.map(|_| "Aru".into()),
            admin2: None,
            admin3: None,
            within: vec![],
            precision: if point.is_some() { Precision::Place } else { Precision::Unresolved },
            confidence: 0.9,
            evidence: vec![],
            candidates: vec![],
        }];
        self
    }

    fn killed(mut self, count: u64, voice: u32) -> Event {
        self.losses.push(Loss {
            outcome: vec![LossOutcome::Killed],
            figure: 1,
            included_in: None,
            who: Loser {
                class: "unknown".into(),
                name: None,
                register: None,
                country: None,
                side: Side::B,
                attributes: vec![],
            },
            count: Count::new(Operator::Exact, count, count.to_string()),
            unit: Unit::Persons,
            cause: Cause::Direct,
            voices: vec![voice],
            evidence: vec![],
        });
        self
    }

    fn by(mut self, role: Role, name: &str, class: &str, register: Option<&str>) -> Event {
        self.participants.push(Participant {
            role,
            kind: ParticipantKind::Group,
            name: name.into(),
            mentions: vec![],
            effect: None,
            register: register.map(Into::into),
            class: class.into(),
            target_type: None,
            side: if role == Role::Actor { Side::A } else { Side::B },
            country: None,
            government_of: None,
            count: None,
            attributions: vec![],
            evidence: vec![],
        });
        self
    }

    fn says(mut self, kind: VoiceKind, side: Option<Side>) -> Event {
        let mut voice = self.voices[0].clone();
        (voice.kind, voice.side) = (kind, side);
        voice.name = Some(format!("{kind:?}"));
        self.voices.push(voice);
        self
    }

    fn with(mut self, change: impl FnOnce(&mut Event)) -> Event {
        change(&mut self);
        self
    }
}

/// Links, and compares the incidents as lists of the events' ids without `ev_`.
fn check(events: &[Event], expected: &[&[&str]]) -> Vec<Incident> {
    let incidents = link(events, &Options::default());
    let mut found: Vec<Vec<&str>> = incidents
        .iter()
        .map(|incident| incident.events.iter().map(|id| id.trim_start_matches("ev_")).collect())
        .collect();
    found.sort();
    assert_eq!(found, expected);
    incidents
}

#[test]
fn one_attack_told_twice_and_another() {
    let events = [
        event("a").killed(14, 0),
        event("b").killed(17, 0),
        event("c").at("Lodo", Some((12.9, 3.6))).killed(5, 0),
    ];
    let incidents = check(&events, &[&["a", "b"], &["c"]]);
    let one = incidents.iter().find(|incident| incident.events.len() == 2).unwrap();
    let tolls: Vec<_> = one
        .claims
        .iter()
        .filter(|claim| claim.field == "losses.killed")
        .map(|claim| match claim.value {
            ClaimValue::Count { value, .. } => (value, claim.independent_of.as_slice()),
            _ => panic!("a toll is a count"),
        })
        .collect();
    assert_eq!(tolls, [(Some(14), &["ev_b".to_owned()][..]), (Some(17), &["ev_a".to_owned()][..])]);
    assert_eq!(one.agreement["losses.killed"], Agreement::Range);
    assert_eq!(one.agreement["where"], Agreement::Agree);
    assert_eq!(one.id, "in_a");
    assert_eq!((one.sources, one.grade), (2, Grade::Fair));
}

#[test]
fn time_and_place_within_what_is_known_of_them() {
    // A day off, another spelling without coordinates, a division, a month: one occurrence.
    check(&[event("a"), event("b").on("2024-03-12").killed(3, 0)], &[&["a", "b"]]);
    check(&[event("a").at("Al-Tarnah", None), event("b").at("Tarna", Some((12.0, 3.0)))], &[&["a", "b"]]);
    // What tells nothing does not join: same day, no place, nothing else.
    let bare = event("b").with(|event| event.places.clear());
    check(&[event("a"), bare.clone()], &[&["a"], &["b"]]);
    // … but the same group and the same toll do.
    let told = |event: Event| event.killed(23, 0).by(Role::Actor, "Gol Front", "rebel", Some("ac_gol"));
    check(&[told(event("a")), told(bare)], &[&["a", "b"]]);
    // Another week, another place, another kind of action.
    check(&[event("a"), event("b").on("2024-03-19")], &[&["a"], &["b"]]);
    check(&[event("a"), event("b").at("Lodo", Some((12.0, 3.5)))], &[&["a"], &["b"]]);
    let arrest = |event: &mut Event| event.action.family = Family::Agreement;
    check(&[event("a"), event("b").with(arrest)], &[&["a"], &["b"]]);
}

#[test]
fn a_report_tells_an_occurrence_once() {
    let second = event("b").with(|other| other.report = event("a").report);
    check(&[event("a"), second.clone()], &[&["a"], &["b"]]);
    // Unless it says so itself.
    let rival = |event: &mut Event| {
        event.relations.push(Relation { kind: RelationKind::RivalAccountOf, event: "ev_a".into() });
    };
    check(&[event("a"), second.with(rival)], &[&["a", "b"]]);
    // The same text received twice has the same events.
    let again = event("a").with(|event| event.report.id = "received again".into());
    let incidents = check(&[event("a"), again], &[&["a"]]);
    assert_eq!(incidents[0].sources, 1);
}

#[test]
fn no_chains() {
    // Each day fits the next; the first and the last do not.
    let days = ["2024-03-10", "2024-03-11", "2024-03-12", "2024-03-13", "2024-03-14", "2024-03-15"];
    let events: Vec<Event> = days.iter().map(|day| event(day).on(day)).collect();
    let incidents = link(&events, &Options::default());
    let of = |day: &str| incidents.iter().position(|incident| incident.events.contains(&format!("ev_{day}")));
    assert_ne!(of(days[0]), of(days[5]));
}

#[test]
fn totals_and_what_is_recalled_swallow_nothing() {
    let total = event("t")
        .between("2024-03-01", "2024-03-31")
        .killed(40, 0)
        .with(|event| event.scope = Scope::Aggregate);
    let events = [event("a").killed(4, 0), total.clone(), event("b").on("2024-03-20").killed(6, 0)];
    check(&events, &[&["a"], &["b"], &["t"]]);
    // Totals of one thing are one.
    let again = total.with(|event| {
        event.id = "ev_u".into();
        event.report.text_sha256 = "text u".into();
    });
    check(&[events[1].clone(), again], &[&["t", "u"]]);
    // A recalled event joins what it recalls, and does not bridge two incidents.
    let recalled = event("r").between("2024-03-11", "2024-03-14").with(|event| event.told = Told::Background);
    let (first, last) = (event("a").killed(4, 0), event("b").on("2024-03-14").killed(30, 0));
    let incidents = link(&[first, last, recalled], &Options::default());
    assert_eq!(incidents.iter().filter(|incident| incident.told == Told::News).count(), 2);
}

#[test]
fn copies_count_once() {
    let wire = "Gunmen attacked the market of Beya on Monday and killed fourteen people, the head of the district \
        said on the telephone; some three hundred households fled to Gol before the evening.";
    let copy = format!("(Agency) {wire}");
    let other = "Fourteen dead in Beya: a witness told this paper that men on motorcycles came at noon, fired at \
        stalls and left towards the river, and that nobody pursued them for hours.";
    let texts = [wire, &copy, other];
    let events: Vec<Event> = ["a", "b", "c"].iter().map(|id| event(id).killed(14, 0)).collect();
    let signed: Vec<_> =
        events.iter().zip(texts).map(|(event, text)| (event, Some(Arc::new(Signature::of(text))))).collect();
    let incidents = link_with(&signed, &Options::default());
    assert_eq!((incidents.len(), incidents[0].sources), (1, 2));
    let toll = incidents[0].claims.iter().find(|claim| claim.field == "losses.killed").unwrap();
    assert_eq!(toll.independent_of, ["ev_c"]);
}

#[test]
fn what_a_party_says_stands_beside_what_others_say() {
    let clash = |id: &str| {
        event(id).by(Role::Actor, "Gol Front", "rebel", Some("ac_gol")).by(
            Role::Recipient,
            "army",
            "state_military",
            Some("ac_army"),
        )
    };
    let events = [
        clash("a").killed(4, 0),
        // The army told it two days later, from its own side; there the army acts.
        event("b")
            .by(Role::Actor, "army", "state_military", Some("ac_army"))
            .by(Role::Recipient, "Gol Front", "rebel", Some("ac_gol"))
            .says(VoiceKind::State, Some(Side::A))
            .killed(20, 1)
            .with(|event| event.report.published = Some(date("2024-03-14"))),
    ];
    let incidents = check(&events, &[&["a", "b"]]);
    let army = incidents[0].parties.iter().find(|party| party.side == Side::B).unwrap();
    assert_eq!(army.claimed, Some(Bounds { low: 20, high: Some(20) }));
    assert_eq!((army.ratio, army.days_after, army.silent), (Some(5.0), Some(2), false));
    let front = incidents[0].parties.iter().find(|party| party.side == Side::A).unwrap();
    assert!(front.silent && front.speakers == ["ac_gol"]);
    assert_eq!(incidents[0].agreement["losses.killed"], Agreement::Conflict);
}

#[test]
fn who_did_it_decides_the_grade() {
    let actor = |event: Event, register: &str| event.by(Role::Actor, register, "rebel", Some(register));
    let one = check(&[actor(event("a"), "ac_gol")], &[&["a"]]);
    assert_eq!(one[0].grade, Grade::Weak);
    let two = check(&[actor(event("a"), "ac_gol"), actor(event("b"), "ac_gol")], &[&["a", "b"]]);
    assert_eq!(two[0].grade, Grade::Fair);
    let rival = check(&[actor(event("a"), "ac_gol"), actor(event("b"), "ac_kile")], &[&["a", "b"]]);
    assert_eq!(rival[0].grade, Grade::Contested);
    let claimed = actor(event("a"), "ac_gol").says(VoiceKind::ArmedGroup, Some(Side::A)).with(|event| {
        event.participants[0].attributions.push(Attribution {
            status: AttributionStatus::Claimed,
            voice: 1,
            mode: None,
            evidence: vec![],
        });
    });
    assert_eq!(check(&[claimed], &[&["a"]])[0].grade, Grade::Confirmed);
    let denied = event("a").with(|event| event.status = Status::Denied);
    assert_eq!(check(&[denied], &[&["a"]])[0].grade, Grade::Discounted);
}

#[test]
fn what_people_hold_outweighs_everything() {
    let events = [event("a"), event("b"), event("c").on("2024-06-01").at("Lodo", Some((14.0, 3.5)))];
    let ids = |linker: &Linker| -> Vec<Vec<usize>> {
        linker.clusters().into_iter().map(|cluster| cluster.members.clone()).collect()
    };
    let mut linker = Linker::new(Options::default());
    // Held before the events are there.
    linker.hold_same("ev_a", "ev_c");
    linker.add(events.iter().map(|event| Telling::new(event, None)).collect());
    linker.hold_different("ev_a", "ev_b");
    assert_eq!(ids(&linker), [vec![0, 2], vec![1]]);
    linker.hold_different("ev_a", "ev_c");
    linker.hold_same("ev_b", "ev_a");
    assert_eq!(ids(&linker), [vec![0, 1], vec![2]]);
}
