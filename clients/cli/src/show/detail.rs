//! One object in full: its protobuf JSON mapping as indented lines, times in the viewer's zone.

use onduty::civil::Instant;
use serde_json::{Map, Value};

use super::{HEADING, View, plain, styled, words};
use crate::names;

/// Fields that are of no use to people: they are in the JSON output.
const HIDDEN: [&str; 2] = ["uid", "etag"];

/// Returns an object as lines of `field: value`.
pub fn detail(object: &Value, view: &View) -> String {
    let mut text = String::new();
    if let Value::Object(fields) = object {
        lines(fields, 0, view, &mut text);
    }
    format!("{text}\n{}\n", view.zone_now())
}

/// Returns the fields of an object as lines, indented.
pub(super) fn indented(fields: &Map<String, Value>, level: usize, view: &View) -> String {
    let mut text = String::new();
    lines(fields, level, view, &mut text);
    text
}

fn lines(fields: &Map<String, Value>, level: usize, view: &View, text: &mut String) {
    for (key, value) in fields.iter().filter(|(key, _)| !HIDDEN.contains(&key.as_str())) {
        let title = format!("{}{}", "  ".repeat(level), styled(HEADING, format!("{}:", spoken_key(key))));
        match short(value, view) {
            Some(short) => *text += &format!("{}\n", view.wrapped(&format!("{title} {short}"), 2 * level + 4)),
            None => {
                *text += &format!("{title}\n");
                block(value, level + 1, view, text);
            }
        }
    }
}

fn block(value: &Value, level: usize, view: &View, text: &mut String) {
    match value {
        Value::Object(fields) => lines(fields, level, view, text),
        Value::Array(items) => {
            for item in items {
                match (short(item, view), item) {
                    (Some(short), _) => {
                        let line = format!("{}- {short}", "  ".repeat(level));
                        *text += &format!("{}\n", view.wrapped(&line, 2 * level + 2));
                    }
                    (None, Value::Object(fields)) => {
                        let mut inner = String::new();
                        lines(fields, level + 1, view, &mut inner);
                        let dash = format!("{}- ", "  ".repeat(level));
                        *text += &inner.replacen(&"  ".repeat(level + 1), &dash, 1);
                    }
                    _ => {}
                }
            }
        }
        _ => {}
    }
}

/// Returns a value that fits on a line; nothing for an object or a list that does not.
pub(super) fn short(value: &Value, view: &View) -> Option<String> {
    match value {
        Value::Null => Some("none".to_owned()),
        Value::Bool(true) => Some("yes".to_owned()),
        Value::Bool(false) => Some("no".to_owned()),
        Value::Number(number) => Some(number.to_string()),
        Value::String(text) => Some(plain(&spoken_value(text, view))),
        Value::Array(items) if items.iter().all(|item| item.is_string()) => {
            let parts = items.iter().filter_map(|item| short(item, view)).collect::<Vec<_>>();
            Some(parts.join(", "))
        }
        Value::Array(_) => None,
        Value::Object(fields) => {
            civil(fields).or_else(|| interval(fields, view)).or_else(|| part_of_shift(fields, view))
        }
    }
}

fn spoken_value(text: &str, view: &View) -> String {
    if text.len() >= "2026-11-23T08:00:00Z".len()
        && let Ok(at) = text.parse::<Instant>()
    {
        return view.time(at);
    }
    match text.strip_prefix("teams/") {
        Some(rest) if rest.contains('/') => names::id(text).to_owned(),
        _ if WEEKDAYS.contains(&text) => text[..1].to_owned() + &text[1..3].to_lowercase(),
        _ => words::spoken(text),
    }
}

const WEEKDAYS: [&str; 7] = ["MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY"];

/// Returns a date, a time of day or a local date-time; zeros are left out of the JSON mapping.
fn civil(fields: &Map<String, Value>) -> Option<String> {
    let known = ["year", "month", "day", "hours", "minutes", "seconds"];
    if fields.is_empty() || !fields.keys().all(|key| known.contains(&key.as_str())) {
        return None;
    }
    let number = |key: &str| fields.get(key).and_then(Value::as_i64).unwrap_or_default();
    let date = fields
        .contains_key("year")
        .then(|| format!("{:04}-{:02}-{:02}", number("year"), number("month"), number("day")));
    let timed = fields.keys().any(|key| known[3..].contains(&key.as_str()));
    let time = timed.then(|| match number("seconds") {
        0 => format!("{:02}:{:02}", number("hours"), number("minutes")),
        seconds => format!("{:02}:{:02}:{seconds:02}", number("hours"), number("minutes")),
    });
    Some([date, time].into_iter().flatten().collect::<Vec<_>>().join(" "))
}

fn interval(fields: &Map<String, Value>, view: &View) -> Option<String> {
    if fields.is_empty() || !fields.keys().all(|key| key == "startTime" || key == "endTime") {
        return None;
    }
    let end = |key: &str| fields.get(key).and_then(Value::as_str).and_then(|text| text.parse().ok());
    Some(view.interval(Some(&crate::spans::interval(end("startTime"), end("endTime")))))
}

/// A part of a shift that changes hands: on which duty, and when.
fn part_of_shift(fields: &Map<String, Value>, view: &View) -> Option<String> {
    let (duty, when) = (fields.get("duty")?, fields.get("interval")?.as_object()?);
    if fields.len() > 3 || !fields.contains_key("shift") {
        return None;
    }
    Some(format!("{}, {}", short(duty, view)?, interval(when, view)?))
}

/// Returns a key of the JSON mapping in words: `homeZone` is `home zone`.
pub(super) fn spoken_key(key: &str) -> String {
    key.chars().flat_map(|c| if c.is_uppercase() { vec![' ', c.to_ascii_lowercase()] } else { vec![c] }).collect()
}

#[cfg(test)]
mod tests {
    use super::super::testing::{stripped, view};
    use super::*;

    #[test]
    fn an_object_is_told_in_words_with_times_in_the_viewers_zone() {
        let object = serde_json::json!({
            "name": "teams/psf/duties/security",
            "uid": "0b7e",
            "title": "Security reports",
            "skills": ["security", "release"],
            "criticality": "CRITICALITY_CRITICAL",
            "inFeed": true,
            "effectiveInterval": {"startTime": "2026-11-01T08:00:00+00:00"},
            "requirements": [{
                "id": "daily",
                "windows": {"windows": [{
                    "weekdays": ["MONDAY", "FRIDAY"],
                    "start": {"hours": 9, "minutes": 30},
                    "end": {"hours": 17},
                }]},
                "firstDate": {"year": 2026, "month": 12, "day": 1},
            }],
            "layers": [{"id": "weekly", "rotation": {"participants": ["teams/psf/residents/asa"]}}],
            "etag": "\"7\"",
        });
        insta::assert_snapshot!(stripped(&detail(&object, &view())), @r"
        name: security
        title: Security reports
        skills: security, release
        criticality: critical
        in feed: yes
        effective interval: Sun 1 Nov 09:00 until further notice
        requirements:
          - id: daily
            windows:
              windows:
                - weekdays: Mon, Fri
                  start: 09:30
                  end: 17:00
            first date: 2026-12-01
        layers:
          - id: weekly
            rotation:
              participants: asa

        Times in Europe/Warsaw (UTC+01:00)
        ");
    }
}
