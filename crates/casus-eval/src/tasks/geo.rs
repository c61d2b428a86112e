//! Places mentioned: end to end (`geo`), and with the names' spans given (`geo-gold`).

use anyhow::{Context, Result};
use casus_engine::{
    Casus, Report, Span,
    mention::place::{PlaceMention, resolve_spans},
};
use serde_json::{Value, json};

/// All places that the text names, with the point of the best candidate.
pub(crate) fn predict(casus: &Casus, document: &Value) -> Result<Value> {
    let report = report(document)?;
    let traced = casus.read_traced(&report);
    let offsets = Offsets::new(&report.text);
    let toponyms: Vec<Value> =
        traced.mentions.places.iter().map(|place| toponym(place, false, &report.text, &offsets)).collect();
    Ok(json!({ "docid": document["docid"], "toponyms": toponyms }))
}

/// The same for the spans of the data set's `toponyms`; nothing else of them is read.
pub(crate) fn predict_gold(casus: &Casus, document: &Value) -> Result<Value> {
    let report = report(document)?;
    let offsets = Offsets::new(&report.text);
    let mut spans = Vec::new();
    for toponym in document["toponyms"].as_array().context("no toponyms")? {
        let at = |field: &str| toponym[field].as_u64().with_context(|| format!("no {field}"));
        spans.push(Span::new(offsets.byte(at("start")?), offsets.byte(at("end")?)));
    }
    let traced = casus.read_traced(&report);
    let data = casus.resources().places();
    let places =
        resolve_spans(data, &traced.document, &traced.mentions.times, &traced.mentions.actors, &spans);
    let toponyms: Vec<Value> =
        places.iter().map(|place| toponym(place, true, &report.text, &offsets)).collect();
    Ok(json!({ "docid": document["docid"], "toponyms": toponyms }))
}

pub(crate) fn report(document: &Value) -> Result<Report> {
    let text = document["text"].as_str().context("no text")?.to_owned();
    let field = |name: &str| document[name].as_str().map(str::to_owned);
    Ok(Report { text, title: field("title"), publisher: field("domain"), ..Report::default() })
}

/// `guess`: a name that the gazetteer lacks is answered too, with the place that the text names around it.
fn toponym(place: &PlaceMention, guess: bool, text: &str, offsets: &Offsets) -> Value {
    let best = place.best.as_ref().or(place.around.as_ref().filter(|_| guess));
    let geonames =
        place.best.as_ref().and_then(|best| best.gazetteer.strip_prefix("geonames:")?.parse::<u64>().ok());
    json!({
        "start": offsets.code_point(place.span.start),
        "end": offsets.code_point(place.span.end),
        "text": &text[place.span.range()],
        "lat": best.map(|best| best.lat),
        "lon": best.map(|best| best.lon),
        "geonameid": geonames,
        "confidence": place.best.as_ref().map(|_| place.confidence),
    })
}

/// Byte offsets of a text's characters, for turning either into the other.
pub(crate) struct Offsets(Vec<u32>);

impl Offsets {
    pub(crate) fn new(text: &str) -> Offsets {
        Offsets(text.char_indices().map(|(at, _)| at as u32).chain([text.len() as u32]).collect())
    }

    pub(crate) fn code_point(&self, byte: u32) -> usize {
        self.0.partition_point(|&at| at < byte)
    }

    pub(crate) fn byte(&self, code_point: u64) -> u32 {
        self.0[(code_point as usize).min(self.0.len() - 1)]
    }
}
