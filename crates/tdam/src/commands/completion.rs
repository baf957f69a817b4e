//! `tdam completion`: what a shell needs to complete commands and options.

use clap::{Args, Command, ValueEnum};
use clap_complete::{Shell, generate};

use crate::terminal::{Exit, Failure, Terminal};

/// Print what a shell needs to complete commands, options and their values.
///
/// bash: tdam completion bash > ~/.local/share/bash-completion/completions/tdam;
/// zsh: tdam completion zsh > a file `_tdam` in a folder of $fpath;
/// fish: tdam completion fish > ~/.config/fish/completions/tdam.fish.
#[derive(Args, Debug)]
#[command(after_help = crate::terminal::EXIT_CODES)]
pub(super) struct Arguments {
    /// The shell
    shell: KnownShell,
}

/// The shells whose completion we try.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum KnownShell {
    Bash,
    Zsh,
    Fish,
}

/// `command` is the whole program.
pub(super) fn run(arguments: &Arguments, command: Command, terminal: &Terminal) -> Result<Exit, Failure> {
    terminal.line(script(arguments.shell, command).trim_end());
    Ok(Exit::Done)
}

/// What the shell needs.
pub(super) fn script(shell: KnownShell, mut command: Command) -> String {
    let shell = match shell {
        KnownShell::Bash => Shell::Bash,
        KnownShell::Zsh => Shell::Zsh,
        KnownShell::Fish => Shell::Fish,
    };
    let mut bytes = Vec::new();
    generate(shell, &mut command, env!("CARGO_PKG_NAME"), &mut bytes);
    String::from_utf8_lossy(&bytes).into_owned()
}
