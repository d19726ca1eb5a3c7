//! How much is read of one file, so that no file takes long or much memory.

/// The largest file, in bytes: 10 MiB.
pub const BYTES_MAX: usize = 10 << 20;
/// How deep components may be nested; deeper ones are passed over.
pub(super) const DEPTH_MAX: usize = 16;
/// The longest line that is read, unfolded, in bytes; longer ones cannot be read.
pub(super) const LINE_MAX: usize = 256 << 10;
/// The most parameters of a line.
pub(super) const PARAMETERS_MAX: usize = 100;
/// The most lines, and the most dates, that an event lists.
pub(super) const PARTS_MAX: usize = 2_000;
/// The most instances of one event within the window.
pub(super) const INSTANCES_MAX: usize = 2_000;
/// The most instances of all events within the window.
pub(super) const INSTANCES_MAX_IN_ALL: usize = 20_000;
/// The most events of a file; as programs write them, a file of the largest size has about half as many.
pub(super) const EVENTS_MAX: usize = 50_000;
/// The most time zones that are kept of the descriptions in a file.
pub(super) const ZONES_MAX: usize = 500;
/// The most stretches of one zone that are kept.
pub(super) const OBSERVANCES_MAX: usize = 500;
/// How many steps may be taken for all rules; a step is about a day looked at, or some tens of nanoseconds.
const STEPS_MAX: u64 = 10_000_000;

/// What may still be worked out.
#[derive(Clone, Copy, Debug)]
pub(super) struct Budget {
    steps: u64,
    instances: usize,
}

impl Budget {
    pub fn new() -> Self {
        Self { steps: STEPS_MAX, instances: INSTANCES_MAX_IN_ALL }
    }

    /// Takes steps out, if there are as many.
    pub fn take_steps(&mut self, steps: u64) -> bool {
        take(&mut self.steps, steps)
    }

    /// Takes instances out, if there are as many; if not, there are none any more.
    pub fn take_instances(&mut self, instances: usize) -> bool {
        let enough = take(&mut self.instances, instances);
        if !enough {
            self.instances = 0;
        }
        enough
    }

    /// Tells whether there are instances left, so that looking for some makes sense.
    pub fn has_instances(&self) -> bool {
        self.instances > 0
    }
}

fn take<T: Copy + PartialOrd + std::ops::SubAssign>(left: &mut T, wanted: T) -> bool {
    let enough = wanted <= *left;
    if enough {
        *left -= wanted;
    }
    enough
}
