//! Windows and macOS: a value in the registry, or a launch agent, by the library.

#![expect(
    clippy::unused_self,
    clippy::unnecessary_wraps,
    reason = "it is asked as a desktop entry is"
)]

use super::AT_LOGIN;
use crate::system::child;
use agora_home::Files;
use anyhow::Context;
use auto_launch::{AutoLaunch, AutoLaunchBuilder};

/// What the system has of it.
#[derive(Debug, Clone)]
pub(super) struct Entry;

impl Entry {
    /// The system has one, whatever the home.
    pub(super) fn of(_: &Files) -> Self {
        Self
    }

    pub(super) fn is_on(&self) -> anyhow::Result<bool> {
        Ok(launch()?.is_enabled()?)
    }

    pub(super) fn set(&self, on: bool) -> anyhow::Result<()> {
        let launch = launch()?;
        if on { launch.enable() } else { launch.disable() }?;
        Ok(())
    }

    /// The installers leave the program where it was.
    pub(super) fn mend(&self) -> anyhow::Result<()> {
        Ok(())
    }
}

fn launch() -> anyhow::Result<AutoLaunch> {
    let program = child::own()?;
    let program = program.to_str().context("the program's path is no text")?;
    let mut builder = AutoLaunchBuilder::new();
    builder.set_app_name("Agora Notifier").set_app_path(program).set_args(&[AT_LOGIN]);
    #[cfg(target_os = "macos")]
    builder.set_macos_launch_mode(auto_launch::MacOSLaunchMode::LaunchAgent);
    Ok(builder.build()?)
}
