//! Scores readings of rule corpora: short texts with the time that each must be read as.
//!
//! **Right** is the same time at the grain of the row:
//!
//! - An instant of a day or more: the reading's interval, or one that it keeps as an alternative, is that
//!   day, week, month, quarter or year, or its TIMEX value says so. Where the words count units from the
//!   reference ("three months ago"), the corpus may write the day in one finer unit; the reading may
//!   have the unit that the words name.
//! - An interval whose ends are told: the same first and last day. One whose ends are a matter of
//!   convention (early, late, seasons, weeks of a month, "the last two weeks", weekends): at least half of the days of both
//!   together are in both.
//! - A part of a day: the same day, and a part that holds the hour at which the row's interval begins. If
//!   the words tell no day, only the part counts.
//! - A time of day: the same hour and minute on the same day, or those in the other half of the day if the words
//!   do not tell which and the reading keeps both. If the reading took the day from the reference, the corpus
//!   may have the next one. Times in another zone are compared by the speaker's clock.
//! - An open interval: it is open on the same side, and its other end is the row's, with or without the
//!   unit that is told.
//! - A stretch of a day: its two ends, each read as a time of day; one that is counted from now ("the last two
//!   minutes", which the corpus rounds to whole units): at least half of both together is in both.
//! - A repeated time: the same TIMEX value, `P1D` and `XXXX-XX-XX` being two ways to write "daily".
//! - A row without a time: no reading.
//!
//! The Recognizers write the end of an interval as it is told ("to 10 July") or as the first day of the
//! unit that ends it ("to October"): the reading may have that unit.
//!
//! No row is left out, whoever would say such a thing.

use casus_engine::Date;
use jiff::{ToSpan, Unit, civil::DateTime};
use serde_json::Value;

/// Whether a row of Duckling's corpora is read right; None for rows without a time.
pub(crate) fn duckling(gold: &Value, prediction: &Value) -> Option<bool> {
    let expect = gold["expect"].as_object()?;
    let text = |name: &str| expect.get(name).and_then(Value::as_str).unwrap_or_default();
    let row = Row {
        kind: text("kind"),
        grain: text("grain"),
        start: text("start"),
        end: text("end"),
        after: text("dir") == "after",
        reference: gold["ref"].as_str().and_then(|day| day.get(..10)).unwrap_or_default(),
    };
    let times = prediction["times"].as_array()?;
    let readings: Vec<Reading<'_>> = times.iter().map(Reading::new).collect();
    Some(readings.iter().any(|reading| row.is(reading)) || row.is_stretch(&readings))
}

/// Whether a row without a time has a reading; None for rows with a time.
pub(crate) fn fired(gold: &Value, prediction: &Value) -> Option<bool> {
    let none = gold["expect"].is_null() && gold["results"].as_array().is_none_or(Vec::is_empty);
    none.then(|| prediction["times"].as_array().is_some_and(|times| !times.is_empty()))
}

/// Whether every time of a row of the Recognizers' specifications is read right, and nothing else is read;
/// None for rows without a time.
pub(crate) fn recognizers(gold: &Value, prediction: &Value) -> Option<bool> {
    let results = gold["results"].as_array().filter(|results| !results.is_empty())?;
    let times = prediction["times"].as_array()?;
    let reference = gold["ref"].as_str().and_then(|day| day.get(..10)).unwrap_or_default();
    let overlaps = |time: &Value, result: &Value| {
        let at = |value: &Value, name: &str| value[name].as_u64().unwrap_or(0);
        at(time, "start") < at(result, "end") && at(result, "start") < at(time, "end")
    };
    let all = results.iter().all(|result| {
        let values = result["resolution"]["values"].as_array();
        let inside: Vec<Reading<'_>> =
            times.iter().filter(|time| overlaps(time, result)).map(Reading::new).collect();
        if values.into_iter().flatten().any(|value| stretch(value, &inside, reference)) {
            return true;
        }
        times.iter().filter(|time| overlaps(time, result)).any(|time| {
            let reading = Reading::new(time);
            values.into_iter().flatten().any(|value| recognized(value, &reading, reference))
        })
    });
    Some(all && times.iter().all(|time| results.iter().any(|result| overlaps(time, result))))
}

/// Whether a reading is one of the values that a specification allows.
fn recognized(value: &Value, reading: &Reading<'_>, reference: &str) -> bool {
    let text = |name: &str| value[name].as_str().unwrap_or_default();
    let timex = text("timex");
    if !timex.is_empty() && plain(reading.value) == plain(timex) {
        return true;
    }
    let instant = |start: &str, grain: &str| {
        Row { kind: "instant", grain, start, end: "", after: false, reference }.is(reading)
    };
    match text("type") {
        "date" => instant(text("value"), "day"),
        "datetime" if timex == "PRESENT_REF" => reading.value == "PRESENT_REF",
        "datetime" => instant(&text("value").replace(' ', "T"), "minute"),
        "time" => {
            let minute = text("value").get(..5).unwrap_or_default();
            let clock = reading.value.split_once('T').map_or("", |(_, clock)| clock);
            clock == minute
                || clock == "24:00" && minute == "00:00"
                || reading.moments.iter().any(|(from, _)| from.time().to_string().get(..5) == Some(minute))
        }
        "daterange" | "datetimerange" => {
            let (start, end) = (text("start"), text("end"));
            let fill = |day: &str| day.replace(' ', "T");
            let grain = if text("type") == "daterange" { "day" } else { "hour" };
            let (start, end) = (fill(start), fill(end));
            let kind = if start.is_empty() || end.is_empty() { "open" } else { "interval" };
            if let Some((from, to)) = start.parse().ok().zip(end.parse().ok())
                && reading.shares(from, to)
            {
                return true;
            }
            let after = end.is_empty();
            if kind == "interval" && grain == "day" && reading.ends_with_unit(&start, &end) {
                return true;
            }
            let told = if after || kind == "interval" { &start } else { &end };
            Row { kind, grain, start: told, end: &end, after, reference }.is(reading)
        }
        "timerange" => {
            reading.value.ends_with(timex) && timex.len() == 3
                || ["start", "end"].into_iter().any(|side| {
                    let other = if side == "start" { "end" } else { "start" };
                    let minute = text(side).get(..5);
                    let at = |(from, _): &(DateTime, DateTime)| from.time().to_string().get(..5) == minute;
                    minute.is_some()
                        && text(other).is_empty()
                        && reading.modified
                        && reading.moments.iter().any(at)
                })
        }
        "set" => {
            let repeated = [("P1D", "XXXX-XX-XX"), ("P1W", "XXXX-WXX"), ("P1M", "XXXX-XX"), ("P1Y", "XXXX")];
            repeated.contains(&(timex, reading.value))
                || (timex, reading.value) == ("P3M", "P1Q")
                || timex.starts_with('T')
                    && reading.value.strip_prefix("XXXX-XX-XX").map(plain) == Some(plain(timex))
        }
        _ => false,
    }
}

/// A TIMEX value without minutes that are none: `T15:00` is `T15`.
fn plain(timex: &str) -> &str {
    match timex.split_once('T') {
        Some((_, clock)) if clock.len() == 5 => timex.strip_suffix(":00").unwrap_or(timex),
        _ => timex,
    }
}

/// Whether two readings are the ends of a stretch of a day.
fn stretch(value: &Value, readings: &[Reading<'_>], reference: &str) -> bool {
    let text = |name: &str| value[name].as_str().unwrap_or_default();
    let (start, end) = (text("start").replace(' ', "T"), text("end").replace(' ', "T"));
    match text("type") {
        "datetimerange" => {
            let row =
                Row { kind: "interval", grain: "told", start: &start, end: &end, after: false, reference };
            row.is_stretch(readings)
        }
        "timerange" => {
            let has = |clock: &str| {
                clock.len() >= 5
                    && readings
                        .iter()
                        .any(|one| one.clock().is_some_and(|(_, at)| at.get(..5) == clock.get(..5)))
                    || clock.len() >= 5
                        && readings.iter().flat_map(|one| &one.moments).any(|(from, to)| {
                            [from, to].iter().any(|at| at.time().to_string().get(..5) == clock.get(..5))
                        })
            };
            has(&start) && has(&end)
        }
        _ => false,
    }
}

/// What a row says.
#[derive(Clone, Copy)]
struct Row<'a> {
    /// instant, interval or open.
    kind: &'a str,
    grain: &'a str,
    start: &'a str,
    /// Exclusive.
    end: &'a str,
    after: bool,
    reference: &'a str,
}

/// What was read.
struct Reading<'a> {
    value: &'a str,
    intervals: Vec<(Date, Date)>,
    earliest: Option<Date>,
    latest: Option<Date>,
    grain: &'a str,
    /// The ends of the interval are a matter of convention.
    loose: bool,
    anchored: bool,
    modified: bool,
    /// Stretches of the clock that it may be.
    moments: Vec<(DateTime, DateTime)>,
}

impl<'a> Reading<'a> {
    fn new(time: &'a Value) -> Reading<'a> {
        let text = |name: &str| time[name].as_str().unwrap_or_default();
        let day = |value: &Value| value.as_str().and_then(|day| day.parse::<Date>().ok());
        let (earliest, latest) = (day(&time["earliest"]), day(&time["latest"]));
        let mut intervals: Vec<(Date, Date)> = earliest.zip(latest).into_iter().collect();
        for pair in time["alternatives"].as_array().into_iter().flatten() {
            intervals.extend(day(&pair[0]).zip(day(&pair[1])));
        }
        let moment = |value: &Value| value.as_str().and_then(|moment| moment.parse::<DateTime>().ok());
        let moments = time["moments"].as_array().into_iter().flatten();
        let moments = moments.filter_map(|pair| moment(&pair[0]).zip(moment(&pair[1]))).collect();
        let anchored = text("basis") == "anchored";
        let modified = !text("modifier").is_empty();
        let loose = modified || anchored || matches!(text("grain"), "season" | "half" | "week");
        Reading {
            value: text("value"),
            intervals,
            earliest,
            latest,
            grain: text("grain"),
            loose,
            anchored,
            modified,
            moments,
        }
    }

    /// Whether a stretch of the clock shares at least half with one that the reading may be.
    fn shares(&self, from: DateTime, to: DateTime) -> bool {
        let seconds = |from: DateTime, to: DateTime| {
            (to - from).total(Unit::Second).map_or(0.0, |total| total.max(0.0))
        };
        self.moments.iter().any(|&(first, last)| {
            let both = seconds(first.max(from), last.min(to));
            first < last && both * 2.0 >= seconds(first.min(from), last.max(to))
        })
    }

    /// Whether the reading begins on a day and ends on another one or with the unit that begins there.
    fn ends_with_unit(&self, start: &str, end: &str) -> bool {
        let day = |text: &str| text.get(..10).and_then(|day| day.parse::<Date>().ok());
        let (Some(start), Some(end)) = (day(start), day(end)) else { return false };
        let mut ends = vec![end];
        if end.day() == 1 {
            ends.push(last_day(end, "month"));
            if end.month() % 3 == 1 {
                ends.push(last_day(end, "quarter"));
            }
            if end.month() == 1 {
                ends.push(last_day(end, "year"));
            }
        }
        self.intervals.iter().any(|(first, last)| *first == start && ends.contains(last))
    }

    /// Day and clock of a time of day.
    fn clock(&self) -> Option<(&str, &str)> {
        let (day, clock) = self.value.split_once('T')?;
        clock.starts_with(|first: char| first.is_ascii_digit()).then_some((day, clock))
    }
}

impl Row<'_> {
    fn is(&self, reading: &Reading<'_>) -> bool {
        let Some(start) = self.day(self.start) else { return false };
        match (self.kind, self.grain) {
            ("open", "hour" | "minute" | "second") => {
                let counted =
                    reading.anchored && reading.moments.is_empty() && reading.earliest == Some(start);
                reading.modified && (self.same_clock(reading) || self.after && counted)
            }
            ("open", grain) => {
                let unit = last_day(start, grain);
                if self.after {
                    reading.modified
                        && reading.earliest.is_some_and(|day| day == start || after(unit) == Some(day))
                } else {
                    let before = start.yesterday().ok();
                    reading.modified
                        && reading
                            .latest
                            .is_some_and(|day| Some(day) == before || day == start || day == unit)
                }
            }
            ("instant", "day" | "week" | "month" | "quarter" | "year") => {
                let last = last_day(start, self.grain);
                reading.value == timex(start, self.grain)
                    || reading.intervals.contains(&(start, last))
                    || self.counted(reading, start)
            }
            ("instant", _) => {
                reading.value == "PRESENT_REF"
                    && self.start.get(..10) == Some(self.reference)
                    && self.grain == "second"
                    || self.same_clock(reading)
                    || self.counted(reading, start)
            }
            ("interval", "hour" | "minute" | "second") => {
                let clock = self.start.parse().ok().zip(self.end.parse().ok());
                if clock.is_some_and(|(from, to)| reading.shares(from, to)) {
                    return true;
                }
                let end = self.day(self.end).and_then(|day| day.yesterday().ok());
                let part = self.same_part(reading);
                part || end.is_some_and(|end| {
                    end > start && reading.intervals.iter().any(|one| half(*one, (start, end)))
                })
            }
            ("interval", _) => {
                let Some(end) = self.day(self.end).and_then(|day| day.yesterday().ok()) else { return false };
                reading
                    .intervals
                    .iter()
                    .any(|one| *one == (start, end) || reading.loose && half(*one, (start, end)))
            }
            _ => false,
        }
    }

    /// Whether two readings are the ends of a stretch of a day. Duckling's ends are exclusive by the grain of
    /// the row: "3 to 4 pm" ends at five, "3:30 to 6:00" a minute after six.
    fn is_stretch(&self, readings: &[Reading<'_>]) -> bool {
        let Ok(end) = self.end.parse::<DateTime>() else { return false };
        let behind = match self.grain {
            "hour" => 1.hour(),
            "minute" => 1.minute(),
            "second" => 1.second(),
            _ => 0.seconds(),
        };
        let Ok(end) = end.checked_sub(behind) else { return false };
        let ends = |reading: &Reading<'_>| {
            let start = self.start.parse::<DateTime>().ok();
            reading.moments.iter().any(|(from, to)| Some(*from) == start && *to == end && from < to)
        };
        if self.kind == "interval" && readings.iter().any(ends) {
            return true;
        }
        let end = end.to_string();
        let at = |when: &str| {
            let row = Row { kind: "instant", grain: "minute", start: when, ..*self };
            readings.iter().any(|reading| row.same_clock(reading))
        };
        self.kind == "interval" && at(self.start) && at(&end)
    }

    fn day(&self, text: &str) -> Option<Date> {
        // Years before Christ are written with a sign and without the two more digits that ISO 8601 asks for.
        let day = match text.strip_prefix('-') {
            Some(rest) => format!("-00{}", rest.get(..10)?),
            None => text.get(..10)?.to_owned(),
        };
        day.parse().ok()
    }

    /// The words count units, and the row tells one finer unit.
    fn counted(&self, reading: &Reading<'_>, start: Date) -> bool {
        let coarser = match self.grain {
            "second" | "minute" | "hour" => matches!(reading.grain, "day"),
            "day" => matches!(reading.grain, "week" | "month"),
            "month" => reading.grain == "year",
            _ => false,
        };
        let days =
            self.grain != "second" && self.grain != "minute" || self.start.get(..10) != Some(self.reference);
        coarser
            && days
            && reading.anchored
            && !reading.value.contains('T')
            && reading.intervals.iter().any(|(first, last)| (*first..=*last).contains(&start))
    }

    fn same_clock(&self, reading: &Reading<'_>) -> bool {
        if let Ok(told) = self.start.parse::<DateTime>() {
            let same = |(from, _): &(DateTime, DateTime)| {
                let next =
                    from.checked_add(1.day()).ok().filter(|_| from.date().to_string() == self.reference);
                *from == told || next == Some(told)
            };
            if reading.moments.iter().any(same) {
                return true;
            }
        }
        let Some((day, clock)) = reading.clock() else { return false };
        let (Some(told), Some(minute)) = (self.day(self.start), self.start.get(11..16)) else { return false };
        if clock == "24:00" {
            // The midnight that ends a day.
            let next = self.day(day).and_then(|day| day.tomorrow().ok());
            return minute == "00:00"
                && (day.starts_with('X') || next == Some(told) || self.day(day) == Some(told));
        }
        let free = day == self.reference;
        let same_day = self.day(day) == Some(told)
            || free && self.day(day).and_then(|day| day.tomorrow().ok()) == Some(told)
            || day.starts_with('X');
        same_day && clock.get(..5) == Some(minute)
    }

    fn same_part(&self, reading: &Reading<'_>) -> bool {
        let Some((day, part)) = reading.value.split_once('T') else { return false };
        let Some(hour) = self.start.get(11..13).and_then(|hour| hour.parse::<u8>().ok()) else {
            return false;
        };
        let holds = match part {
            "MO" => (0..=10).contains(&hour),
            "AF" => (11..=16).contains(&hour),
            "EV" => (16..=21).contains(&hour),
            "NI" => hour >= 17 || hour <= 3,
            "DT" => (6..=16).contains(&hour),
            "12:00" => (11..=13).contains(&hour),
            _ => false,
        };
        holds && (day.starts_with('X') || Some(day) == self.start.get(..10))
    }
}

fn after(day: Date) -> Option<Date> {
    day.tomorrow().ok()
}

/// The last day of the unit that begins on a day.
fn last_day(start: Date, grain: &str) -> Date {
    let length = match grain {
        "week" => 1.week(),
        "month" => 1.month(),
        "quarter" => 3.months(),
        "year" => 1.year(),
        _ => return start,
    };
    start.checked_add(length).and_then(|day| day.yesterday()).unwrap_or(start)
}

/// The TIMEX value of a unit that begins on a day.
fn timex(start: Date, grain: &str) -> String {
    let (year, month) = (start.year(), start.month());
    let years = if year < 0 { format!("BC{:04}", -year) } else { format!("{year:04}") };
    match grain {
        "week" => {
            let week = start.iso_week_date();
            format!("{:04}-W{:02}", week.year(), week.week())
        }
        "month" => format!("{years}-{month:02}"),
        "quarter" => format!("{years}-Q{}", (month + 2) / 3),
        "year" => years,
        _ => start.to_string(),
    }
}

/// Whether two intervals share at least half of the days of both.
fn half(one: (Date, Date), other: (Date, Date)) -> bool {
    let days = |from: Date, to: Date| (to - from).get_days() as i64 + 1;
    let both = days(one.0.max(other.0), one.1.min(other.1)).max(0);
    let any = days(one.0.min(other.0), one.1.max(other.1)).max(1);
    both * 2 >= any
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn reading(value: &str, from: &str, to: &str, grain: &str, basis: &str) -> Value {
        json!({"times": [{"start": 0, "end": 4, "value": value, "earliest": from, "latest": to, "grain": grain,
            "basis": basis, "modifier": null, "alternatives": []}]})
    }

    fn row(kind: &str, start: &str, end: &str, grain: &str) -> Value {
        json!({"ref": "2013-02-12T04:30:00-02:00", "expect": {"kind": kind, "start": start, "end": end, "grain": grain}})
    }

    /// Worked by hand.
    #[test]
    fn the_rule_of_the_corpora() {
        let check = |gold: Value, prediction: Value, right: bool| {
            assert_eq!(duckling(&gold, &prediction), Some(right), "{gold} {prediction}");
        };
        let day = |day: &str| reading(day, day, day, "day", "stated");
        check(row("instant", "2013-03-03T00:00:00", "", "day"), day("2013-03-03"), true);
        check(row("instant", "2013-03-03T00:00:00", "", "day"), day("2013-03-04"), false);
        let march = reading("2013-03", "2013-03-01", "2013-03-31", "month", "stated");
        check(row("instant", "2013-03-01T00:00:00", "", "month"), march.clone(), true);
        // A month is not its first day.
        check(row("instant", "2013-03-01T00:00:00", "", "day"), march, false);
        // "three months ago": the words count months, the row has a day.
        let ago = reading("2012-11", "2012-11-01", "2012-11-30", "month", "anchored");
        check(row("instant", "2012-11-12T00:00:00", "", "day"), ago, true);
        // 13 to 15 July; the end of the row is exclusive.
        let days = |to: &str| reading("2013-07-13", "2013-07-13", to, "range", "year_inferred");
        check(row("interval", "2013-07-13T00:00:00", "2013-07-16T00:00:00", "day"), days("2013-07-15"), true);
        check(
            row("interval", "2013-07-13T00:00:00", "2013-07-16T00:00:00", "day"),
            days("2013-07-16"),
            false,
        );
        // "the last two weeks": ten of sixteen days are in both.
        let weeks = reading("P2W", "2013-01-29", "2013-02-12", "range", "anchored");
        check(row("interval", "2013-01-28T00:00:00", "2013-02-11T00:00:00", "week"), weeks, true);
        let evening = reading("2013-02-12TEV", "2013-02-12", "2013-02-12", "time", "anchored");
        check(row("interval", "2013-02-12T18:00:00", "2013-02-13T00:00:00", "hour"), evening.clone(), true);
        check(row("interval", "2013-02-12T04:00:00", "2013-02-12T12:00:00", "hour"), evening, false);
        let clock = reading("2013-02-12T03:00", "2013-02-12", "2013-02-12", "time", "anchored");
        check(row("instant", "2013-02-13T03:00:00", "", "hour"), clock.clone(), true);
        check(row("instant", "2013-02-13T15:00:00", "", "hour"), clock, false);
        assert_eq!(fired(&json!({"expect": null}), &day("2013-03-03")), Some(true));
        assert_eq!(fired(&json!({"expect": null}), &json!({"times": []})), Some(false));
    }

    #[test]
    fn specifications_allow_the_past_and_the_coming_one() {
        let gold = json!({"ref": "2016-11-07T00:00:00", "results": [{"start": 0, "end": 4, "resolution": {"values": [
            {"timex": "XXXX-WXX-5", "type": "date", "value": "2016-11-04"},
            {"timex": "XXXX-WXX-5", "type": "date", "value": "2016-11-11"}]}}]});
        let day = |day: &str| reading(day, day, day, "day", "anchored");
        assert_eq!(recognizers(&gold, &day("2016-11-04")), Some(true));
        assert_eq!(recognizers(&gold, &day("2016-11-11")), Some(true));
        assert_eq!(recognizers(&gold, &day("2016-11-05")), Some(false));
        assert_eq!(recognizers(&gold, &json!({"times": []})), Some(false));
    }
}
