use casus_engine::*;
fn main() {
    let casus = Casus::embedded().expect("pack");
    for path in std::env::args().skip(1) {
        let text = std::fs::read_to_string(&path).expect("file");
        let report = Report { id: path, text, published: "2024-03-14".parse().ok(), ..Report::default() };
        let t = casus.read_traced(&report);
        for (s, chunks) in t.document.sentences.iter().zip(&t.frames.chunks) {
            let words: Vec<String> = s
                .tokens
                .clone()
                .map(|i| format!("{}/{:?}", t.document.word(i), t.document.tokens[i as usize].tag))
                .collect();
            println!("S: {}", words.join(" "));
            let c: Vec<String> = chunks
                .iter()
                .map(|c| {
                    format!(
                        "[{:?}{} {}]",
                        c.kind,
                        if c.kind == frame::chunk::ChunkKind::Verb {
                            format!("/{:?}", c.voice)
                        } else {
                            String::new()
                        },
                        t.document.words(&c.tokens).replace('\n', " ")
                    )
                })
                .collect();
            println!("C: {}", c.join(" "));
        }
        for (i, f) in t.frames.frames.iter().enumerate() {
            println!(
                "F{i} s{} {} {:?} weak={} {:?} fate={:?}",
                f.sentence,
                t.document.words(&f.tokens),
                f.modality,
                f.weak,
                f.rule,
                t.fates[i]
            );
            for a in &f.arguments {
                println!(
                    "    {:?} {:?} [{}] actor={:?}",
                    a.role,
                    t.document.words(&a.nominal.tokens),
                    a.rule,
                    a.nominal.actor.map(|x| t.mentions.actors[x].class.clone())
                );
            }
        }
        for e in &t.reading.events {
            println!(
                "E {:?} {:?} {:?} {:?} when={:?} where={:?}",
                e.action.family,
                e.status,
                e.told,
                e.scope,
                e.when.as_ref().map(|w| (w.earliest, w.latest, &w.stated)),
                e.places.iter().map(|p| &p.name).collect::<Vec<_>>()
            );
            for p in &e.participants {
                println!("    {:?} {} {} {:?}", p.role, p.name, p.class, p.kind);
            }
            for l in &e.losses {
                println!(
                    "    L {:?} {:?} {} {:?} fig={} inc={:?} voices={:?} {:?}",
                    l.outcome,
                    l.count.value,
                    l.count.stated,
                    l.who.class,
                    l.figure,
                    l.included_in,
                    l.voices,
                    l.who.side
                );
            }
            for v in &e.voices {
                println!("    V {:?} {:?}", v.kind, v.name);
            }
        }
    }
}
