//! Stores: one conformance suite for all, what is on the disk, and what may happen to it.

mod arbitrary;
mod as_of;
mod conformance;
mod crash;
mod damage;
mod differential;
mod disks;
mod process;
mod records;
mod samples;
mod sled_dir;
