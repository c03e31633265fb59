//! The queue between a connection and whoever takes what it tells. It owns how much may wait there:
//! in number and in bytes, since an event may have a megabyte.

use std::sync::Arc;

use eventsource_stream::MAX_EVENT_BYTES;
use tokio::sync::mpsc::error::TryRecvError;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc};

use super::StreamEvent;
use super::update::Update;

/// How many updates wait before the stream has to.
const MOST: usize = 64;
/// How many bytes of events do: one of the largest, or many of the usual size.
const MOST_BYTES: usize = MAX_EVENT_BYTES;

/// A queue of the usual size: 64 updates, and 1 MiB of events. A larger event has the queue to itself.
pub fn queue() -> (Teller, Updates) {
    queue_of(MOST, MOST_BYTES)
}

/// A queue of so many updates, and so many bytes of events.
pub fn queue_of(most: usize, most_bytes: usize) -> (Teller, Updates) {
    let (queue, updates) = mpsc::channel(most);
    let most_bytes = u32::try_from(most_bytes).unwrap_or(u32::MAX);
    let room = Arc::new(Semaphore::new(most_bytes as usize));
    (Teller { queue, room, most_bytes }, Updates(updates))
}

/// The connection's end of the queue.
#[derive(Debug)]
pub struct Teller {
    queue: mpsc::Sender<Waiting>,
    /// A permit is a byte.
    room: Arc<Semaphore>,
    most_bytes: u32,
}

/// The other end, where the updates come out in order. With it whatever waits is dropped.
#[derive(Debug)]
pub struct Updates(mpsc::Receiver<Waiting>);

/// An update, and the room that it takes until it is taken.
#[derive(Debug)]
struct Waiting {
    update: Update,
    _room: Option<OwnedSemaphorePermit>,
}

/// Nobody takes the updates any more.
pub(super) struct NobodyListens;

impl Teller {
    /// Puts an update into the queue once there is room for it. Cancelled before that, nothing of it
    /// is there.
    pub(super) async fn tell(&self, update: Update) -> Result<(), NobodyListens> {
        let room = match &update {
            Update::Event(event) => Some(self.make_room(event).await?),
            Update::Status(_) | Update::Cursor(_) | Update::Heard(_) => None,
        };
        let waiting = Waiting { update, _room: room };
        self.queue.send(waiting).await.map_err(|_| NobodyListens)
    }

    /// Waits for an event's room: as much as it holds, or all that there is.
    async fn make_room(&self, event: &StreamEvent) -> Result<OwnedSemaphorePermit, NobodyListens> {
        let id = event.id.as_ref().map_or(0, String::capacity);
        let bytes = event.data.capacity() + event.event.capacity() + id;
        let bytes = u32::try_from(bytes).unwrap_or(u32::MAX).min(self.most_bytes);
        self.room.clone().acquire_many_owned(bytes).await.map_err(|_| NobodyListens)
    }
}

impl Updates {
    /// The next update; `None` once the connection is over and all were taken. Nothing is lost where
    /// this is cancelled.
    pub async fn recv(&mut self) -> Option<Update> {
        Some(self.0.recv().await?.update)
    }

    /// The next update, if one waits.
    pub fn try_recv(&mut self) -> Result<Update, TryRecvError> {
        Ok(self.0.try_recv()?.update)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::time::timeout;

    use super::*;

    fn event(bytes: usize) -> Update {
        let (event, data) = (String::new(), "x".repeat(bytes));
        Update::Event(StreamEvent { event, data, id: None, id_is_own: false })
    }

    /// Whether there is room for it now. With the clock stopped this takes no time.
    async fn fits(teller: &Teller, update: &Update) -> bool {
        let told = timeout(Duration::from_secs(1), teller.tell(update.clone())).await;
        told.is_ok_and(|told| told.is_ok())
    }

    #[tokio::test(start_paused = true)]
    async fn no_more_bytes_wait_than_there_is_room_for_and_what_is_taken_makes_room() {
        let (teller, mut updates) = queue_of(64, 1_000);
        for bytes in [400, 600] {
            assert!(fits(&teller, &event(bytes)).await);
        }
        assert!(!fits(&teller, &event(1)).await);
        // What holds no event needs none of that room.
        assert!(fits(&teller, &Update::Cursor(None)).await);
        assert_eq!(updates.recv().await, Some(event(400)));
        assert!(!fits(&teller, &event(401)).await);
        assert!(fits(&teller, &event(400)).await);
        for update in [event(600), Update::Cursor(None), event(400)] {
            assert_eq!(updates.try_recv(), Ok(update));
        }
        assert_eq!(updates.try_recv(), Err(TryRecvError::Empty));
    }

    #[tokio::test(start_paused = true)]
    async fn an_event_that_is_larger_than_all_the_room_passes_alone() {
        let (teller, mut updates) = queue_of(64, 1_000);
        assert!(fits(&teller, &event(1)).await);
        assert!(!fits(&teller, &event(5_000)).await);
        assert_eq!(updates.recv().await, Some(event(1)));
        assert!(fits(&teller, &event(5_000)).await);
        assert!(!fits(&teller, &event(1)).await);
        assert_eq!(updates.recv().await, Some(event(5_000)));
        assert!(fits(&teller, &event(1)).await);
    }

    #[tokio::test(start_paused = true)]
    async fn who_waits_for_room_is_told_when_nobody_takes_anything_any_more() {
        let (teller, updates) = queue_of(64, 1_000);
        assert!(fits(&teller, &event(1_000)).await);
        let waiting = tokio::spawn(async move { teller.tell(event(1)).await.is_err() });
        tokio::task::yield_now().await;
        drop(updates);
        assert!(timeout(Duration::from_secs(1), waiting).await.unwrap().unwrap());
    }
}
