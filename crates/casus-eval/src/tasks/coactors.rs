//! Task `coactors`: `{id, actors}`, who stands in one list with `actor_phrase` in `text`.

use casus_engine::{Casus, mention::actor};
use serde_json::{Value, json};

pub(crate) fn predict(casus: &Casus, document: &Value) -> Value {
    let text = document["text"].as_str().unwrap_or_default();
    let phrase = document["actor_phrase"].as_str().unwrap_or_default();
    json!({ "id": document["id"], "actors": actor::coordinated(casus.resources(), text, phrase) })
}
