//! A question before something that is hard to take back.

use std::io::{BufRead, IsTerminal as _, Write};

use crate::failure::Failure;

/// Asks on a terminal whether to go on; elsewhere the answer is yes.
///
/// # Errors
///
/// [`Failure::Io`].
pub fn confirmed(question: &str) -> Result<bool, Failure> {
    let input = std::io::stdin();
    if !input.is_terminal() {
        return Ok(true);
    }
    let answer = asked(question, &mut input.lock(), &mut anstream::stderr().lock());
    answer.map_err(|error| Failure::io("the question whether to go on", error, "say --yes to go on without one"))
}

fn asked(question: &str, input: &mut impl BufRead, output: &mut impl Write) -> std::io::Result<bool> {
    write!(output, "\n{question} [y/N] ")?;
    output.flush()?;
    let mut answer = String::new();
    input.read_line(&mut answer)?;
    Ok(matches!(answer.trim().to_lowercase().as_str(), "y" | "yes"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_yes_is_a_yes() {
        for (typed, expected) in [("y\n", true), ("Yes\n", true), ("\n", false), ("no\n", false), ("", false)] {
            let mut output = Vec::new();
            assert_eq!(asked("End it?", &mut typed.as_bytes(), &mut output).unwrap(), expected, "{typed:?}");
            assert_eq!(String::from_utf8(output).unwrap(), "\nEnd it? [y/N] ");
        }
    }
}
