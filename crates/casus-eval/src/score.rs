//! Scores predictions: with the Python scorers of `score/`, which are independent of casus and never
//! changed, and with own ones where a task has none.

use crate::{
    calibration,
    coreference::Coreference,
    documents::id,
    roots, rule_rows,
    sets::Scorer,
    tasks::{entities, event_location},
};
use anyhow::{Context, Result, bail};
use serde_json::Value;
use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
    process::Command,
};

/// Figures of a set.
#[derive(Debug, Default)]
pub(crate) struct Scores {
    /// Name and value of every figure of the whole set: shares from 0 to 1, or kilometres.
    pub(crate) summary: Vec<(String, f64)>,
    /// Figures of every document, by id, as name and value.
    pub(crate) rows: BTreeMap<String, Vec<(String, f64)>>,
}

/// Scores predictions against gold documents, which are in the same order.
pub(crate) fn score(scorer: Scorer, gold: &[Value], predictions: &[Value]) -> Result<Scores> {
    match scorer {
        Scorer::Actors => {
            let mut scores = share_right(gold, predictions, actor_is_right);
            // Rows without the name of an encyclopedia's page need no encyclopedia.
            let alone: BTreeMap<&str, &Value> = gold
                .iter()
                .filter(|row| row["expected"]["wiki"].is_null())
                .map(|row| (id(row), row))
                .collect();
            let rows = scores.rows.iter().filter(|(row, _)| alone.contains_key(row.as_str()));
            let of = rows.clone().count() as f64;
            let right: f64 = rows.flat_map(|(_, figures)| figures).map(|(_, value)| value).sum();
            scores.summary.push(("share_without_encyclopedia".to_owned(), right / of.max(1.0)));
            Ok(scores)
        }
        Scorer::Plover(fold) => Ok(roots::score(gold, predictions, fold)),
        Scorer::Coactors => Ok(share_right(gold, predictions, list_is_right)),
        Scorer::Linking => Ok(clusters_match(gold, predictions)),
        Scorer::UcdpGeo => Ok(share_right(gold, predictions, |gold, prediction| {
            Some(gold["where_prec"] == prediction["where_prec"])
        })),
        Scorer::Variants => Ok(variants(gold, predictions)),
        Scorer::Entities => Ok(entities::score(gold, predictions)),
        Scorer::EventLocation => {
            let mut scores = share_right(gold, predictions, places_are_right);
            let repaired: Vec<Value> = gold.iter().map(event_location::repaired).collect();
            let mut add = |name: &str, more: Scores| {
                let named =
                    more.summary.into_iter().map(|(figure, value)| (format!("{name}_{figure}"), value));
                scores.summary.extend(named);
            };
            add("with_place", share_right(gold, predictions, placed_are_right));
            add("repaired", share_right(&repaired, predictions, places_are_right));
            add("repaired_with_place", share_right(&repaired, predictions, placed_are_right));
            scores.summary.extend(event_places(&repaired, predictions));
            Ok(scores)
        }
        Scorer::UcdpTime => Ok(share_right(gold, predictions, dates_are_right)),
        Scorer::Duckling => Ok(share_of_rows(gold, predictions, rule_rows::duckling)),
        Scorer::Recognizers => Ok(share_of_rows(gold, predictions, rule_rows::recognizers)),
        Scorer::Geo => {
            let mut scores = by_script(scorer, gold, predictions)?;
            scores.summary.extend(calibration::places(gold, predictions));
            Ok(scores)
        }
        Scorer::Time | Scorer::Isaf | Scorer::Muc { .. } => by_script(scorer, gold, predictions),
    }
}

/// Scores by the scorers of `score/`.
fn by_script(scorer: Scorer, gold: &[Value], predictions: &[Value]) -> Result<Scores> {
    let folder = tempfile::tempdir()?;
    let write = |name: &str, values: &[Value]| -> Result<PathBuf> {
        let lines: String = values.iter().map(|value| format!("{value}\n")).collect();
        let path = folder.path().join(name);
        fs::write(&path, lines)?;
        Ok(path)
    };
    let (gold, predictions) = (write("gold.jsonl", gold)?, write("pred.jsonl", predictions)?);
    let scores = Python { gold, predictions, folder: folder.path().to_owned() };
    match scorer {
        Scorer::Time => scores.time(),
        Scorer::Geo => scores.geo(),
        Scorer::Isaf => scores.isaf(),
        Scorer::Muc { published } => scores.muc(published),
        _ => Ok(Scores::default()),
    }
}

/// The scorers of `score/`, run on files.
struct Python {
    gold: PathBuf,
    predictions: PathBuf,
    folder: PathBuf,
}

impl Python {
    fn run(&self, script: &str, arguments: &[&str]) -> Result<String> {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("score").join(script);
        let output = Command::new("python3")
            .arg("-B")
            .arg(&script)
            .args(arguments)
            .env("PYTHONHASHSEED", "0")
            .output()
            .context("cannot run python3, which the scorers need")?;
        if !output.status.success() {
            bail!("{} failed: {}", script.display(), String::from_utf8_lossy(&output.stderr).trim());
        }
        Ok(String::from_utf8(output.stdout)?)
    }

    fn files(&self) -> [&str; 2] {
        [self.gold.to_str().unwrap_or_default(), self.predictions.to_str().unwrap_or_default()]
    }

    /// Figures a document, from `score/rows.py`.
    fn rows(&self, task: &str) -> Result<BTreeMap<String, Vec<(String, f64)>>> {
        let [gold, predictions] = self.files();
        let mut out = BTreeMap::new();
        for line in self.run("rows.py", &[task, gold, predictions])?.lines() {
            let row: Value = serde_json::from_str(line)?;
            let figures = row["figures"].as_object().context("a row without figures")?;
            let figures = figures.iter().map(|(name, value)| (name.clone(), value.as_f64().unwrap_or(0.0)));
            out.insert(id(&row).to_owned(), figures.collect());
        }
        Ok(out)
    }

    fn time(&self) -> Result<Scores> {
        let [gold, predictions] = self.files();
        let all: Value = serde_json::from_str(&self.run("score_time.py", &[gold, predictions, "--json"])?)?;
        let summary = pick(
            &all,
            &[
                ("relaxed_p", "/relaxed/P"),
                ("relaxed_r", "/relaxed/R"),
                ("relaxed_f1", "/relaxed/F1"),
                ("strict_f1", "/strict/F1"),
                ("type_f1", "/type/F1"),
                ("value_f1", "/value/F1"),
                ("value_norm_f1", "/value_norm/F1"),
                ("strict_value_f1", "/strict+value/F1"),
            ],
        );
        Ok(Scores { summary, rows: self.rows("time")? })
    }

    fn geo(&self) -> Result<Scores> {
        let [gold, predictions] = self.files();
        let all: Value = serde_json::from_str(&self.run("score_geo.py", &[gold, predictions, "--json"])?)?;
        let mut figures = vec![
            ("recognised_exact_f1", "/rec_exact/F1"),
            ("recognised_overlap_p", "/rec_overlap/P"),
            ("recognised_overlap_r", "/rec_overlap/R"),
            ("recognised_overlap_f1", "/rec_overlap/F1"),
        ];
        if all.pointer("/gold_strict/n").and_then(Value::as_u64).unwrap_or(0) > 0 {
            figures.extend([
                ("end_to_end_p", "/e2e_overlap/P"),
                ("end_to_end_r", "/e2e_overlap/R"),
                ("end_to_end_f1", "/e2e_overlap/F1"),
                ("end_to_end_exact_f1", "/e2e_exact/F1"),
                ("acc161", "/gold_strict/acc161"),
                ("acc161_answered", "/gold_answered/acc161"),
                ("median_km", "/gold_strict/median_km"),
                ("geonameid_exact", "/geonameid/exact"),
            ]);
        }
        Ok(Scores { summary: pick(&all, &figures), rows: self.rows("geo")? })
    }

    fn isaf(&self) -> Result<Scores> {
        let [gold, predictions] = self.files();
        let mut summary = Vec::new();
        for line in self.run("score_isaf.py", &[gold, predictions])?.lines() {
            let (name, share) =
                line.trim_end().trim_end_matches('%').rsplit_once(' ').context("no figure")?;
            summary.push((name.trim().replace(' ', "_"), share.parse::<f64>()? / 100.0));
        }
        Ok(Scores { summary, rows: self.rows("isaf")? })
    }

    fn muc(&self, published: bool) -> Result<Scores> {
        let [gold, predictions] = self.files();
        let (json, tsv) = (self.folder.join("all.json"), self.folder.join("rows.tsv"));
        let mut arguments = vec!["--gold", gold, "--pred", predictions, "--quiet"];
        arguments.extend(["--json", json.to_str().unwrap_or_default()]);
        arguments.extend(["--per-doc", tsv.to_str().unwrap_or_default()]);
        if published {
            arguments.push("--published");
        }
        self.run("score_muc.py", &arguments)?;
        let all: Value = serde_json::from_str(&fs::read_to_string(json)?)?;
        let mut figures = vec![
            ("template_filling_p", "/tf/micro/p"),
            ("template_filling_r", "/tf/micro/r"),
            ("template_filling_f1", "/tf/micro/f1"),
            ("entities_f1", "/ree/micro/f1"),
            ("role_mentions_subset_f1", "/rme_subset/f1"),
            ("role_mentions_phi3_f1", "/rme_phi3/f1"),
            ("incident_type_f1", "/type/f1"),
            ("relevance_f1", "/relevance/f1"),
        ];
        if !published {
            figures.extend([
                ("slots_p", "/slots_all/ALL/p"),
                ("slots_r", "/slots_all/ALL/r"),
                ("slots_f1", "/slots_all/ALL/f1"),
            ]);
        }
        let mut summary = pick(&all, &figures);
        let slots = all.pointer("/slots_all").and_then(Value::as_object).filter(|_| !published);
        for (slot, figures) in slots.into_iter().flatten().filter(|(slot, _)| *slot != "ALL") {
            let name = format!("slot_{}_f1", slot.to_lowercase().replace([' ', ':', '-'], "_"));
            summary.push((name, figures["f1"].as_f64().unwrap_or(0.0)));
        }
        let tsv = fs::read_to_string(tsv)?;
        let mut lines = tsv.lines().map(|line| line.split('\t'));
        let names: Vec<&str> = lines.next().map(|line| line.skip(1).collect()).unwrap_or_default();
        let rows = lines
            .filter_map(|mut line| {
                let id = line.next()?.to_owned();
                let figures = names.iter().zip(line);
                Some((id, figures.map(|(n, x)| ((*n).to_owned(), x.parse().unwrap_or(0.0))).collect()))
            })
            .collect();
        Ok(Scores { summary, rows })
    }
}

/// Figures by name and JSON pointer; those that are null are left out.
fn pick(all: &Value, figures: &[(&str, &str)]) -> Vec<(String, f64)> {
    figures
        .iter()
        .filter_map(|(name, pointer)| Some(((*name).to_owned(), all.pointer(pointer)?.as_f64()?)))
        .collect()
}

/// MUC, B-cubed, CEAF-e and their mean over all mentions of actions, those without a gold cluster each
/// on its own; a mention that was not predicted is on its own too. For each document, the share of its
/// mentions whose predicted cluster has just the mentions of their gold cluster.
fn clusters_match(gold: &[Value], predictions: &[Value]) -> Scores {
    let mut numbers: BTreeMap<String, usize> = BTreeMap::new();
    let (mut key, mut response, mut owners) = (Vec::new(), Vec::new(), Vec::new());
    for (number, (document, prediction)) in gold.iter().zip(predictions).enumerate() {
        let list = |value: &'_ Value| value["mentions"].as_array().cloned().unwrap_or_default();
        let predicted: BTreeMap<(u64, u64), String> = list(prediction)
            .iter()
            .filter_map(|one| {
                Some(((one["start"].as_u64()?, one["end"].as_u64()?), one["cluster"].as_str()?.to_owned()))
            })
            .collect();
        let is_action = |one: &&Value| {
            one["type"].as_str().is_some_and(|kind| kind.starts_with("ACTION") || kind.starts_with("NEG"))
        };
        let mentions = list(document);
        for (at, one) in mentions.iter().filter(is_action).enumerate() {
            let mut cluster = |side: &str, name: Option<String>| {
                let name = name
                    .map_or_else(|| format!("{side} alone {number} {at}"), |name| format!("{side} {name}"));
                let next = numbers.len();
                *numbers.entry(name).or_insert(next)
            };
            let span = (one["start"].as_u64().unwrap_or(0), one["end"].as_u64().unwrap_or(0));
            key.push(cluster("gold", one["cluster"].as_str().map(str::to_owned)));
            response.push(cluster("found", predicted.get(&span).cloned()));
            owners.push(number);
        }
    }
    let score = Coreference::of(&key, &response);
    let mut summary = vec![("conll_f1".to_owned(), score.conll())];
    for (name, [p, r, f]) in [("muc", score.muc), ("b_cubed", score.b_cubed), ("ceaf_e", score.ceaf_e)] {
        summary.extend([(format!("{name}_p"), p), (format!("{name}_r"), r), (format!("{name}_f1"), f)]);
    }
    let mut pairs: BTreeMap<(usize, usize), usize> = BTreeMap::new();
    let (mut of_key, mut of_response) = (BTreeMap::<usize, usize>::new(), BTreeMap::<usize, usize>::new());
    for (k, r) in key.iter().zip(&response) {
        *pairs.entry((*k, *r)).or_default() += 1;
        *of_key.entry(*k).or_default() += 1;
        *of_response.entry(*r).or_default() += 1;
    }
    let mut rows: BTreeMap<usize, (f64, f64)> = BTreeMap::new();
    for ((k, r), owner) in key.iter().zip(&response).zip(&owners) {
        let exact = pairs[&(*k, *r)] == of_key[k] && pairs[&(*k, *r)] == of_response[r];
        let row = rows.entry(*owner).or_default();
        *row = (row.0 + f64::from(u8::from(exact)), row.1 + 1.0);
    }
    let figures =
        |(right, all): (f64, f64)| vec![("mentions".to_owned(), all), ("exact".to_owned(), right / all)];
    Scores {
        summary,
        rows: rows.into_iter().map(|(owner, row)| (id(&gold[owner]).to_owned(), figures(row))).collect(),
    }
}

/// The share of documents whose prediction is right; documents that have no gold do not count.
fn share_right(gold: &[Value], predictions: &[Value], right: fn(&Value, &Value) -> Option<bool>) -> Scores {
    let rows: BTreeMap<String, bool> = gold
        .iter()
        .zip(predictions)
        .filter_map(|(gold, prediction)| Some((id(gold).to_owned(), right(gold, prediction)?)))
        .collect();
    let number = rows.values().filter(|right| **right).count() as f64;
    let summary = vec![
        ("right".to_owned(), number),
        ("of".to_owned(), rows.len() as f64),
        ("share".to_owned(), number / (rows.len() as f64).max(1.0)),
    ];
    let figure = |right: bool| vec![("right".to_owned(), f64::from(u8::from(right)))];
    Scores { summary, rows: rows.into_iter().map(|(id, right)| (id, figure(right))).collect() }
}

/// As [`share_right`], with the rows that have no time: how many there are, and how many were read as one.
fn share_of_rows(gold: &[Value], predictions: &[Value], right: fn(&Value, &Value) -> Option<bool>) -> Scores {
    let mut scores = share_right(gold, predictions, right);
    let fired: BTreeMap<String, bool> = gold
        .iter()
        .zip(predictions)
        .filter_map(|(gold, prediction)| Some((id(gold).to_owned(), rule_rows::fired(gold, prediction)?)))
        .collect();
    scores.summary.push(("without_a_time".to_owned(), fired.len() as f64));
    scores.summary.push(("fired".to_owned(), fired.values().filter(|fired| **fired).count() as f64));
    let figure = |fired: bool| vec![("fired".to_owned(), f64::from(u8::from(fired)))];
    scores.rows.extend(fired.into_iter().map(|(id, fired)| (id, figure(fired))));
    scores
}

/// The set of predicted spans is the set of marked ones: each overlaps one of the other.
fn places_are_right(gold: &Value, prediction: &Value) -> Option<bool> {
    Some(event_location::meet(&event_location::spans(gold), &event_location::spans(prediction)))
}

/// The places of the events that casus makes of the marked verbs: share of events with all places right, and of
/// the places found and marked, those that are right.
fn event_places(gold: &[Value], predictions: &[Value]) -> Vec<(String, f64)> {
    let (mut events, mut right, mut found, mut marked, mut met) = (0.0, 0.0, 0.0, 0.0, (0.0, 0.0));
    for (gold, prediction) in gold.iter().zip(predictions) {
        if prediction["event"].is_null() {
            continue;
        }
        let (gold, event) = (event_location::spans(gold), event_location::spans(&prediction["event"]));
        let of = |a: &[(u64, u64)], b: &[(u64, u64)]| {
            a.iter().filter(|x| b.iter().any(|y| x.0 < y.1 && y.0 < x.1)).count() as f64
        };
        events += 1.0;
        right += f64::from(u8::from(event_location::meet(&gold, &event)));
        found += event.len() as f64;
        marked += gold.len() as f64;
        met.0 += of(&event, &gold);
        met.1 += of(&gold, &event);
    }
    [
        ("events_of", events),
        ("events_share", right / f64::max(events, 1.0)),
        ("events_places_p", met.0 / f64::max(found, 1.0)),
        ("events_places_r", met.1 / f64::max(marked, 1.0)),
    ]
    .map(|(name, value)| (name.to_owned(), value))
    .to_vec()
}

/// The same of records that have a place.
fn placed_are_right(gold: &Value, prediction: &Value) -> Option<bool> {
    if event_location::spans(gold).is_empty() { None } else { places_are_right(gold, prediction) }
}

/// Share of held-out names whose place comes first, of each country and of all, of those that no other place
/// bears, and with no namesake near by counted as the place.
fn variants(gold: &[Value], predictions: &[Value]) -> Scores {
    let mut scores = share_right(gold, predictions, |_, prediction| prediction["right"].as_bool());
    let mut countries: BTreeMap<&str, (f64, f64)> = BTreeMap::new();
    for prediction in predictions {
        let sum = countries.entry(prediction["country"].as_str().unwrap_or_default()).or_default();
        sum.0 += f64::from(u8::from(prediction["right"] == true));
        sum.1 += 1.0;
    }
    let alone = share_right(gold, predictions, |gold, prediction| {
        if gold["shared"] == true { None } else { prediction["right"].as_bool() }
    });
    scores.summary.extend(alone.summary.into_iter().map(|(name, value)| (format!("unshared_{name}"), value)));
    let itself = predictions.iter().filter(|prediction| prediction["itself"] == true).count();
    scores.summary.push(("itself_share".to_owned(), itself as f64 / predictions.len().max(1) as f64));
    for (country, (right, of)) in countries {
        scores.summary.push((format!("share_{}", country.to_lowercase()), right / of));
    }
    scores
}

/// UCDP GED codebook 23.1, appendix 2: start, end and precision must all be right.
fn dates_are_right(gold: &Value, prediction: &Value) -> Option<bool> {
    Some(["date_start", "date_end", "date_prec"].iter().all(|field| gold[field] == prediction[field]))
}

/// NGEC's own tests of actor coding: what a test asserts of country and codes must hold. Tests of
/// page titles only are no tests of coding.
fn actor_is_right(gold: &Value, prediction: &Value) -> Option<bool> {
    let expected = gold["expected"].as_object()?;
    let field = |name: &str| prediction[name].as_str().unwrap_or_default();
    let mut asserted = false;
    let mut right = true;
    for (name, value) in expected {
        let text = value.as_str().unwrap_or_default();
        right &= match name.as_str() {
            "country" | "code_1" | "code_2" => field(name) == text,
            "cc" => field("country") == text,
            "country:NotEq" => field("country") != text,
            // No code at all.
            "code" | "code:Is" => field("code_1").is_empty(),
            _ => continue,
        };
        asserted = true;
    }
    asserted.then_some(right)
}

/// The same actors, in any order.
fn list_is_right(gold: &Value, prediction: &Value) -> Option<bool> {
    let set = |list: &Value| -> BTreeSet<String> {
        list.as_array().into_iter().flatten().filter_map(|actor| actor.as_str().map(str::to_owned)).collect()
    };
    Some(set(&gold["expected_actors"]) == set(&prediction["actors"]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;
    use sha2::{Digest, Sha256};

    #[test]
    fn the_scorers_are_the_ones_published() {
        let scorers = [
            ("score_geo.py", "d540382c47ae39d0a6cdc4700b857ed0b1906ce7a62b103885cadc98a545d06a"),
            ("score_isaf.py", "5e873e70f8b10fdc4be824e94b102a066831cdb403da71ca8b986e24dbe9480c"),
            ("score_muc.py", "64ef836f65fb19d39ff8e740ce048746446a47e948faa35b6f040b2dbd8a305a"),
            ("score_time.py", "87e93c8735f792459cf0ce81736ac6eeda6288b270ef0cd0543a961f4e536d85"),
        ];
        for (name, expected) in scorers {
            let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("score").join(name);
            let hash: String =
                Sha256::digest(fs::read(path).unwrap()).iter().map(|byte| format!("{byte:02x}")).collect();
            assert_eq!(hash, expected, "{name} was changed: results are no longer comparable");
        }
    }

    fn check(scorer: Scorer, gold: Value, prediction: Value, name: &str, expected: f64) {
        let scores = score(scorer, &[gold], &[prediction]).unwrap();
        let found = scores.summary.iter().find(|(figure, _)| figure == name);
        assert_eq!(found.map(|(_, value)| *value), Some(expected), "{scores:?}");
    }

    /// Worked by hand: one figure a scorer.
    #[test]
    fn figures_are_read_from_every_scorer() {
        let times = |value: &str| json!({"docid": "a", "timexes": [{"start": 0, "end": 4, "type": "DATE", "value": value}]});
        check(Scorer::Time, times("2014"), times("2014"), "value_f1", 1.0);
        check(Scorer::Time, times("2014"), times("2015"), "value_f1", 0.0);
        check(Scorer::Time, times("2014"), times("2015"), "strict_f1", 1.0);
        let place = |lat: f64| json!({"docid": "a", "toponyms": [{"start": 0, "end": 4, "lat": lat, "lon": 10.0, "geonameid": 1}]});
        // One degree of latitude is 111 km, two are 222 km.
        check(Scorer::Geo, place(10.0), place(11.0), "end_to_end_f1", 1.0);
        check(Scorer::Geo, place(10.0), place(12.0), "end_to_end_f1", 0.0);
        check(Scorer::Geo, place(10.0), place(12.0), "recognised_exact_f1", 1.0);
        let dates =
            |start: &str| json!({"id": "a", "date_start": start, "date_end": "2021-03-17", "date_prec": 1});
        check(Scorer::UcdpTime, dates("2021-03-17"), dates("2021-03-17"), "right", 1.0);
        check(Scorer::UcdpTime, dates("2021-03-17"), dates("2021-03-16"), "right", 0.0);
        let actor = json!({"id": "a", "expected": {"country": "USA", "code_1": "MIL"}});
        check(
            Scorer::Actors,
            actor.clone(),
            json!({"id": "a", "country": "USA", "code_1": "MIL", "code_2": ""}),
            "share",
            1.0,
        );
        check(
            Scorer::Actors,
            actor,
            json!({"id": "a", "country": "USA", "code_1": "", "code_2": ""}),
            "share",
            0.0,
        );
        let page = json!({"id": "a", "expected": {"country": "USA", "wiki": "A"}});
        check(Scorer::Actors, page, json!({"id": "a", "country": "USA"}), "share_without_encyclopedia", 0.0);
        let list = |actors: &[&str]| json!({"id": "a", "expected_actors": ["B", "A"], "actors": actors});
        check(Scorer::Coactors, list(&[]), list(&["A", "B"]), "right", 1.0);
        check(Scorer::Coactors, list(&[]), list(&["A"]), "right", 0.0);
        let none = json!({"id": "a", "expected": {"code:Is": null}});
        check(
            Scorer::Actors,
            none,
            json!({"id": "a", "country": "", "code_1": "", "code_2": ""}),
            "share",
            1.0,
        );
        let places = |spans: &[(u64, u64)]| {
            let list: Vec<_> = spans.iter().map(|(start, end)| json!({"start": start, "end": end})).collect();
            json!({"docid": "a", "locations": list})
        };
        // Overlap is enough, but every span of either side must meet one of the other.
        for (gold, found, right) in [
            (places(&[]), places(&[]), 1.0),
            (places(&[]), places(&[(0, 4)]), 0.0),
            (places(&[(0, 9)]), places(&[(5, 12)]), 1.0),
            (places(&[(0, 9)]), places(&[(9, 12)]), 0.0),
            (places(&[(0, 4), (5, 9)]), places(&[(0, 9)]), 1.0),
            (places(&[(0, 4), (8, 9)]), places(&[(0, 4)]), 0.0),
            (places(&[(0, 4)]), places(&[(0, 4), (8, 9)]), 0.0),
        ] {
            let one = !gold["locations"].as_array().unwrap().is_empty();
            check(Scorer::EventLocation, gold.clone(), found.clone(), "share", right);
            check(Scorer::EventLocation, gold, found, "with_place_of", f64::from(u8::from(one)));
        }
        let precise = |code: u8| json!({"id": "a", "where_prec": code});
        check(Scorer::UcdpGeo, precise(2), precise(2), "share", 1.0);
        check(Scorer::UcdpGeo, precise(2), precise(3), "share", 0.0);
        let title = json!({"id": "a", "expected": {"title": "T"}});
        check(Scorer::Actors, title, json!({"id": "a", "country": ""}), "of", 0.0);
    }
}
