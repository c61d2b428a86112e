//! Whether said probabilities come true: of the places said to be right with a confidence, how many are.
//!
//! A place is right if it is within 161 km of the marked one, as in the scorers of the task. Places that
//! overlap no marked place with a point are not counted: the sets leave out many that are places.

use casus_engine::mention::place::distance_km;
use serde_json::Value;

/// Kilometres, 100 miles.
const NEAR: f64 = 161.0;

/// Confidences are put together by tenths.
const BINS: usize = 10;

/// The expected calibration error, and for every tenth of confidence how many places there are, their mean
/// confidence and the share that is right.
pub(crate) fn places(gold: &[Value], predictions: &[Value]) -> Vec<(String, f64)> {
    let mut bins = [(0.0, 0.0, 0.0); BINS];
    let number = |value: &Value, field: &str| value[field].as_f64();
    let list = |value: &Value| value["toponyms"].as_array().cloned().unwrap_or_default();
    for (gold, prediction) in gold.iter().zip(predictions) {
        let marked = list(gold);
        for place in list(prediction) {
            let Some(confidence) = number(&place, "confidence") else { continue };
            let point = |value: &Value| number(value, "lat").zip(number(value, "lon"));
            let meets = |other: &&Value| {
                number(other, "start") < number(&place, "end")
                    && number(&place, "start") < number(other, "end")
            };
            let truth = marked.iter().filter(meets).find_map(point);
            let Some((truth, found)) = truth.zip(point(&place)) else { continue };
            let bin = &mut bins[((confidence * BINS as f64) as usize).min(BINS - 1)];
            bin.0 += 1.0;
            bin.1 += confidence;
            bin.2 += f64::from(u8::from(distance_km(truth, found) <= NEAR));
        }
    }
    let all: f64 = bins.iter().map(|bin| bin.0).sum();
    if all == 0.0 {
        return Vec::new();
    }
    let error: f64 = bins.iter().map(|bin| (bin.1 - bin.2).abs()).sum();
    let mut out = vec![("confidence_error".to_owned(), error / all)];
    for (tenth, (count, said, right)) in bins.into_iter().enumerate().filter(|(_, bin)| bin.0 > 0.0) {
        let name = |figure: &str| format!("confidence_{:02}_{figure}", tenth * 10);
        out.extend([(name("of"), count), (name("said"), said / count), (name("right"), right / count)]);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn said_is_held_against_right() {
        let place = |lat: f64, confidence: f64| json!({ "start": 0, "end": 4, "lat": lat, "lon": 0.0, "confidence": confidence });
        let document = |place: Value| json!({ "toponyms": [place] });
        let gold = vec![document(place(10.0, 0.0)); 4];
        let found: Vec<Value> = [(10.0, 0.85), (10.5, 0.85), (11.0, 0.85), (20.0, 0.85)]
            .map(|(lat, p)| document(place(lat, p)))
            .to_vec();
        let figures = places(&gold, &found);
        let figure = |name: &str| figures.iter().find(|(other, _)| other == name).map(|(_, value)| *value);
        assert_eq!(figure("confidence_80_of"), Some(4.0));
        assert_eq!(figure("confidence_80_right"), Some(0.75));
        assert!(figure("confidence_error").is_some_and(|error| (error - 0.1).abs() < 1e-9));
        assert!(places(&gold, &[document(json!({}))]).is_empty());
    }
}
