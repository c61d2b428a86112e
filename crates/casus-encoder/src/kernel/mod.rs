//! The arithmetic: sums of products of small integers, and what is reckoned from them in `f32`.
//!
//! Every path gives the same bytes. Sums of products are exact in 32-bit integers, whatever the order and the
//! instruction; `f32` is reckoned by one source (`float`) that every path compiles for its own vector width:
//! no fused multiplication, reductions always in sixteen lanes that are joined in one order, and exponential
//! and error function by polynomials of its own. Attention, too, is in integers: queries and keys in 13 bits,
//! weights and values in 16.
//!
//! A path is a module with two tiles, the only code that names instructions; [`Kernel`] is the proof that the
//! machine has them. It must not know models, files or pieces.

mod attention;
#[cfg(target_arch = "x86_64")]
mod avx2;
#[cfg(target_arch = "x86_64")]
mod avx512;
mod dense;
mod float;
#[cfg(target_arch = "aarch64")]
mod neon;
mod scalar;

pub(crate) use attention::{Attention, MAX_HEAD, Scratch};
pub(crate) use dense::{Dense, Linear};

/// Which instructions an encoder uses. The result does not depend on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Path {
    /// No vector instructions by name.
    Scalar,
    /// x86-64 with AVX2.
    Avx2,
    /// x86-64 with AVX-512 and its 8-bit dot products (VNNI).
    Avx512,
    /// ARM with Neon.
    Neon,
}

impl Path {
    /// All paths, the slowest first.
    pub const ALL: [Path; 4] = [Path::Scalar, Path::Avx2, Path::Neon, Path::Avx512];

    /// Whether this machine has the instructions.
    pub fn is_available(self) -> bool {
        Kernel::new(self).is_some()
    }

    /// The fastest path of this machine.
    pub fn best() -> Path {
        Path::ALL.into_iter().rev().find(|path| path.is_available()).unwrap_or(Path::Scalar)
    }

    /// Name of the instructions.
    pub fn name(self) -> &'static str {
        match self {
            Path::Scalar => "scalar",
            Path::Avx2 => "AVX2",
            Path::Avx512 => "AVX-512 VNNI",
            Path::Neon => "Neon",
        }
    }
}

/// How quantised activations are written for a path's dense tile.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Code {
    /// Four to a word, as unsigned bytes 128 above their value.
    Bytes,
    /// Two to a word, as signed 16-bit values.
    Pairs,
}

type Quantise = unsafe fn(values: &[f32], width: usize, codes: &mut [[u8; 4]], scales: &mut [f32]);
type Norm = unsafe fn(values: &mut [f32], other: &[f32], gain: &[f32], bias: &[f32], epsilon: f32);

/// The functions of one path.
struct Functions {
    path: Path,
    code: Code,
    /// Columns of a panel of weights.
    columns: usize,
    quantise: Quantise,
    dense: unsafe fn(Dense<'_>),
    norm: Norm,
    attend: unsafe fn(Attention<'_>),
}

/// The functions of a path that this machine can run.
#[derive(Clone, Copy)]
pub(crate) struct Kernel(&'static Functions);

impl Kernel {
    /// None if the machine lacks the instructions.
    pub(crate) fn new(path: Path) -> Option<Kernel> {
        match path {
            Path::Scalar => Some(Kernel(&scalar::FUNCTIONS)),
            #[cfg(target_arch = "x86_64")]
            Path::Avx2 => is_x86_feature_detected!("avx2").then_some(Kernel(&avx2::FUNCTIONS)),
            #[cfg(target_arch = "x86_64")]
            Path::Avx512 => (is_x86_feature_detected!("avx512f")
                && is_x86_feature_detected!("avx512bw")
                && is_x86_feature_detected!("avx512vl")
                && is_x86_feature_detected!("avx512dq")
                && is_x86_feature_detected!("avx512vnni"))
            .then_some(Kernel(&avx512::FUNCTIONS)),
            #[cfg(target_arch = "aarch64")]
            Path::Neon => std::arch::is_aarch64_feature_detected!("neon").then_some(Kernel(&neon::FUNCTIONS)),
            #[allow(unreachable_patterns)]
            _ => None,
        }
    }

    pub(crate) fn path(self) -> Path {
        self.0.path
    }

    /// Words of four bytes that a row of `width` quantised values takes.
    pub(crate) fn words(self, width: usize) -> usize {
        width / self.0.code.values()
    }

    /// Writes each row of `width` values as whole numbers from -127 to 127 and the scale that gives them back.
    pub(crate) fn quantise(self, values: &[f32], width: usize, codes: &mut [[u8; 4]], scales: &mut [f32]) {
        // SAFETY: the only condition is that the machine has the path's instructions, and `new` asked it.
        unsafe { (self.0.quantise)(values, width, codes, scales) }
    }

    /// Multiplies quantised rows by a layer's weights.
    pub(crate) fn dense(self, job: Dense<'_>) {
        // SAFETY: as in `quantise`.
        unsafe { (self.0.dense)(job) }
    }

    /// Adds `other` to `values` and normalises each row of `gain.len()` values, a multiple of 16.
    pub(crate) fn norm(self, values: &mut [f32], other: &[f32], gain: &[f32], bias: &[f32], epsilon: f32) {
        // SAFETY: as in `quantise`.
        unsafe { (self.0.norm)(values, other, gain, bias, epsilon) }
    }

    /// Self-attention over one window.
    pub(crate) fn attend(self, job: Attention<'_>) {
        // SAFETY: as in `quantise`.
        unsafe { (self.0.attend)(job) }
    }
}

impl std::fmt::Debug for Kernel {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.path().fmt(f)
    }
}

impl Code {
    /// Values to a word of four bytes.
    fn values(self) -> usize {
        match self {
            Code::Bytes => 4,
            Code::Pairs => 2,
        }
    }
}

/// The functions of a path: its two tiles, and all that is written once and compiled for the path's instructions.
///
/// `$dense` is a tile of a dense layer with panels of `$columns` columns, `$pairs` one of attention with panels
/// of `$wide`. Both are called with at most `$rows` rows.
macro_rules! functions {
    ($path:expr, $code:ident, $(#[$feature:meta])?, $dense:ident: $rows:literal x $columns:literal,
     $pairs:ident: $deep:literal x $wide:literal) => {
        pub(super) static FUNCTIONS: super::Functions = super::Functions {
            path: $path,
            code: super::Code::$code,
            columns: $columns,
            quantise,
            dense,
            norm,
            attend,
        };

        $(#[$feature])?
        fn quantise(values: &[f32], width: usize, codes: &mut [[u8; 4]], scales: &mut [f32]) {
            super::float::quantise(values, width, super::Code::$code, codes, scales);
        }

        $(#[$feature])?
        fn dense(job: super::Dense<'_>) {
            super::dense::run::<$rows, $columns>(job, |rows, panel, start, sums| $dense(rows, panel, start, sums));
        }

        $(#[$feature])?
        fn norm(values: &mut [f32], other: &[f32], gain: &[f32], bias: &[f32], epsilon: f32) {
            super::float::norm(values, other, gain, bias, epsilon);
        }

        $(#[$feature])?
        fn attend(job: super::Attention<'_>) {
            super::attention::run::<$deep, $wide>(job, |rows, panel, sums, stride| $pairs(rows, panel, sums, stride));
        }
    };
}
use functions;

/// The first `R` rows of `length` words each. Slices of one length, so that the compiler drops the checks of an
/// index that is below it.
#[inline(always)]
fn split<T, const R: usize>(words: &[T], length: usize) -> [&[T]; R] {
    let mut rows = [&words[..length]; R];
    for r in 1..R {
        rows[r] = &words[r * length..][..length];
    }
    rows
}

/// Values at an address that is a multiple of 64, so that no vector of them lies across two cache lines. Only
/// speed rests on it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Aligned<T> {
    buffer: Vec<T>,
    start: usize,
    length: usize,
}

impl<T: Copy + Default> Aligned<T> {
    /// Makes room for `length` values; what they are is not said.
    pub(crate) fn resize(&mut self, length: usize) {
        if self.start + length > self.buffer.len() || self.length == 0 {
            let spare = 64 / size_of::<T>();
            self.buffer = vec![T::default(); length + spare];
            self.start = self.buffer.as_ptr().align_offset(64).min(spare);
        }
        self.length = length;
    }

    pub(crate) fn get(&self) -> &[T] {
        &self.buffer[self.start..][..self.length]
    }

    pub(crate) fn get_mut(&mut self) -> &mut [T] {
        &mut self.buffer[self.start..][..self.length]
    }
}
