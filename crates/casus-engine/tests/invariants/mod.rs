//! What every reading of every text must keep. Shared by the smoke test and the fuzz targets.

use casus_engine::{Casus, Count, Event, Report, Span};

/// Reads a text and checks the reading; panics if it breaks a rule.
pub(crate) fn check(casus: &Casus, text: &str) {
    let report = Report {
        id: "any".into(),
        text: text.to_owned(),
        published: "2024-03-14".parse().ok(),
        ..Report::default()
    };
    let traced = casus.read_traced(&report);
    let span = |span: Span| {
        assert!(span.start <= span.end, "{span:?} ends before it starts in {text:?}");
        assert!(text.get(span.range()).is_some(), "{span:?} is off the characters of {text:?}");
    };
    for count in &traced.mentions.counts {
        span(count.span);
        bounds(&count.count);
    }
    traced.mentions.times.iter().for_each(|mention| span(mention.span));
    traced.mentions.places.iter().for_each(|mention| span(mention.span));
    traced.mentions.actors.iter().for_each(|mention| span(mention.span));
    traced.mentions.weapons.iter().for_each(|mention| span(mention.span));
    traced.mentions.voices.iter().for_each(|mention| span(mention.span));
    traced.reading.notes.iter().filter_map(|note| note.span).for_each(span);
    for event in &traced.reading.events {
        self::event(event, span);
    }
    let again = casus.read(&report);
    assert_eq!(json(&traced.reading.events), json(&again.events), "two readings of {text:?} differ");
}

fn json(events: &[Event]) -> String {
    serde_json::to_string(events).expect("a record can be written")
}

/// Low is not above high.
fn bounds(count: &Count) {
    if let (Some(low), Some(high)) = (count.low, count.high) {
        assert!(low <= high, "{count:?}");
    }
}

fn event(event: &Event, span: impl Fn(Span)) {
    let all = |spans: &[Span]| spans.iter().copied().for_each(&span);
    all(&event.action.triggers);
    event.action.weapons.iter().for_each(|weapon| all(&weapon.evidence));
    if let Some(when) = &event.when {
        all(&when.evidence);
        if let (Some(earliest), Some(latest)) = (when.earliest, when.latest) {
            assert!(earliest <= latest, "{when:?}");
        }
    }
    for place in &event.places {
        all(&place.evidence);
        assert!(place.lat.is_none_or(|lat| (-90.0..=90.0).contains(&lat)), "{place:?}");
        assert!(place.lon.is_none_or(|lon| (-180.0..=180.0).contains(&lon)), "{place:?}");
        assert_eq!(place.lat.is_some(), place.lon.is_some(), "{place:?}");
    }
    let voice = |index: u32| {
        assert!((index as usize) < event.voices.len(), "no voice {index} in {}", event.id);
    };
    assert!(!event.voices.is_empty(), "{}: the report itself is a voice", event.id);
    event.voices_of_event.iter().copied().for_each(voice);
    for spoken in &event.voices {
        all(&spoken.evidence);
        spoken.cites.into_iter().for_each(voice);
    }
    for participant in &event.participants {
        all(&participant.mentions);
        all(&participant.evidence);
        participant.count.iter().for_each(bounds);
        for attribution in &participant.attributions {
            all(&attribution.evidence);
            voice(attribution.voice);
        }
    }
    event.occurrences.iter().for_each(bounds);
    // A row is contained in another one, and never in a circle.
    let contained = |included_in: Vec<Option<u32>>| {
        for (index, row) in included_in.iter().enumerate() {
            let (mut at, mut steps) = (*row, 0);
            while let Some(whole) = at {
                assert!((whole as usize) < included_in.len(), "{}: row {index} in no row", event.id);
                steps += 1;
                assert!(steps <= included_in.len(), "{}: row {index} contains itself", event.id);
                at = included_in[whole as usize];
            }
        }
    };
    contained(event.losses.iter().map(|row| row.included_in).collect());
    contained(event.materiel.iter().map(|row| row.included_in).collect());
    for row in &event.losses {
        all(&row.evidence);
        bounds(&row.count);
        row.voices.iter().copied().for_each(voice);
        assert!(!row.outcome.is_empty(), "{}: a loss without outcome", event.id);
    }
    for row in &event.materiel {
        all(&row.evidence);
        bounds(&row.count);
        row.voices.iter().copied().for_each(voice);
    }
    assert!((0.0..=1.0).contains(&event.confidence), "{}: confidence {}", event.id, event.confidence);
    event.notes.iter().filter_map(|note| note.span).for_each(span);
}
