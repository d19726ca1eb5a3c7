//! Field masks of updates: which fields of a message to take over (AIP-134, AIP-161).

use pbjson_types::FieldMask;

use super::request::Fields;

/// A message of which an update may change some fields.
pub(super) trait Masked: Default + Clone {
    /// The fields that an update may change.
    const CHANGEABLE: &'static [&'static str];

    /// Returns the changeable fields that are set.
    fn populated(&self) -> Vec<&'static str>;

    /// Takes one changeable field over from `other`.
    fn take(&mut self, other: &Self, field: &str);
}

/// Says which fields of a message an update may change.
macro_rules! masked {
    ($message:ty { $($field:ident),* $(,)? }) => {
        impl $crate::service::mask_entered::Masked for $message {
            const CHANGEABLE: &'static [&'static str] = &[$(stringify!($field)),*];

            fn populated(&self) -> Vec<&'static str> {
                let unset = Self::default();
                let mut set = Vec::new();
                $(if self.$field != unset.$field {
                    set.push(stringify!($field));
                })*
                set
            }

            fn take(&mut self, other: &Self, field: &str) {
                match field {
                    $(stringify!($field) => self.$field.clone_from(&other.$field),)*
                    _ => {}
                }
            }
        }
    };
}
pub(super) use masked;

/// The fields that say which object and which state of it, and are looked at whatever the mask says.
const IDENTITY: [&str; 2] = ["name", "etag"];

/// Returns which of `allowed` a mask names: without a mask `populated`, with `*` all.
///
/// Every path that is no field to change is a violation of `update_mask`.
pub(super) fn apply_mask(
    mask: Option<&FieldMask>,
    allowed: &'static [&'static str],
    populated: Vec<&'static str>,
    fields: &mut Fields,
) -> Vec<&'static str> {
    let paths = mask.map(|mask| mask.paths.as_slice()).unwrap_or_default();
    if paths.is_empty() {
        return populated;
    }
    let mut named = Vec::new();
    for path in paths.iter().filter(|path| !IDENTITY.contains(&path.as_str())) {
        let outer = path.split('.').next().unwrap_or_default();
        match allowed.iter().find(|field| **field == outer) {
            Some(field) if path == field => named.push(*field),
            Some(field) => fields.add("update_mask", format!("'{path}' is a part of '{field}'; name that whole")),
            None if path == "*" => named.extend(allowed),
            None => {
                let list = allowed.join(", ");
                fields.add("update_mask", format!("'{path}' is not a field that can be changed; those are {list}"));
            }
        }
    }
    named.sort_unstable();
    named.dedup();
    named
}

/// Returns `before` with the fields of `given` that the mask names, and which those are.
pub(super) fn merged<M: Masked>(
    before: M,
    given: &M,
    mask: Option<&FieldMask>,
    fields: &mut Fields,
) -> (M, Vec<&'static str>) {
    let named = apply_mask(mask, M::CHANGEABLE, given.populated(), fields);
    let mut after = before;
    for field in &named {
        after.take(given, field);
    }
    (after, named)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(paths: &[&str]) -> Result<Vec<&'static str>, Vec<String>> {
        let mask = FieldMask { paths: paths.iter().map(ToString::to_string).collect() };
        let mut fields = Fields::default();
        let found = apply_mask(Some(&mask), &["span", "title"], vec!["title"], &mut fields);
        let wrong: Vec<String> = fields.into_list().into_iter().map(|violation| violation.reason).collect();
        if wrong.is_empty() { Ok(found) } else { Err(wrong) }
    }

    #[test]
    fn a_mask_names_fields_all_or_those_that_are_set() {
        assert_eq!(named(&[]), Ok(vec!["title"]));
        assert_eq!(named(&["*"]), Ok(vec!["span", "title"]));
        assert_eq!(named(&["title", "span", "title", "etag"]), Ok(vec!["span", "title"]));
    }

    #[test]
    fn every_path_that_is_no_field_is_named() {
        let wrong = named(&["titel", "span.days", "uid"]).unwrap_err();
        assert_eq!(wrong.len(), 3);
        assert!(wrong[0].contains("'titel'") && wrong[1].contains("'span.days'") && wrong[2].contains("'uid'"));
    }
}
