//! The server whole, over loopback: as a process where it is killed, else in this process with a clock of its own.

mod bounds;
mod calendars;
mod erasing;
mod feed;
mod floods;
mod forget;
mod gate;
mod hang_up;
mod kill;
mod limits;
mod outbound;
mod shutdown;
mod tls;
mod writers;
