//! `onduty`, the command line: it speaks the public API and nothing else.

fn main() {}
