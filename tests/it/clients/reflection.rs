//! A Python client that knows the API by reflection only.

use tempfile::TempDir;

use super::demo;
use crate::support::same::same;
use crate::support::tokens::admin_token;
use crate::support::tools;

const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/clients/reflect.py");

#[test]
fn a_python_client_that_has_only_reflection_can_work() {
    let Some(mut python) = tools::tool(tools::PYTHON) else { return };
    let dir = TempDir::new().unwrap();
    let server = demo(dir.path());
    let told = tools::output(python.arg(SCRIPT).arg(server.address().to_string()).arg(admin_token(&server.url())));
    insta::assert_snapshot!(same(&told, &server));
}
