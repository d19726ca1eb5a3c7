//! What a server needs: memory when it idles, and time and memory to open many teams.

use onduty::civil::{Instant, ZoneRules};
use onduty::model::{Object, TeamId};
use onduty::store::{ChangeSet, Commit, Fingerprint, SledStore, Store};
use uuid::Uuid;

use super::pairs::{Effort, now};
use super::process::Process;
use super::report::{Limit, Report};
use super::rosters::{START, team_of};

/// How many teams the data has, and how many of them are committed at the same time.
const TEAMS: usize = 10_000;
const TOGETHER: usize = 256;

/// Tells what a server needs.
pub fn measure(report: &mut Report, effort: Effort) {
    report.section("Server: the release build of ondutyd");
    let dir = tempfile::tempdir().expect("a directory");
    let demo = Process::ondutyd(&dir.path().join("demo"), &["--demo"]);
    settle(&demo);
    report.figure("the demo, idle", demo.resident_kib() / 1024.0, "MiB", Limit::AtMost(40.0), "resident memory");
    let empty = Process::ondutyd(&dir.path().join("empty"), &[]);
    let teams = if effort.rounds == Effort::QUICK.rounds { TEAMS / 100 } else { TEAMS };
    let data = dir.path().join("many");
    fill(&data, teams);
    let many = Process::ondutyd(&data, &[]);
    let note = format!("{teams} teams of 8 residents and 5 duties");
    report.figure("restart", many.seconds, "s", Limit::AtMost(5.0), &note);
    let kib = (many.resident_kib() - empty.resident_kib()) / teams as f64;
    report.figure("memory of a team", kib, "KiB", Limit::AtMost(60_000.0 / 1024.0), "more than an empty server");
}

/// Waits until its processor time stands still for a while: it has said what it had to say.
fn settle(process: &Process) {
    let (mut last, mut since) = (process.cpu_seconds(), now());
    while since.elapsed_seconds() < 0.5 {
        let used = process.cpu_seconds();
        if used > last {
            (last, since) = (used, now());
        }
        std::thread::yield_now();
    }
}

fn fill(data: &std::path::Path, teams: usize) {
    let rules = ZoneRules::bundled().expect("the bundled zone rules");
    let objects: Vec<Object> = team_of(&file(), &rules).objects().collect();
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    let store = SledStore::open(data).expect("a store");
    let all: Vec<usize> = (0..teams).collect();
    for some in all.chunks(TOGETHER) {
        let commits = some.iter().map(|index| store.commit(commit(*index, &objects)));
        runtime
            .block_on(futures_util::future::join_all(commits))
            .into_iter()
            .for_each(|done| assert!(done.is_ok(), "{done:?}"));
    }
}

fn commit(index: usize, objects: &[Object]) -> Commit {
    let mut changes = ChangeSet::default();
    objects.iter().cloned().for_each(|object| changes.put(object));
    let request_id = Uuid::new_v4();
    Commit {
        team: TeamId::new(&format!("team-{index}")).expect("an id"),
        expected_revision: 0,
        changes,
        actor: "coordinator".to_owned(),
        on_behalf_of: None,
        time: format!("{START}T00:00:00Z").parse::<Instant>().expect("an instant"),
        request_id,
        fingerprint: Fingerprint::of(request_id.as_bytes()),
        tzdb_version: "2026e".to_owned(),
        title: "apply a roster".to_owned(),
    }
}

/// Eight residents who work, and five duties with a requirement and a weekly rotation each.
fn file() -> String {
    let mut file = format!("team = \"bench\"\nzone = \"Europe/Warsaw\"\nsince = {START}\n\n");
    for person in 0..8 {
        file.push_str(&format!(
            "[[resident]]\nid = \"person-{person}\"\ndisplay_name = \"Person {person}\"\n\
             working_hours = [\"mon-fri 09:00-17:00\"]\nskills = [\"security\"]\n\
             handles.github = {{ public = \"person-{person}\" }}\n\n"
        ));
    }
    let people: Vec<String> = (0..8).map(|person| format!("\"person-{person}\"")).collect();
    for duty in 0..5 {
        file.push_str(&format!(
            "[[duty]]\nid = \"duty-{duty}\"\ntitle = \"Duty {duty}\"\n\n[[duty.requirement]]\nid = \"days\"\n\
             when = [\"mon-fri 09:00-17:00\"]\n\n[[duty.layer]]\nid = \"weekly\"\nparticipants = [{}]\n\
             shift_length = \"1 week\"\nanchor = {START}T09:00:00\n\n",
            people.join(", "),
        ));
    }
    file
}
