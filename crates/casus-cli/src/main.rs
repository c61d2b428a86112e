//! The `casus` command: reports in, conflict event records out.

use std::process::ExitCode;

fn main() -> ExitCode {
    casus_cli::run(std::env::args_os())
}
