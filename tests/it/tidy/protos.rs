//! The protobuf definitions, where no buf is at hand: every file has a package, every element a comment.

use super::tree::{none, texts};

#[test]
fn protobuf_elements_have_comments() {
    let ours = texts(".proto").into_iter().filter(|(path, _)| path.contains("onduty/"));
    none(&ours.flat_map(|(path, text)| bare_elements(&path, &text)).collect::<Vec<_>>());
}

#[test]
fn protobuf_files_have_the_package_of_their_folder() {
    let wrong = texts(".proto").into_iter().filter(|(path, text)| {
        let folder = path.trim_start_matches("proto/").rsplit_once('/').map_or("", |(folder, _)| folder);
        !text.lines().any(|line| line == format!("package {};", folder.replace('/', ".")))
    });
    none(&wrong.map(|(path, _)| path).collect::<Vec<_>>());
}

#[test]
fn bare_elements_are_seen() {
    let text = "syntax = \"proto3\";\n// A.\nmessage A {\n  string b = 1;\n  // C.\n  repeated C c = 2 [\n    (x) = Y\n  ];\n\
                  reserved 3;\n  oneof d {\n    // E.\n    E e = 4;\n  }\n}\n";
    assert_eq!(bare_elements("x", text), ["x:4: string b = 1;", "x:10: oneof d {"]);
}

/// The elements without a comment right above them.
fn bare_elements(path: &str, text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut above = "";
    for (number, line) in text.lines().map(str::trim).enumerate() {
        if is_element(line) && !above.starts_with("//") {
            found.push(format!("{path}:{}: {line}", number + 1));
        }
        above = line;
    }
    found
}

/// Whether a line, as `buf format` lays it out, begins an element: a declaration, a field or a value.
fn is_element(line: &str) -> bool {
    let first = line.split(' ').next().unwrap_or_default();
    match first {
        "message" | "enum" | "service" | "rpc" | "oneof" => true,
        "option" | "reserved" | "syntax" | "import" | "package" | "extensions" => false,
        _ => {
            let number = line.split_once(" = ").map(|(_, number)| number);
            first.starts_with(|c: char| c.is_ascii_alphabetic())
                && number.is_some_and(|number| number.starts_with(|c: char| c.is_ascii_digit()))
        }
    }
}
