//! What is written for people: links lead somewhere, rules that are cited exist, nothing names a machine.

use std::collections::BTreeSet;

use super::tree::{files, none, root, text, texts};

/// The page that numbers the rules.
const RULES: &str = "docs/semantics.md";

/// Folders of one machine: whoever clones the repository has others.
const FOLDERS: [&str; 4] = [concat!("/wo", "rk"), concat!("/ro", "ot"), concat!("/ho", "me"), concat!("/tm", "p")];

/// Package registries: a client knows its own, and it may be a mirror.
const REGISTRIES: [&str; 5] = [
    concat!("crates", ".io"),
    concat!("pypi", ".org"),
    concat!("pythonhosted", ".org"),
    concat!("npmjs", ".org"),
    concat!("debian", ".org"),
];

#[test]
fn nothing_names_a_machine_or_a_registry() {
    let mut found = Vec::new();
    for path in files().into_iter().filter(|path| path != "Cargo.lock") {
        for (number, line) in text(&path).unwrap_or_default().lines().enumerate() {
            found.extend(machine_name(line).map(|name| format!("{path}:{}: {name}", number + 1)));
        }
    }
    none(&found);
}

#[test]
fn pages_have_one_title_and_it_comes_first() {
    let mut found = Vec::new();
    for (path, text) in texts(".md") {
        let titles = headings(&text).into_iter().filter(|(level, _)| *level == 1).count();
        if titles != 1 || !text.starts_with("# ") {
            found.push(format!("{path}: {titles} titles, or not in the first line"));
        }
    }
    none(&found);
}

#[test]
fn links_lead_somewhere() {
    let mut found = Vec::new();
    for (path, text) in texts(".md") {
        found.extend(
            links(&text).into_iter().filter(|link| !leads_somewhere(&path, link)).map(|link| format!("{path}: {link}")),
        );
    }
    none(&found);
}

#[test]
fn cited_rules_exist() {
    let rules = rules(&text(RULES).expect("the page of rules"));
    assert!(rules.contains("1") && rules.contains("4.3") && rules.contains("4.3b"), "{rules:?}");
    let mut found = Vec::new();
    for path in files().into_iter().filter(|path| path != RULES) {
        for (number, line) in text(&path).unwrap_or_default().lines().enumerate() {
            let unknown = citations(line).into_iter().filter(|rule| !rules.contains(rule));
            found.extend(unknown.map(|rule| format!("{path}:{}: there is no rule {rule}", number + 1)));
        }
    }
    none(&found);
}

#[test]
fn citations_are_read_singly_and_in_lists() {
    let word = "semantics";
    assert_eq!(citations(&format!("({word} 2.3, 2.4).")), ["2.3", "2.4"]);
    assert_eq!(citations(&format!("({word} 1 and 4.3b; RFC 9562 §5.5)")), ["1", "4.3b"]);
    assert_eq!(citations(&format!("{word} 4 to 6, and 70 others, {word}.md 5.1")), ["4", "6", "5.1"]);
    assert_eq!(rules("## 4. A\n**4.2 B.** C\n\na. one\n\nb. two\n**4.3 D.**\n").len(), 5);
}

#[test]
fn machine_names_are_seen_and_parts_of_others_are_not() {
    for folder in FOLDERS {
        assert_eq!(machine_name(&format!("`{folder}/x`")), Some(folder), "{folder}");
        assert_eq!(machine_name(&format!("DIR={folder}")), Some(folder), "{folder}");
        assert_eq!(
            machine_name(&format!("target{folder}/x {folder}s $X{folder} example.org{folder}")),
            None,
            "{folder}"
        );
    }
}

#[test]
fn anchors_are_those_of_headings() {
    assert_eq!(
        anchors("# A `b` C!\n```\n# no\n```\n## 4 On duty\n## 4 On duty\n"),
        ["a-b-c", "4-on-duty", "4-on-duty-1"]
    );
    assert_eq!(
        links("[a](b.md) `[c](d)` ![e](f.png \"t\")\n```\n[g](h)\n```\n[i][j]\n\n[j]: k.md#l\n"),
        ["b.md", "f.png", "k.md#l"]
    );
}

fn machine_name(line: &str) -> Option<&'static str> {
    let part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '/' | '}' | ')' | '~');
    let stands_alone = |folder: &str, at: usize| {
        let after = &line[at + folder.len()..];
        !line[..at].ends_with(part) && !after.starts_with(|c: char| c != '/' && part(c))
    };
    let folder = FOLDERS.into_iter().find(|folder| line.match_indices(folder).any(|(at, _)| stands_alone(folder, at)));
    folder.or_else(|| REGISTRIES.into_iter().find(|registry| line.contains(registry)))
}

/// A page's lines outside code blocks.
fn prose(text: &str) -> impl Iterator<Item = &str> {
    let mut in_code = false;
    text.lines().filter(move |line| {
        let fence = line.trim_start().starts_with("```");
        in_code ^= fence;
        !in_code && !fence
    })
}

fn headings(text: &str) -> Vec<(usize, &str)> {
    let heading = |line| {
        let title = str::trim_start_matches(line, '#');
        (line.len() > title.len() && title.starts_with(' ')).then(|| (line.len() - title.len(), title.trim()))
    };
    prose(text).filter_map(heading).collect()
}

/// The names by which a page's headings are linked to.
fn anchors(text: &str) -> Vec<String> {
    let mut anchors: Vec<String> = Vec::new();
    for (_, title) in headings(text) {
        let kept = title.to_lowercase().replace(|c: char| !(c.is_alphanumeric() || matches!(c, ' ' | '-' | '_')), "");
        let anchor = kept.replace(' ', "-");
        let again = anchors.iter().filter(|other| **other == anchor).count();
        anchors.push(if again == 0 { anchor } else { format!("{anchor}-{again}") });
    }
    anchors
}

/// The targets of a page's links, in its text and at its foot.
fn links(text: &str) -> Vec<String> {
    let mut links = Vec::new();
    for line in prose(text) {
        if let Some((_, target)) = line.split_once("]: ").filter(|_| line.starts_with('[')) {
            links.push(target.trim().to_owned());
        }
        let plain = line.split('`').step_by(2).collect::<Vec<_>>().join("`");
        links.extend(plain.split("](").skip(1).filter_map(|rest| rest.split([')', ' ']).next()).map(str::to_owned));
    }
    links
}

fn leads_somewhere(page: &str, link: &str) -> bool {
    if link.contains("://") || link.starts_with("mailto:") {
        return true;
    }
    let (file, anchor) = link.split_once('#').map_or((link, None), |(file, anchor)| (file, Some(anchor)));
    let folder = page.rsplit_once('/').map_or("", |(folder, _)| folder);
    let target = if file.is_empty() { root().join(page) } else { root().join(folder).join(file) };
    let linked =
        |anchor| std::fs::read_to_string(&target).is_ok_and(|text| anchors(&text).iter().any(|name| name == anchor));
    target.exists() && anchor.is_none_or(linked)
}

/// The numbers of the rules: sections (`4`), rules (`4.3`) and their lettered parts (`4.3b`).
fn rules(text: &str) -> BTreeSet<String> {
    let mut rules = BTreeSet::new();
    let mut rule = String::new();
    for line in text.lines() {
        if let Some(number) =
            line.strip_prefix("## ").and_then(|title| title.split_once(". ")).map(|(number, _)| number)
        {
            rules.insert(number.to_owned());
        } else if let Some(number) = line.strip_prefix("**").and_then(|title| title.split(' ').next()).and_then(number)
        {
            rules.insert(number.clone());
            rule = number;
        } else if let Some((letter, _)) = line.split_once(". ").filter(|(letter, _)| letter.len() == 1) {
            rules.insert(format!("{rule}{letter}"));
        }
    }
    rules
}

/// The rules that a line cites: numbers after the word, joined by commas, `and`, `to` or a dash.
fn citations(line: &str) -> Vec<String> {
    let mut cited = Vec::new();
    for rest in line.split(concat!("seman", "tics")).skip(1) {
        let mut rest = rest.strip_prefix(".md").unwrap_or(rest).strip_prefix(' ').unwrap_or_default();
        while let Some(number) = rest.split(|c: char| !c.is_alphanumeric() && c != '.').next().and_then(number) {
            rest = &rest[number.len()..];
            cited.push(number);
            let joined = [", ", " and ", " to ", "–", "-"].iter().find_map(|join| rest.strip_prefix(join));
            let Some(next) = joined else { break };
            rest = next;
        }
    }
    cited
}

/// The number at the start of a word: `4`, `4.3` or `4.3b`, without a full stop behind it.
fn number(word: &str) -> Option<String> {
    let word = word.trim_end_matches('.');
    let digits = word.trim_end_matches(|c: char| c.is_ascii_lowercase());
    let letters = word.len() - digits.len();
    let parts = digits.split('.').collect::<Vec<_>>();
    let numeric = parts.iter().all(|part| (1..=2).contains(&part.len()) && part.chars().all(|c| c.is_ascii_digit()));
    (numeric && parts.len() <= 2 && letters <= 1).then(|| word.to_owned())
}
