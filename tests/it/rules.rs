//! The rules of `docs/semantics.md` against a slow, obvious definition of them.
//!
//! | module | what it is |
//! |---|---|
//! | `build` | teams written by hand, tersely |
//! | `terse` | the short texts that these are written in |
//! | `oracle` | who is on duty at an instant, straight from the rules |
//! | `facts` | each clause of the rules as a named fact about the oracle |
//! | `edges` | every instant at which an answer may change |
//! | `slow` | shifts, gaps and handoffs, joined from the oracle's answers |
//! | `arbitrary` | random rosters that hit everything |
//! | `plan` | what a random roster is drawn as |
//! | `planned` | how that becomes a team |
//! | `hits` | what random rosters hit, and that they are valid |
//! | `edit` | random edits |
//! | `turns` | whose turn it is after a row of edits, straight from the rules |
//! | `life` | a rotation that is edited again and again |
//! | `loads` | the load of a period against its definition |
//! | `previews` | what a change makes different |
//! | `edited` | such rotations against that definition, as facts and at random |
//! | `swapped` | swaps on random rosters |
//! | `print` | a roster as text, for failures |
//! | `laws` | the engine against the oracle, and the laws that its answers keep |
//! | `cases` | what random rosters have found, each as a case of its own |
//! | `draw` | a timeline as a picture |
//! | `drawn` | timelines as pictures |
//! | `undone` | random changes that are undone |

pub mod arbitrary;
pub mod build;
mod cases;
mod draw;
mod drawn;
mod edges;
mod edit;
mod edited;
mod facts;
mod hits;
mod laws;
mod life;
mod loads;
mod oracle;
mod plan;
mod planned;
mod previews;
pub mod print;
mod slow;
mod swapped;
mod terse;
mod turns;
mod undone;
