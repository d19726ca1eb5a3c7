//! Every method says what its callers have to be.

use std::collections::BTreeMap;

use onduty::proto::{NEEDS, v1};

#[test]
fn every_method_of_the_api_declares_what_it_needs() {
    let undeclared: Vec<_> = NEEDS.iter().filter(|(_, need)| *need == v1::Need::Unspecified).collect();
    assert!(NEEDS.len() > 50 && undeclared.is_empty(), "{undeclared:?}");
}

/// Whoever adds a method decides anew who may call it.
#[test]
fn what_each_method_needs_is_as_decided() {
    let mut methods: BTreeMap<v1::Need, Vec<&str>> = BTreeMap::new();
    for (path, need) in NEEDS {
        methods.entry(*need).or_default().push(path.rsplit('/').next().unwrap());
    }
    let told: Vec<String> = methods
        .iter_mut()
        .map(|(need, paths)| {
            paths.sort_unstable();
            format!("{}\n  {}", need.as_str_name(), paths.join("\n  "))
        })
        .collect();
    insta::assert_snapshot!(told.join("\n"));
}
