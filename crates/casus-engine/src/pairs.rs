//! What was looked up, kept for the next time in a table of fixed size.
//!
//! Two slots share each place, and what comes takes the one that was used longer ago: with a text's words this
//! misses as seldom as twice as many slots of their own places would.
//!
//! This module must not know what is kept.

/// A table of slots.
#[derive(Debug)]
pub(crate) struct Pairs<T> {
    slots: Vec<T>,
    /// For each place, which of its two slots was used last.
    last: Vec<u8>,
}

impl<T> Default for Pairs<T> {
    fn default() -> Pairs<T> {
        Pairs { slots: Vec::new(), last: Vec::new() }
    }
}

impl<T: Clone> Pairs<T> {
    /// The slot that `is` what is looked for, by its hash, or the one to put it in, and whether it is there. So
    /// many slots, a power of two, are made from `empty` ones the first time.
    #[inline]
    pub(crate) fn slot(
        &mut self,
        slots: usize,
        empty: impl FnOnce() -> T,
        hash: u64,
        is: impl Fn(&T) -> bool,
    ) -> (&mut T, bool) {
        if self.slots.is_empty() {
            self.slots.resize(slots, empty());
            self.last.resize(slots / 2, 0);
        }
        let place = hash as usize & (self.last.len() - 1);
        let last = usize::from(self.last[place] & 1);
        let (at, found) = if is(&self.slots[2 * place + last]) {
            (last, true)
        } else {
            let other = 1 - last;
            self.last[place] = other as u8;
            (other, is(&self.slots[2 * place + other]))
        };
        (&mut self.slots[2 * place + at], found)
    }
}

impl<T> Pairs<T> {
    /// The slot where a hash is looked for first, if there are slots: who is about to look for many can read
    /// something of each before, so that the waits for memory fall together.
    #[inline]
    pub(crate) fn first(&self, hash: u64) -> Option<&T> {
        let place = hash as usize & self.last.len().checked_sub(1)?;
        self.slots.get(2 * place + usize::from(self.last[place] & 1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_used_longest_ago_goes() {
        let mut table = Pairs::default();
        // All in one place.
        let mut look = |wanted: u32| {
            let (slot, found) = table.slot(8, || 0, 3, |kept| *kept == wanted);
            *slot = wanted;
            found
        };
        let found: Vec<bool> = [1, 2, 1, 3, 1, 2, 3].into_iter().map(&mut look).collect();
        assert_eq!(found, [false, false, true, false, true, false, false]);
    }
}
