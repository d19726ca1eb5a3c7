//! Who sees what of a team, and who may do what: each audience gets its own view, and nobody a reason that is not theirs
//! to know.

mod audiences;
mod calls;
mod changes;
mod erasing;
mod identities;
mod matrix;
mod needs;
mod notes;
mod own;
mod raw;
mod shown;
mod swaps;
mod team;
mod tokens;
mod undone;
mod words;
