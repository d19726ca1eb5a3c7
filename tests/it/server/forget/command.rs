//! The command `ondutyd forget`.

use super::*;

fn run(dir: &Path, more: &[&str]) -> (i32, String, String) {
    let mut command = std::process::Command::new(ondutyd());
    command.args(["forget", "--team", "core", "--resident", "zuzka", "--data"]).arg(dir).args(more);
    let output = command.env_clear().output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

#[tokio::test]
async fn the_command_says_what_it_did_and_leaves_a_running_server_alone() {
    let dir = furnished(true).await;
    let server = SledStore::open(dir.path()).unwrap();
    let (code, _, errors) = run(dir.path(), &[]);
    assert!(code == 1 && errors.contains("another process uses the data directory"), "{errors}");
    drop(server);
    let (code, told, _) = run(dir.path(), &["--dry-run"]);
    assert!(code == 0 && told.starts_with("Nothing was changed.") && told.contains("tasks/ask: title"), "{told}");
    let (code, told, _) = run(dir.path(), &["--replace-in-text"]);
    assert!(code == 0 && told.contains("is former-") && told.contains("kinds and notes erased: 2"), "{told}");
    assert!(told.contains("duties/triage, layer zuzka-turns: its id"), "{told}");
    assert_eq!(traces(dir.path()), ["zuzka"]);
    let (code, _, errors) = run(dir.path(), &[]);
    assert!(code == 1 && errors.contains("had no resident 'zuzka'"), "{errors}");
}
