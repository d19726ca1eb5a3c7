//! Questions on a terminal: before something that is hard to take back, and about what was left open.

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

/// Asks on a terminal for a few words; empty ones too are an answer. Elsewhere nobody can be asked.
///
/// # Errors
///
/// [`Failure::Io`].
pub fn words(question: &str) -> Result<Option<String>, Failure> {
    let input = std::io::stdin();
    if !input.is_terminal() {
        return Ok(None);
    }
    let answer = replied(question, &mut input.lock(), &mut anstream::stderr().lock());
    answer.map(Some).map_err(|error| Failure::io("the question", error, "say it as an option, then nothing is asked"))
}

fn replied(question: &str, input: &mut impl BufRead, output: &mut impl Write) -> std::io::Result<String> {
    write!(output, "{question} ")?;
    output.flush()?;
    let mut answer = String::new();
    input.read_line(&mut answer)?;
    Ok(answer.trim().to_owned())
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
    fn an_answer_is_what_was_typed() {
        let mut output = Vec::new();
        assert_eq!(replied("Where?", &mut " Asia/Tokyo \n".as_bytes(), &mut output).unwrap(), "Asia/Tokyo");
        assert_eq!(replied("Where?", &mut "".as_bytes(), &mut output).unwrap(), "");
    }

    #[test]
    fn only_a_yes_is_a_yes() {
        for (typed, expected) in [("y\n", true), ("Yes\n", true), ("\n", false), ("no\n", false), ("", false)] {
            let mut output = Vec::new();
            assert_eq!(asked("End it?", &mut typed.as_bytes(), &mut output).unwrap(), expected, "{typed:?}");
            assert_eq!(String::from_utf8(output).unwrap(), "\nEnd it? [y/N] ");
        }
    }
}
