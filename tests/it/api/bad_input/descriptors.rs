//! The fields of every request, out of the API's own description.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use onduty::proto::DESCRIPTOR_SET;
use prost::Message as _;

/// The package whose calls and messages are looked at; messages of others count as one field.
const PACKAGE: &str = ".onduty.v1.";
const BOOL: i32 = 8;
const MESSAGE: i32 = 11;
const OUTPUT_ONLY: i32 = 3;
const IDENTIFIER: i32 = 8;

#[derive(Clone, PartialEq, prost::Message)]
struct FileSet {
    #[prost(message, repeated, tag = "1")]
    files: Vec<File>,
}

#[derive(Clone, PartialEq, prost::Message)]
struct File {
    #[prost(string, tag = "2")]
    package: String,
    #[prost(message, repeated, tag = "4")]
    messages: Vec<Described>,
    #[prost(message, repeated, tag = "6")]
    services: Vec<Service>,
}

#[derive(Clone, PartialEq, prost::Message)]
struct Described {
    #[prost(string, tag = "1")]
    name: String,
    #[prost(message, repeated, tag = "2")]
    fields: Vec<FieldOf>,
}

#[derive(Clone, PartialEq, prost::Message)]
struct FieldOf {
    #[prost(string, tag = "1")]
    name: String,
    #[prost(int32, tag = "5")]
    kind: i32,
    #[prost(string, tag = "6")]
    type_name: String,
    #[prost(message, optional, tag = "8")]
    options: Option<Options>,
}

#[derive(Clone, PartialEq, prost::Message)]
struct Options {
    #[prost(int32, repeated, packed = "false", tag = "1052")]
    behavior: Vec<i32>,
}

#[derive(Clone, PartialEq, prost::Message)]
struct Service {
    #[prost(string, tag = "1")]
    name: String,
    #[prost(message, repeated, tag = "2")]
    methods: Vec<Method>,
}

#[derive(Clone, PartialEq, prost::Message)]
struct Method {
    #[prost(string, tag = "1")]
    name: String,
    #[prost(string, tag = "2")]
    input: String,
}

/// A field that can be wrong, by its path from the request.
pub struct FieldPath {
    /// What the path begins with where the field lies in a resource; a refusal may leave it out.
    resource: Option<String>,
    path: String,
}

impl FieldPath {
    /// Tells whether one of the paths that were told is that of this field, or of a part of it.
    pub fn is_among(&self, told: &BTreeSet<String>) -> bool {
        let short = self.resource.as_ref().and_then(|resource| self.path.strip_prefix(resource.as_str()));
        let is = |path: &str, told: &str| {
            told.strip_prefix(path).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        };
        told.iter().any(|told| is(&self.path, told) || short.is_some_and(|short| is(short, told)))
    }
}

impl fmt::Display for FieldPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.path)
    }
}

fn files() -> Vec<File> {
    FileSet::decode(DESCRIPTOR_SET).unwrap().files
}

/// Returns the path of the method, such as `/onduty.v1.TeamService/GetTeam`, that takes the message.
pub fn method_path(message: &str) -> String {
    let mut paths = Vec::new();
    for file in files() {
        for service in file.services {
            let takes = |method: &&Method| method.input == format!("{PACKAGE}{message}");
            let found = service.methods.iter().find(takes);
            paths.extend(found.map(|method| format!("/{}.{}/{}", file.package, service.name, method.name)));
        }
    }
    assert_eq!(paths.len(), 1, "{message}");
    paths.remove(0)
}

/// Returns every call with the fields of its request that can be wrong.
pub fn fields_by_call() -> BTreeMap<String, Vec<FieldPath>> {
    let files = files();
    let messages: BTreeMap<String, &Described> = files
        .iter()
        .flat_map(|file| file.messages.iter().map(move |found| (format!(".{}.{}", file.package, found.name), found)))
        .collect();
    let ours = files.iter().filter(|file| format!(".{}.", file.package) == PACKAGE);
    let methods = ours.flat_map(|file| &file.services).flat_map(|service| &service.methods);
    let fields = |method: &Method| {
        let mut found = Vec::new();
        collect(&messages, &method.input, "", None, &mut found);
        // The name of what is to be made comes from its id, and there is nothing yet that could have changed.
        let made = method.name.starts_with("Create") || method.name.starts_with("Mark");
        let ignored = |field: &FieldPath| {
            field.resource.as_ref().is_some_and(|resource| {
                made && ["name", "etag"].contains(&field.path.strip_prefix(resource.as_str()).unwrap_or_default())
            })
        };
        found.retain(|field| !ignored(field));
        (method.name.clone(), found)
    };
    methods.map(fields).collect()
}

fn collect(
    messages: &BTreeMap<String, &Described>,
    message: &str,
    before: &str,
    resource: Option<&str>,
    found: &mut Vec<FieldPath>,
) {
    for field in &messages[message].fields {
        let behavior = field.options.iter().flat_map(|options| &options.behavior);
        // A truth value is right either way.
        if behavior.clone().any(|is| *is == OUTPUT_ONLY) || field.kind == BOOL {
            continue;
        }
        let path = format!("{before}{}", field.name);
        // Of a call within a call its own cases are about the fields.
        let call = field.type_name.ends_with("Request");
        if field.kind != MESSAGE || !field.type_name.starts_with(PACKAGE) || call {
            found.push(FieldPath { resource: resource.map(str::to_owned), path });
            continue;
        }
        let inner = format!("{path}.");
        let identified = |field: &FieldOf| field.options.iter().any(|options| options.behavior.contains(&IDENTIFIER));
        let is_resource = messages[&field.type_name].fields.iter().any(identified);
        let resource = if is_resource { Some(inner.as_str()) } else { resource };
        collect(messages, &field.type_name, &inner, resource, found);
    }
}

#[test]
fn fields_are_found_down_to_the_last() {
    let calls = fields_by_call();
    let paths = |call: &str| -> Vec<&str> { calls[call].iter().map(|field| field.path.as_str()).collect() };
    assert_eq!(paths("GetOnDuty"), ["parent", "duties", "time"]);
    let duty = paths("UpdateDuty");
    assert!(duty.contains(&"duty.layers.rotation.shift_length.unit") && duty.contains(&"duty.etag"), "{duty:?}");
    assert!(!duty.contains(&"duty.uid") && !paths("CreateDuty").contains(&"duty.etag"));
    assert!(calls.len() > 50, "{}", calls.len());
    assert_eq!(method_path("GetTeamRequest"), "/onduty.v1.TeamService/GetTeam");
}
