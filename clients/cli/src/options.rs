//! What people typed for a field of a request, and the way out where it is wrong.

/// Returns the option or argument of a command that states a field of its request, if one does.
pub fn option(command: &str, field: &str) -> Option<&'static str> {
    let field = field.split('[').next().unwrap_or(field);
    if let Some(part) = field.strip_prefix("span.") {
        return Some(match part.rsplit('.').next() {
            Some("last_date" | "end" | "end_time") => "--to",
            Some("zone") => "--tz",
            _ => "--from",
        });
    }
    if let Some(part) = field.strip_prefix("due.") {
        return Some(if part == "zone" { "--tz" } else { "--due" });
    }
    Some(match (command, field) {
        ("token create" | "invite", "token.expire_time") => "--expires",
        ("token create" | "invite", "token.resident") => "--resident",
        ("token create" | "invite", "token.team") => "--team",
        ("token create" | "invite", "token.role") => "--role",
        ("token create", "token.display_name") => "NAME",
        ("invite", "token.display_name") => "--name",
        ("token revoke", "name") => "ID",
        ("login", "display_name") => "--name",
        ("login", "invitation") => "--invitation",
        ("apply" | "check" | "export" | "info" | "show", "name" | "teams") | (_, "parent") => "--team",
        ("task assign", "assignee") => "RESIDENT",
        ("log", "interval") => "--since and --until",
        ("log", "interval.start_time") => "--since",
        ("log", "interval.end_time") => "--until",
        ("log", "actors") => "--actor",
        ("log", "objects") => "--object",
        ("rota" | "rota add" | "rota remove" | "rota order", "name" | "layer") => "DUTY",
        ("rota add", "add.residents") | ("rota remove", "remove.residents") | ("rota order", "order.residents") => {
            "RESIDENT"
        }
        ("rota add", "add.before") => "--before",
        ("rota add", "add.after") => "--after",
        ("rota add" | "rota remove" | "rota order", "effective_time" | "first_date") => "--from",
        ("show", "revision") => "--at",
        ("undo", "revision") => "REVISION",
        ("cover", "duty") => "DUTY",
        ("gaps accept" | "gaps reopen", "gap_id" | "interval") => "GAP",
        ("task stuck", "reason") => "REASON",
        ("task comment" | "handoffs note", "text") => "TEXT",
        ("handoffs note", "duty") => "DUTY",
        ("handoffs remove", "name") => "ID",
        ("task split", "tasks") => "TASK",
        ("task split", "of_resident") => "--of",
        ("task split", "residents") => "--between",
        ("delete" | "get" | "off end" | "off erase", "name") => "ID",
        ("task stuck" | "task assign" | "task comment" | "task edit" | "task show", "name") => "ID",
        ("task edit", "title") => "--title",
        _ => return of_any(field),
    })
}

/// Returns the option that states a field in whatever command has it.
fn of_any(field: &str) -> Option<&'static str> {
    Some(match field {
        "resident" | "residents" => "--resident",
        "duty" | "duties" => "--duty",
        "by_resident" => "--by",
        "for_resident" => "--for",
        "interval" | "span" => "--from and --to",
        "effect" | "elsewhere_zone" => "--elsewhere",
        "kind" => "KIND",
        "note" => "--note",
        "recurrence" | "recurrence.rule" => "--repeat",
        "recurrence.excepted_dates" => "--except",
        "title" => "TITLE",
        "assignee" => "--assignee",
        "deputy" => "--deputy",
        "due" => "--due",
        "effort_hours" => "--effort",
        "priority" => "--priority",
        "link" => "--link",
        "reason" => "--reason",
        "until_time" => "--until",
        "time_off_id" | "task_id" | "handoff_note_id" => "--id",
        "effective_time" | "end_time" | "back_time" | "read_time" | "time" => "--at",
        _ => return None,
    })
}

/// Returns the way out where what an option states is wrong for a reason.
pub fn way_out(command: &str, option: &str, reason: &str) -> Option<&'static str> {
    if reason.contains("there is no resident") {
        return Some("`onduty list residents` says who there is");
    }
    if reason.contains("there is no duty") {
        return Some("`onduty list duties` says what there is");
    }
    Some(match (command, option) {
        ("cover", "--by") => "leave --for out, or let somebody else cover",
        ("cover", "--for") => "name the one who is on duty with --for, and another who covers with --by",
        ("task assign" | "task add", "--deputy") if reason.contains("assignee") => {
            "name another with --deputy; `onduty task assign ID --no-deputy` leaves the task without one"
        }
        ("log", "--since and --until") => "state an --until that is later than --since",
        ("log", "--object") => "names are such as residents/asa, duties/review, timeOff/flu or tasks/fix",
        ("apply", "--team") => "leave --team out, or change `team` in the file",
        (_, "--from and --to") if reason.contains("days long") => "ask for at most 400 days with --from and --to",
        (_, "--from and --to" | "--from" | "--to") => "state a --to that is later than --from",
        (_, "--tz") => "zones are IANA names such as Europe/Warsaw, America/Toronto or UTC",
        (_, "--elsewhere") => "--elsewhere is for `onduty off add travel`; leave it out where somebody does not work",
        (_, "--repeat") => "a rule is like 'FREQ=WEEKLY;BYDAY=FR', and reaches from --from to --to each time",
        (_, "--except") => "--except takes a date on which it would repeat",
        (_, "TITLE" | "--title") => "say in a few words what is to be done",
        (_, "--effort") => "--effort takes hours, such as 3 or 0.5",
        (_, "--link") => "--link takes an address such as https://example.org/42",
        (_, "--id") => "leave --id out, and the server chooses one",
        (_, "--until") => "state a later --until, or leave it out",
        ("rota" | "rota add" | "rota remove" | "rota order", "DUTY") => "name the layer too, as DUTY/LAYER",
        ("rota add" | "rota remove" | "rota order", "RESIDENT" | "--before" | "--after") => {
            "`onduty rota DUTY` says who is in it"
        }
        ("show", "--at") => {
            "`onduty who --at` and `onduty export --at` tell of the future; `onduty log` has the revisions"
        }
        (_, "--at") => "`onduty --help` says how a time is written; without --at it is now",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_is_told_as_the_option_that_states_it() {
        for (command, field, expected) in [
            ("off add", "span.days.last_date", "--to"),
            ("off add", "span.local.start", "--from"),
            ("off add", "span.instants.end_time", "--to"),
            ("off add", "recurrence.excepted_dates[1]", "--except"),
            ("cover", "by_resident", "--by"),
            ("cover", "duty", "DUTY"),
            ("task add", "duty", "--duty"),
            ("task assign", "assignee", "RESIDENT"),
            ("gaps", "interval", "--from and --to"),
            ("apply", "name", "--team"),
        ] {
            assert_eq!(option(command, field), Some(expected), "{command} {field}");
        }
        assert_eq!(option("off add", "page_token"), None);
    }
}
