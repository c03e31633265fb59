//! The kernel's word that the wall clock was set, by a person, by a time server, or by the end of
//! a sleep: a timer that never ends and that it cancels then (`timerfd_create(2)`,
//! `TFD_TIMER_CANCEL_ON_SET`).

use std::io;
use std::os::fd::OwnedFd;
use std::time::{Instant, SystemTime};

use rustix::time::{
    Itimerspec, TimerfdClockId, TimerfdFlags, TimerfdTimerFlags, Timespec, timerfd_create,
    timerfd_settime,
};
use tokio::io::unix::AsyncFd;

use super::jumped;
use crate::kernel::registered;
use crate::{Cause, Fault, Sign, Source};

/// The two clocks as they were when they were last looked at.
pub(crate) struct Clock {
    timer: AsyncFd<OwnedFd>,
    wall: SystemTime,
    /// `CLOCK_MONOTONIC`: it stands still while the machine sleeps, and is slewed with the other.
    steady: Instant,
}

impl Clock {
    pub(crate) fn start() -> Result<Self, Fault> {
        let flags = TimerfdFlags::NONBLOCK | TimerfdFlags::CLOEXEC;
        let timer = timerfd_create(TimerfdClockId::Realtime, flags)?;
        let never = Itimerspec {
            it_interval: Timespec::default(),
            it_value: Timespec { tv_sec: i64::MAX, tv_nsec: 0 },
        };
        let flags = TimerfdTimerFlags::ABSTIME | TimerfdTimerFlags::CANCEL_ON_SET;
        timerfd_settime(&timer, flags, &never)?;
        Ok(Self { timer: registered(timer)?, wall: SystemTime::now(), steady: Instant::now() })
    }

    /// Waits until the wall clock was set. The timer stays armed.
    async fn set(&self) -> io::Result<()> {
        loop {
            let mut ready = self.timer.readable().await?;
            match ready.try_io(|timer| Ok(rustix::io::read(timer, &mut [0; 8])?)) {
                Ok(Err(error)) if is_cancelled(&error) => return Ok(()),
                Ok(Err(error)) => return Err(error),
                // It ended, which is 292 thousand million years away, or there is nothing yet.
                Ok(Ok(_)) | Err(_) => {}
            }
        }
    }
}

impl Source for Clock {
    const NAME: &'static str = "the clock";

    async fn next(&mut self) -> Result<Sign, Fault> {
        loop {
            self.set().await?;
            let (wall, steady) = (SystemTime::now(), Instant::now());
            let jumped = jumped(self.wall, wall, steady - self.steady);
            (self.wall, self.steady) = (wall, steady);
            if jumped {
                return Ok(Sign::Wakes(Cause::ClockJumped));
            }
        }
    }
}

fn is_cancelled(error: &io::Error) -> bool {
    error.raw_os_error() == Some(rustix::io::Errno::CANCELED.raw_os_error())
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt;

    use super::*;

    #[tokio::test]
    async fn a_clock_that_nobody_sets_tells_nothing() {
        let mut clock = Clock::start().unwrap();
        assert!(clock.next().now_or_never().is_none());
        // Not that the timer has ended, which would be told as its number of ends.
        let read = rustix::io::read(&clock.timer, &mut [0; 8]);
        assert_eq!(read, Err(rustix::io::Errno::AGAIN));
    }
}
