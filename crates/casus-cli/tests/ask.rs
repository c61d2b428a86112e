//! `--reader-url`: what a server on this machine answers, and what becomes of it.

use serde_json::{Value, json};
use std::{
    fs,
    io::{Read, Write},
    net::{TcpListener, TcpStream},
    path::Path,
    process::{Command, Output},
    thread::{self, JoinHandle},
};
use tempfile::TempDir;

/// Grammar ties the trader to no event; the rules see the attack.
const TEXT: &str =
    "Ana Morel, a trader, was on her way home in Beya on 3 May 2023. Gunmen opened fire on a bus.";

/// A server that gives each of `answers` to one request, and then what it was asked.
struct Server {
    url: String,
    asked: JoinHandle<Vec<String>>,
}

impl Server {
    fn new(answers: Vec<Vec<u8>>) -> Server {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let url = format!("http://{}/v1", listener.local_addr().expect("an address"));
        let asked = thread::spawn(move || {
            let answer = |answer: Vec<u8>| {
                let (mut stream, _) = listener.accept().expect("a request");
                let request = request(&mut stream);
                // Who asked may have had enough before the end.
                let _ = stream.write_all(&answer);
                if answer.is_empty() {
                    // No answer: the other side gives up, and closes.
                    let _ = stream.read(&mut [0]);
                }
                request
            };
            answers.into_iter().map(answer).collect()
        });
        Server { url, asked }
    }
}

/// A whole request: its head and as much as it says.
fn request(stream: &mut TcpStream) -> String {
    let mut bytes = Vec::new();
    let mut buffer = [0; 4096];
    loop {
        let read = stream.read(&mut buffer).expect("a request");
        bytes.extend_from_slice(&buffer[..read]);
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head.lines().find_map(|line| line.strip_prefix("Content-Length: "));
            if read == 0 || length.is_some_and(|length| body.len() >= length.parse().expect("a number")) {
                return text;
            }
        }
    }
}

fn http(status: &str, body: &str) -> Vec<u8> {
    format!("HTTP/1.1 {status}\r\nContent-Length: {}\r\n\r\n{body}", body.len()).into_bytes()
}

/// An answer of OpenAI's form.
fn says(content: &str) -> Vec<u8> {
    let choice = json!({ "message": { "role": "assistant", "content": content }, "finish_reason": "stop" });
    http("200 OK", &json!({ "choices": [choice] }).to_string())
}

fn casus(folder: &Path, args: &[&str]) -> Output {
    let output = Command::new(env!("CARGO_BIN_EXE_casus"))
        .args(args)
        .current_dir(folder)
        .env("CASUS_READER_KEY", "secret-of-the-test")
        .output();
    output.expect("casus runs")
}

/// Reads `TEXT` with a server that gives these answers; the records and what was said on standard error.
#[track_caller]
fn read(answers: Vec<Vec<u8>>, more: &[&str], stderr: &str) -> (Vec<Value>, Vec<String>) {
    let folder = TempDir::new().expect("a temporary folder");
    fs::write(folder.path().join("a.txt"), TEXT).expect("file");
    let server = Server::new(answers);
    let args = ["read", "a.txt", "--format", "jsonl", "--profile", "fast"];
    let asking = ["--reader-url", &server.url, "--reader-model", "tiny model"];
    let output = casus(folder.path(), &[&args[..], &asking, more].concat());
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(0), "{said}");
    assert!(said.contains(stderr), "no {stderr:?} in\n{said}");
    assert!(!said.contains("secret-of-the-test") && !said.contains("panicked"), "{said}");
    let out = String::from_utf8(output.stdout).expect("UTF-8");
    assert!(!out.contains("secret-of-the-test"), "{out}");
    let records = out.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    (records, server.asked.join().expect("the server ends"))
}

fn names(record: &Value) -> Vec<&str> {
    let all = record["participants"].as_array().expect("participants");
    all.iter().map(|participant| participant["name"].as_str().expect("a name")).collect()
}

const MORE: &str = r#"{"incidents": [{"kind": "attack", "victims": ["Ana Morel"], "perpetrators": ["the Front of Gol"],
    "targets": ["a bus"]}]}"#;

#[test]
fn words_of_the_text_count_and_others_do_not() {
    let (records, asked) =
        read(vec![says(MORE)], &[], "1 answer of the reader outside do not stand in the text");
    let [record] = &records[..] else { panic!("one event: {records:#?}") };
    assert!(names(record).contains(&"Ana Morel"), "{record:#}");
    assert!(!names(record).contains(&"the Front of Gol"), "{record:#}");
    let notes = record["notes"].as_array().expect("notes");
    let note = notes.iter().find(|note| note["code"] == "N0202").expect("a note on what was added");
    let at = names(record).iter().position(|name| *name == "Ana Morel").expect("there");
    assert!(
        note["message"].as_str().expect("words").contains(&format!("participants[{at}] by tiny model")),
        "{note}"
    );
    let [start, end] = [0, 1].map(|at| note["span"][at].as_u64().expect("an offset") as usize);
    assert!(TEXT[start..end].contains("Ana Morel"), "{note}");
    let made_by = record["made_by"]["options"].as_str().expect("options");
    assert!(made_by.ends_with(" reader=tiny_model"), "{made_by}");
    let [asked] = &asked[..] else { panic!("one request: {asked:?}") };
    assert!(asked.starts_with("POST /v1/chat/completions HTTP/1.1\r\n"), "{asked}");
    assert!(asked.contains("Authorization: Bearer secret-of-the-test\r\n"), "{asked}");
    let body: Value = serde_json::from_str(asked.split_once("\r\n\r\n").expect("a body").1).expect("JSON");
    assert_eq!(body["messages"][1]["content"], TEXT);
    assert_eq!((&body["model"], &body["temperature"]), (&json!("tiny model"), &json!(0)));
    // The same answer gives the same record.
    assert_eq!(read(vec![says(MORE)], &[], "").0, records);
}

#[test]
fn what_goes_wrong_is_a_note() {
    let check = |answers: Vec<Vec<u8>>, more: &[&str], stderr: &str| {
        let (records, _) = read(answers, more, stderr);
        let [record] = &records[..] else { panic!("one event: {records:#?}") };
        assert!(!names(record).contains(&"Ana Morel"), "{record:#}");
        let notes = record["notes"].as_array().expect("notes");
        assert!(
            notes.iter().any(|note| note["message"].as_str().is_some_and(|m| m.contains(stderr))),
            "{record:#}"
        );
    };
    check(vec![says("I cannot help with that.")], &[], "no JSON in it");
    check(vec![says("{\"incidents\": 7}")], &[], "not what was asked for");
    check(vec![http("200 OK", "<html>")], &[], "not of OpenAI's form");
    check(vec![http("500 Oh", "{}")], &[], "status 500");
    check(vec![b"hello".to_vec()], &[], "not HTTP");
    check(vec![b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{}".to_vec()], &[], "cut off");
    let mut huge = b"HTTP/1.1 200 OK\r\n\r\n".to_vec();
    huge.resize(5 << 20, b' ');
    check(vec![huge], &[], "larger than 4 MiB");
    check(vec![Vec::new()], &["--reader-timeout", "0.2"], "no answer in 0.2 s");
    // What a report or a model may try adds nothing that the text does not hold.
    check(vec![says("{\"incidents\": [{\"victims\": [\"\", \" \", \"Ana\\u0000\"]}]}")], &[], "3 answers");
}

#[test]
fn a_server_that_is_not_there_stops_nothing() {
    let folder = TempDir::new().expect("a temporary folder");
    let rows: String =
        (0..8).map(|n| format!("{}\n", json!({ "id": format!("r{n}"), "text": TEXT }))).collect();
    fs::write(folder.path().join("a.jsonl"), rows).expect("file");
    // A port that was free a moment ago.
    let gone = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a port");
    let url = format!("http://{gone}/v1");
    let args =
        ["read", "a.jsonl", "--format", "jsonl", "--reader-url", &url, "--reader-model", "m", "--jobs", "1"];
    let output = casus(folder.path(), &args);
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(0), "{said}");
    assert_eq!(String::from_utf8_lossy(&output.stdout).lines().count(), 8);
    for part in
        ["m did not answer: nobody listens there", "m was not asked any more: it did not answer 5 times"]
    {
        assert!(said.contains(part), "no {part:?} in\n{said}");
    }
}

#[test]
fn other_machines_are_refused() {
    let check = |args: &[&str], reason: &str| {
        let folder = TempDir::new().expect("a temporary folder");
        fs::write(folder.path().join("a.txt"), TEXT).expect("file");
        let output = casus(folder.path(), &[&["read", "a.txt"], args].concat());
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{args:?}\n{said}");
        assert!(said.contains(reason), "{args:?}: no {reason:?} in\n{said}");
    };
    check(
        &["--reader-url", "http://192.0.2.7:80/v1", "--reader-model", "m"],
        "reports would go there in the clear",
    );
    check(&["--reader-url", "https://127.0.0.1/v1", "--reader-model", "m"], "a proxy that speaks TLS");
    check(&["--reader-url", "http://127.0.0.1:80/v1"], "--reader-model");
    check(&["--reader-timeout", "0"], "3600 seconds");
}
