//! One of a kind in flight, and once more when it ends.

use tokio::task::AbortHandle;

/// Something that goes on beside the actor, one at a time. What is asked for meanwhile is done by one more
/// when it ends, however often it was asked for.
#[derive(Debug, Default)]
pub(super) struct OpQueue {
    in_flight: bool,
    /// What gives it up, where that can be.
    task: Option<AbortHandle>,
    once_more: bool,
}

impl OpQueue {
    pub(super) fn is_in_flight(&self) -> bool {
        self.in_flight
    }

    /// Asks for one. Whether it is to begin now; it is in flight then.
    pub(super) fn request(&mut self) -> bool {
        let begins = !self.in_flight;
        self.once_more |= !begins;
        self.in_flight = true;
        begins
    }

    /// What goes on can be given up by this.
    pub(super) fn can_be_given_up(&mut self, task: AbortHandle) {
        self.task = Some(task);
    }

    /// What goes on has come so far that it comes to its end.
    pub(super) fn comes_to_its_end(&mut self) {
        self.task = None;
    }

    /// It ended, or couldn't begin. Whether it is to be asked for once more.
    pub(super) fn ended(&mut self) -> bool {
        std::mem::take(self).once_more
    }

    /// Gives up what goes on, where that can be, and what was asked for. Whether something was given up.
    pub(super) fn call_off(&mut self) -> bool {
        self.once_more = false;
        let Some(task) = self.task.take() else { return false };
        task.abort();
        self.in_flight = false;
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn however_often_it_is_asked_for_meanwhile_there_is_one_more() {
        let mut queue = OpQueue::default();
        assert!(queue.request());
        for _ in 0..5 {
            assert!(!queue.request());
        }
        assert!(queue.ended());
        assert!(!queue.is_in_flight());
        assert!(queue.request());
        assert!(!queue.ended());
    }

    #[tokio::test]
    async fn what_can_be_given_up_is_and_the_rest_comes_to_its_end() {
        let task = || tokio::spawn(std::future::pending::<()>());
        let mut queue = OpQueue::default();
        let first = task();
        assert!(queue.request());
        queue.can_be_given_up(first.abort_handle());
        assert!(!queue.request());
        assert!(queue.call_off());
        assert!(first.await.unwrap_err().is_cancelled());
        assert!(queue.request(), "nothing is in flight any more");
        queue.can_be_given_up(task().abort_handle());
        queue.comes_to_its_end();
        assert!(!queue.call_off());
        assert!(queue.is_in_flight() && !queue.ended());
    }
}
