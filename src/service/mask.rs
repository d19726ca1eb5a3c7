//! Field masks: which fields of a message an update changes (AIP-134).

use pbjson_types::FieldMask;

use super::request::Fields;
use crate::model::validate::suggestion;

/// A field of `M` that an update may change.
pub struct Field<M> {
    /// Its path in the message; a dotted one is part of another field.
    pub path: &'static str,
    /// Whether it is set.
    pub is_set: fn(&M) -> bool,
    /// Makes it in the first message what it is in the second.
    pub copy: fn(&mut M, &M),
}

/// What only the server states, and the name by which an update finds its object.
const FIXED: [&str; 7] = ["name", "uid", "effective_interval", "end_time", "origin", "create_time", "update_time"];

/// Tells whether a field holds anything but what it holds by default.
pub fn is_set<T: Default + PartialEq>(value: &T) -> bool {
    *value != T::default()
}

/// The [`Field`] of that name, or of a part (`term.zone`) of an optional message.
macro_rules! field {
    ($field:ident) => {
        $crate::service::mask::Field {
            path: stringify!($field),
            is_set: |message| $crate::service::mask::is_set(&message.$field),
            copy: |to, from| to.$field.clone_from(&from.$field),
        }
    };
    ($outer:ident.$inner:ident) => {
        $crate::service::mask::Field {
            path: concat!(stringify!($outer), ".", stringify!($inner)),
            is_set: |_| false,
            copy: |to, from| {
                let given = from.$outer.as_ref().map(|outer| outer.$inner.clone()).unwrap_or_default();
                to.$outer.get_or_insert_default().$inner = given;
            },
        }
    };
}
pub(super) use field;

/// The fields that one update changes.
pub struct Mask<M: 'static> {
    fields: Vec<&'static Field<M>>,
}

impl<M> Mask<M> {
    /// Reads the mask of an update of `given`: no paths stand for every field that is set, `*` for all.
    ///
    /// Each path that is no field, or that only the server states, is a violation.
    pub fn read(known: &'static [Field<M>], mask: Option<&FieldMask>, given: &M, wrong: &mut Fields) -> Self {
        let paths = mask.map(|mask| mask.paths.as_slice()).unwrap_or_default();
        let whole = known.iter().filter(|field| !field.path.contains('.'));
        match paths {
            [] => return Self { fields: whole.filter(|field| (field.is_set)(given)).collect() },
            [star] if star == "*" => return Self { fields: whole.collect() },
            _ => {}
        }
        let mut fields = Vec::new();
        for (index, path) in paths.iter().enumerate() {
            match known.iter().find(|field| field.path == path) {
                Some(field) => fields.push(field),
                // An etag is compared in any case.
                None if path == "etag" => {}
                None => wrong.add(format!("update_mask.paths[{index}]"), refused(path, known)),
            }
        }
        Self { fields }
    }

    /// Tells whether nothing changes.
    pub fn is_empty(&self) -> bool {
        self.fields.is_empty()
    }

    /// Tells whether `path` or a part of it changes.
    pub fn touches(&self, path: &str) -> bool {
        self.fields.iter().any(|field| field.path.split('.').next() == Some(path))
    }

    /// Makes every field of the mask in `to` what it is in `given`.
    pub fn apply(&self, to: &mut M, given: &M) {
        for field in &self.fields {
            (field.copy)(to, given);
        }
    }
}

fn refused<M>(path: &str, known: &[Field<M>]) -> String {
    match path {
        "*" => "'*' stands alone; give it without other paths".to_owned(),
        path if FIXED.contains(&path) => format!("'{path}' cannot be changed; leave it out"),
        path => {
            let hint = suggestion(path, known.iter().map(|field| field.path));
            format!("'{path}' is no field that can be changed{hint}")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::proto::v1;

    const KNOWN: &[Field<v1::Resident>] = &[field!(display_name), field!(term), field!(term.zone), field!(skills)];

    fn masked(paths: &[&str]) -> (Vec<&'static str>, Vec<String>) {
        let given = v1::Resident { skills: vec!["release".to_owned()], ..v1::Resident::default() };
        let mask = FieldMask { paths: paths.iter().map(|path| (*path).to_owned()).collect() };
        let mut wrong = Fields::default();
        let found = Mask::read(KNOWN, Some(&mask), &given, &mut wrong);
        let wrong = wrong.into_list().into_iter().map(|violation| violation.field + " " + &violation.reason);
        (found.fields.iter().map(|field| field.path).collect(), wrong.collect())
    }

    #[test]
    fn no_paths_are_what_is_set_and_a_star_is_everything() {
        assert_eq!(masked(&[]).0, ["skills"]);
        assert_eq!(masked(&["*"]).0, ["display_name", "term", "skills"]);
        assert_eq!(masked(&["term.zone", "etag"]).0, ["term.zone"]);
    }

    #[test]
    fn unknown_and_fixed_paths_are_named() {
        let (_, wrong) = masked(&["displayname", "uid", "*", "skills"]);
        assert_eq!(wrong.len(), 3);
        assert!(wrong[0].starts_with("update_mask.paths[0] 'displayname' is no field"), "{wrong:?}");
        assert!(wrong[0].ends_with("did you mean 'display_name'?"), "{wrong:?}");
        assert!(wrong[1].contains("'uid' cannot be changed"));
    }

    #[test]
    fn a_part_is_copied_alone_and_cleared_where_it_is_not_given() {
        let term = v1::Term { zone: "UTC".to_owned(), ..v1::Term::default() };
        let mut to = v1::Resident { display_name: "Asa".to_owned(), term: Some(term), ..v1::Resident::default() };
        let mask = FieldMask { paths: vec!["term.zone".to_owned()] };
        let given = v1::Resident::default();
        Mask::read(KNOWN, Some(&mask), &given, &mut Fields::default()).apply(&mut to, &given);
        assert_eq!((to.display_name.as_str(), to.term.unwrap().zone.as_str()), ("Asa", ""));
    }
}
