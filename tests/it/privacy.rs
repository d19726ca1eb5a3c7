//! Who sees what of a team: each audience gets its own view, and nobody a reason that is not theirs to know.

mod audiences;
mod changes;
mod erasing;
mod needs;
mod own;
mod team;
