//! `ondutyd forget`: what it does to a stopped server's data, told in words.

use crate::config::ForgetArgs;
use crate::id::InvalidId;
use crate::model::{ResidentId, TeamId};
use crate::roster::forget::{self, ForgetError, Forgetting, Forgotten};
use crate::tzdb::{self, TzdbError};

/// Why nobody was forgotten.
#[derive(Debug, thiserror::Error)]
pub enum ForgetFailure {
    /// A name has another form.
    #[error("{option}: {error}")]
    Id {
        /// The option.
        option: &'static str,
        /// What is wrong.
        error: InvalidId,
    },
    /// The tz database cannot be used.
    #[error(transparent)]
    Tzdb(#[from] TzdbError),
    /// The data cannot be used, or has nobody like that.
    #[error(transparent)]
    Forget(#[from] ForgetError),
}

/// Replaces a person by a pseudonym, and says what was done.
///
/// # Errors
///
/// [`ForgetFailure`].
pub fn forget(args: &ForgetArgs) -> Result<String, ForgetFailure> {
    let asked = Forgetting {
        team: TeamId::new(&args.team).map_err(|error| ForgetFailure::Id { option: "--team", error })?,
        resident: ResidentId::new(&args.resident).map_err(|error| ForgetFailure::Id { option: "--resident", error })?,
        in_text: args.replace_in_text,
        dry_run: args.dry_run,
    };
    let rules = tzdb::load(None)?.rules;
    let done = forget::forget(&args.data, &asked, &rules, &mut |_| Ok(()))?;
    Ok(told(&asked, &done))
}

fn told(asked: &Forgetting, done: &Forgotten) -> String {
    let (who, team) = (&asked.resident, &asked.team);
    let mut text = match asked.dry_run {
        true => {
            format!("Nothing was changed. '{who}' of team '{team}' would get a pseudonym such as {}:\n", done.pseudonym)
        }
        false => format!("'{who}' of team '{team}' is {} now:\n", done.pseudonym),
    };
    text += &format!("  objects that are different: {}\n", done.objects);
    text += &format!("  entries of the log that are different: {}\n", done.entries);
    text += &format!("  kinds and notes erased: {}\n", done.erased);
    for (old, new) in &done.ids {
        text += &format!("  id {old} -> {new}\n");
    }
    if !done.places.is_empty() {
        let way = if asked.in_text {
            "These ids have the name in them and stay; make others and delete these"
        } else {
            "The name, a handle or the id still stands here; --replace-in-text replaces it in texts, but not in ids"
        };
        text += &format!("{way}:\n");
        for place in &done.places {
            text += &format!("  {place}\n");
        }
    }
    text
}
