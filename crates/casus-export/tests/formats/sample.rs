//! Reports and readings made by hand, as the reader would give them.

use casus_record::*;

/// A report with its reading.
pub(crate) struct Sample {
    pub(crate) report: Report,
    pub(crate) reading: Reading,
}

fn span(text: &str, words: &str) -> Span {
    let start = text.find(words).unwrap_or_else(|| panic!("{words:?} is not in the text"));
    Span::new(start as u32, (start + words.len()) as u32)
}

fn date(text: &str) -> Date {
    text.parse().expect("a date")
}

fn report(id: &str, title: Option<&str>, published: &str, language: &str, text: &str) -> Report {
    Report {
        id: id.into(),
        text: text.into(),
        title: title.map(Into::into),
        publisher: Some("Aru Courier".into()),
        published: Some(date(published)),
        language: Some(language.into()),
        ..Report::default()
    }
}

fn event(report: &Report, id: &str, family: Family, trigger: &str) -> Event {
    let of = ReportRef {
        id: report.id.clone(),
        path: report.path.clone(),
        text_sha256: "00".repeat(32),
        title: report.title.clone(),
        publisher: report.publisher.clone(),
        published: report.published,
        language: report.language.clone(),
        ..ReportRef::default()
    };
    let made_by = MadeBy { casus: "0.1.0".into(), pack: "0123456789abcdef".into(), options: "".into() };
    let mut event = Event::bare(id, of, made_by);
    event.action.family = family;
    event.action.directionality = Directionality::OneSided;
    event.action.triggers = vec![span(&report.text, trigger)];
    event.voices = vec![voice(VoiceKind::Report, None, None, vec![])];
    event.confidence = 0.83;
    event
}

fn when(report: &Report, earliest: &str, latest: &str, stated: &str, basis: Basis) -> When {
    When {
        earliest: Some(date(earliest)),
        latest: Some(date(latest)),
        grain: Grain::Day,
        extent: Extent::Point,
        modifier: None,
        time_of_day: None,
        calendar: Calendar::Gregorian,
        uncertainty_days: 0,
        basis,
        stated: stated.into(),
        anchor: report.published,
        alternatives: vec![],
        reasons: vec![],
        evidence: vec![span(&report.text, stated)],
    }
}

fn place(report: &Report, name: &str, at: Option<(f64, f64)>) -> Where {
    Where {
        name: name.into(),
        resolved: at.map(|_| name.into()),
        stated: name.into(),
        detail: None,
        function: Function::Site,
        relation: PlaceRelation::At,
        distance_km: None,
        bearing: None,
        lat: at.map(|(lat, _)| lat),
        lon: at.map(|(_, lon)| lon),
        gazetteer: at.map(|_| "test:1".into()),
        kind: PlaceKind::PopulatedPlace,
        country: at.map(|_| "ZZ".into()),
        admin1: at.map(|_| "Aru".into()),
        admin2: None,
        admin3: None,
        within: vec![],
        precision: if at.is_some() { Precision::Place } else { Precision::Unresolved },
        confidence: if at.is_some() { 0.9 } else { 0.4 },
        evidence: vec![span(&report.text, name)],
        candidates: vec![],
    }
}

fn participant(report: &Report, role: Role, name: &str, class: &str, side: Side) -> Participant {
    let evidence = vec![span(&report.text, name)];
    Participant {
        role,
        kind: ParticipantKind::Group,
        name: name.into(),
        mentions: evidence.clone(),
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
            evidence: vec![],
        }],
        evidence,
    }
}

fn loss(
    report: &Report,
    outcome: LossOutcome,
    figure: u32,
    class: &str,
    count: Count,
    words: &str,
    voice: u32,
) -> Loss {
    Loss {
        outcome: vec![outcome],
        figure,
        included_in: None,
        who: Loser {
            class: class.into(),
            name: None,
            register: None,
            country: None,
            side: Side::B,
            attributes: vec![],
        },
        count,
        unit: Unit::Persons,
        cause: Cause::Direct,
        voices: vec![voice],
        evidence: vec![span(&report.text, words)],
    }
}

fn voice(kind: VoiceKind, name: Option<&str>, verb: Option<&str>, evidence: Vec<Span>) -> Voice {
    Voice {
        kind,
        side: None,
        cites: None,
        name: name.map(Into::into),
        register: None,
        verb: verb.map(Into::into),
        verification: None,
        evidence,
    }
}

/// The example of the contract.
pub(crate) fn night_attack() -> Sample {
    let report = report(
        "r1",
        Some("Fourteen die in Tarna"),
        "2024-03-14",
        "en",
        "On the night of 11-12 March gunmen attacked Old Tarna village, killing at least 14 people, including \
         three children, the district head said. Police put the toll at 11. Some 300 households fled to Gol.",
    );
    let text = &report.text;
    let mut event = event(&report, "ev_4c1d000000000001", Family::Attack, "attacked");
    let mut time =
        when(&report, "2024-03-11", "2024-03-12", "On the night of 11-12 March", Basis::YearInferred);
    time.time_of_day = Some(TimeOfDay::Night);
    event.when = Some(time);
    let mut tarna = place(&report, "Old Tarna", None);
    tarna.stated = "Old Tarna village".into();
    event.places = vec![tarna];
    event.participants = vec![
        participant(&report, Role::Actor, "gunmen", "armed_group_unspecified", Side::A),
        participant(&report, Role::Recipient, "people", "civilians", Side::B),
    ];
    event.voices.push(voice(
        VoiceKind::LocalAuthority,
        Some("the district head"),
        Some("said"),
        vec![span(text, "the district head")],
    ));
    event.voices.push(voice(VoiceKind::State, Some("Police"), Some("put"), vec![span(text, "Police")]));
    let count = |operator, value, stated: &str| Count::new(operator, value, stated);
    let mut children = loss(
        &report,
        LossOutcome::Killed,
        2,
        "civilians",
        count(Operator::Exact, 3, "three"),
        "three children",
        1,
    );
    children.included_in = Some(0);
    children.who.attributes = vec!["children".into()];
    let mut fled = loss(
        &report,
        LossOutcome::Displaced,
        3,
        "civilians",
        count(Operator::About, 300, "Some 300"),
        "Some 300 households",
        0,
    );
    fled.unit = Unit::Households;
    event.losses = vec![
        loss(
            &report,
            LossOutcome::Killed,
            1,
            "civilians",
            count(Operator::AtLeast, 14, "at least 14"),
            "at least 14 people",
            1,
        ),
        children,
        loss(&report, LossOutcome::Killed, 1, "unknown", count(Operator::Exact, 11, "11"), "11.", 2),
        fled,
    ];
    event.notes = vec![Note {
        code: "N0102".into(),
        message: "year not stated; taken from the publication date".into(),
        span: Some(span(text, "On the night of 11-12 March")),
    }];
    Sample { reading: Reading { events: vec![event], notes: vec![] }, report }
}

/// A total that owns two events, one of them along a road; and a recalled event.
pub(crate) fn strikes() -> Sample {
    let report = report(
        "r2",
        Some("Weekly overview"),
        "2024-05-10",
        "en",
        "Aircraft carried out six strikes on Tarna, and two on the Tarna-Gol road on 7 May, destroying a truck. \
         The raids killed between 12 and 20 fighters; dozens were wounded, a hospital said.\n\nA March raid on \
         Kile killed 12.",
    );
    let mut total = event(&report, "ev_9b07000000000002", Family::AirStrike, "strikes");
    total.scope = Scope::Aggregate;
    total.occurrences = Some(Count::new(Operator::Exact, 8, "six"));
    total.when = Some(when(&report, "2024-05-07", "2024-05-07", "on 7 May", Basis::YearInferred));
    total.voices.push(voice(
        VoiceKind::Medical,
        Some("a hospital"),
        Some("said"),
        vec![span(&report.text, "a hospital")],
    ));
    total.losses = vec![
        loss(
            &report,
            LossOutcome::Killed,
            1,
            "rebel",
            Count::between(12, 20, "between 12 and 20"),
            "between 12 and 20 fighters",
            0,
        ),
        loss(
            &report,
            LossOutcome::Wounded,
            2,
            "unknown",
            Count::vague("dozens", 24, "dozens"),
            "dozens were wounded",
            1,
        ),
    ];
    let part = Relation { kind: RelationKind::PartOf, event: total.id.clone() };

    let mut town = event(&report, "ev_e2f8000000000003", Family::AirStrike, "six strikes");
    town.when = total.when.clone();
    town.places = vec![place(&report, "Tarna", Some((10.5, 20.25)))];
    town.relations = vec![part.clone()];
    town.participants = vec![participant(&report, Role::Actor, "Aircraft", "unknown", Side::A)];

    let mut road = event(&report, "ev_07aa000000000004", Family::AirStrike, "two on the Tarna-Gol road");
    road.when = total.when.clone();
    road.occurrences = Some(Count::new(Operator::Exact, 2, "two"));
    let mut a = place(&report, "Tarna", Some((10.5, 20.25)));
    let mut b = place(&report, "Gol", Some((10.9, 20.75)));
    (a.function, a.relation) = (Function::EndA, PlaceRelation::Along);
    (b.function, b.relation) = (Function::EndB, PlaceRelation::Along);
    road.places = vec![a, b];
    road.relations = vec![part];
    road.materiel = vec![Materiel {
        outcome: MaterielOutcome::Destroyed,
        item: "truck".into(),
        side: Side::B,
        figure: 1,
        included_in: None,
        count: Count::new(Operator::Singular, 1, "a truck"),
        voices: vec![0],
        evidence: vec![span(&report.text, "a truck")],
    }];

    let mut recalled = event(&report, "ev_b35c000000000005", Family::AirStrike, "A March raid");
    recalled.told = Told::Background;
    recalled.when = Some(when(&report, "2024-03-01", "2024-03-31", "March", Basis::YearInferred));
    recalled.places = vec![place(&report, "Kile", Some((-1.25, -20.0)))];
    recalled.losses = vec![loss(
        &report,
        LossOutcome::Killed,
        1,
        "unknown",
        Count::new(Operator::Exact, 12, "12"),
        "killed 12",
        0,
    )];
    Sample { reading: Reading { events: vec![total, town, road, recalled], notes: vec![] }, report }
}

/// Text that runs from right to left.
pub(crate) fn right_to_left() -> Sample {
    let report = report(
        "r3",
        None,
        "2024-06-02",
        "ar",
        "قال سكان إن مسلحين هاجموا قرية بيا يوم السبت وقتلوا أربعة مزارعين.\nPolice confirmed the attack.",
    );
    let mut event = event(&report, "ev_d819000000000006", Family::Attack, "هاجموا");
    event.when = Some(when(&report, "2024-06-01", "2024-06-01", "يوم السبت", Basis::Anchored));
    event.places = vec![place(&report, "بيا", Some((12.0, 21.0)))];
    event.participants = vec![
        participant(&report, Role::Actor, "مسلحين", "armed_group_unspecified", Side::A),
        participant(&report, Role::Recipient, "مزارعين", "civilians", Side::B),
    ];
    event.voices.push(voice(VoiceKind::Witness, Some("سكان"), Some("قال"), vec![span(&report.text, "سكان")]));
    event.losses = vec![loss(
        &report,
        LossOutcome::Killed,
        1,
        "civilians",
        Count::new(Operator::Exact, 4, "أربعة"),
        "أربعة مزارعين",
        1,
    )];
    event.voices_of_event = vec![1];
    Sample { reading: Reading { events: vec![event], notes: vec![] }, report }
}

/// Text that tries to break out of every format.
pub(crate) fn hostile() -> Sample {
    let report = Report {
        title: Some("=HYPERLINK(\"http://x.invalid\")".into()),
        publisher: Some("@SUM(1+1)|cmd".into()),
        ..report(
            "</script><script>alert(1)</script>",
            None,
            "2024-01-01",
            "en",
            "-2+3 gunmen attacked </script><img src=x onerror=alert(1)> \u{202e}Lodo\u{0}\u{1b}[2J <!-- \
             ]]> &lt; \"quoted\"; ' OR 1=1 \u{2028}end.",
        )
    };
    let mut event = event(&report, "ev_61ce000000000007", Family::Attack, "attacked");
    event.places = vec![place(&report, "</script><img src=x onerror=alert(1)>", None)];
    event.participants =
        vec![participant(&report, Role::Actor, "\u{202e}Lodo\u{0}\u{1b}[2J", "unknown", Side::A)];
    Sample { reading: Reading { events: vec![event], notes: vec![] }, report }
}

/// A report without events.
pub(crate) fn quiet() -> Sample {
    let report = report("r5", Some("Harvest festival"), "2024-07-01", "en", "The festival at Beya was calm.");
    let note = Note { code: "N0001".into(), message: "no event found".into(), span: None };
    Sample { reading: Reading { events: vec![], notes: vec![note] }, report }
}

/// All of them, in this order.
pub(crate) fn all() -> Vec<Sample> {
    vec![night_attack(), strikes(), right_to_left(), hostile(), quiet()]
}
