//! The loop under paused time: a player of the inbox and of the daemon beside it, and a clock that
//! jumps to whatever is next.

use super::toast::Toast;
use super::*;
use crate::ipc::List;
use agora_alert::catalogue::Language;
use agora_alert::read;
use agora_inbox::{Alert, Category, CategoryCount, StoreError};
use agora_rules::storm::Passed;
use agora_rules::{RemindFor, Taken};
use std::collections::HashMap;
use std::future::poll_fn;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::sleep;

/// What was seen, and when: whole milliseconds since the loop began.
type Seen = (u128, String);

/// The rest of the app and the daemon at once.
#[derive(Clone)]
struct World(Arc<Inner>);

struct Inner {
    began: Instant,
    changes: broadcast::Sender<Change>,
    quiet: watch::Sender<Option<bool>>,
    reminded: watch::Sender<u64>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    alerts: HashMap<AlertId, Alert>,
    seen: Vec<Seen>,
    fates: Vec<(AlertId, Fate)>,
    /// The reminders that were due.
    due: Vec<Due>,
    /// How long the daemon takes for a toast.
    takes: Duration,
    refuses: Option<NotShown>,
    last: ToastId,
    /// The daemon makes another toast of one that replaces.
    renumbers: bool,
    /// The desktop is in do-not-disturb.
    is_undisturbed: bool,
    /// The desktop doesn't say whether it is.
    says_nothing: bool,
    /// What came in quiet.
    came: Vec<AlertId>,
    /// Whether each toast made a sound.
    sounds: Vec<bool>,
    /// What the account is called, where there are several.
    account: Option<String>,
}

impl World {
    fn new() -> Self {
        let changes = broadcast::Sender::new(16);
        let (began, quiet) = (Instant::now(), watch::Sender::new(None));
        let (reminded, state) = (watch::Sender::default(), Mutex::default());
        Self(Arc::new(Inner { began, changes, quiet, reminded, state }))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap()
    }

    fn see(&self, what: String) {
        let at = self.0.began.elapsed().as_millis();
        self.state().seen.push((at, what));
    }

    /// What was seen since the last time.
    fn seen(&self) -> Vec<Seen> {
        std::mem::take(&mut self.state().seen)
    }

    fn fates(&self) -> Vec<(AlertId, Fate)> {
        std::mem::take(&mut self.state().fates)
    }

    /// New alerts with these keys, committed and told of.
    fn arrive(&self, ids: impl IntoIterator<Item = AlertId>) {
        let alerts: Vec<_> = ids.into_iter().map(alert).collect();
        self.state().alerts.extend(alerts.iter().map(|alert| (alert.id, alert.clone())));
        let passed = alerts.iter().map(|alert| Passed::of(alert, true)).collect();
        self.change(Change::Arrived { alerts: alerts.into(), passed, counts: counts(1) });
    }

    fn read(&self, ids: &[AlertId]) {
        for id in ids {
            self.state().alerts.get_mut(id).unwrap().read = true;
        }
        self.change(Change::Marked { ids: ids.into(), read: true, counts: counts(1) });
    }

    fn change(&self, change: Change) {
        self.0.changes.send(change).unwrap();
    }
}

impl Port for World {
    fn changes(&self) -> broadcast::Receiver<Change> {
        self.0.changes.subscribe()
    }

    async fn alert(&self, id: AlertId) -> Result<Option<Alert>, StoreError> {
        Ok(self.state().alerts.get(&id).cloned())
    }

    fn reminded(&self) -> watch::Receiver<u64> {
        self.0.reminded.subscribe()
    }

    async fn untold_reminders(&self) -> Vec<Due> {
        let state = self.state();
        let is_untold = |(id, _): &&Due| !state.fates.iter().any(|(told, _)| told == id);
        state.due.iter().filter(is_untold).copied().collect()
    }

    async fn remind(&self, id: AlertId, at: RemindFor) {
        self.see(format!("reminds of {id}: {at:?}"));
    }

    fn reminds_aloud(&self, _category: Category) -> bool {
        true
    }

    fn has_inbox(&self) -> bool {
        true
    }

    fn quiet(&self) -> watch::Receiver<Option<bool>> {
        self.0.quiet.subscribe()
    }

    async fn came_in_quiet(&self) -> Vec<AlertId> {
        self.see("looks back".to_owned());
        self.state().came.clone()
    }

    async fn toasted(&self, fates: Vec<(AlertId, Fate)>) {
        self.state().fates.extend(fates);
    }

    async fn mark_read(&self, id: AlertId) {
        self.see(format!("marks {id}"));
        self.read(&[id]);
    }

    fn language(&self) -> Language {
        Language::EN
    }

    fn account(&self) -> Option<String> {
        self.state().account.clone()
    }

    async fn taken(&self, _urgent: bool) -> Taken {
        match *self.state() {
            State { says_nothing: true, .. } => Taken::Unsaid,
            State { is_undisturbed: true, .. } => Taken::Kept,
            _ => Taken::Shown,
        }
    }

    fn is_undisturbed(&self) -> bool {
        self.state().is_undisturbed
    }

    fn hides_content(&self) -> bool {
        false
    }

    fn trusted_link(&self, alert: &Alert) -> Option<String> {
        alert.body.link.clone()
    }

    async fn open_outside(&self, url: &str, _token: Option<&str>) -> bool {
        self.see(format!("browses {url}"));
        true
    }

    fn let_window_come(&self, _token: Option<String>) {}

    fn open_alert(&self, id: AlertId) {
        self.see(format!("opens {id}"));
    }

    fn show_list(&self, list: List) {
        match list.told_ms {
            Some(told_ms) => self.see(format!("lists what was told at {told_ms}")),
            None => self.see(format!("lists from {:?}", list.from_ms)),
        }
    }

    fn act_on(&self, word: Announcement) {
        self.see(format!("does {word:?}"));
    }

    fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        tokio::spawn(task);
    }
}

impl Daemon for World {
    async fn show(&self, toast: &Toast, replaces: Option<ToastId>) -> Result<ToastId, NotShown> {
        let (takes, refuses) = {
            let state = self.state();
            (state.takes, state.refuses)
        };
        sleep(takes).await;
        if let Some(why) = refuses {
            self.see(format!("refuses {}", toast.title));
            return Err(why);
        }
        let id = match replaces {
            Some(id) if !self.state().renumbers => id,
            _ => {
                let mut state = self.state();
                state.last += 1;
                state.last
            }
        };
        let sign = if replaces.is_some() { '=' } else { '+' };
        self.see(format!("{sign}{id} {}", toast.title));
        self.state().sounds.push(toast.sound);
        Ok(id)
    }

    async fn close(&self, toast: ToastId) {
        self.see(format!("-{toast}"));
    }
}

/// A chat message whose title is its key.
fn alert(id: AlertId) -> Alert {
    let data = format!(r#"{{"type":"USER_MESSAGE","title":"{id}","content":"text"}}"#);
    let body = read("message", &data, None, 0).unwrap();
    Alert::new(id, body)
}

fn counts(unread: u32) -> Arc<Counts> {
    let categories = [(Category::Chat, CategoryCount { unread, total: unread })];
    Arc::new(Counts { categories: categories.into_iter().collect(), ..Counts::default() })
}

/// The loop, running beside the test, and what the daemon tells it.
struct Running {
    world: World,
    daemon: mpsc::Sender<Event>,
    app: mpsc::Sender<Announcement>,
    polls: Arc<AtomicUsize>,
    task: JoinHandle<Toasts<World, World>>,
    end: CancellationToken,
}

impl Running {
    fn start() -> Self {
        Self::in_world(World::new())
    }

    fn in_world(world: World) -> Self {
        let (daemon, events) = mpsc::channel(EVENTS);
        let (app, announced) = mpsc::channel(1);
        let (end, polls) = (CancellationToken::new(), Arc::new(AtomicUsize::new(0)));
        let mut toasts = Toasts::new(world.clone(), world.clone());
        let (changes, reminded) = (world.changes(), world.reminded());
        let (ends, counted) = (end.clone(), polls.clone());
        let task = tokio::spawn(async move {
            {
                let mut run = Box::pin(
                    ends.run_until_cancelled(toasts.run(changes, reminded, events, announced)),
                );
                poll_fn(|context| {
                    counted.fetch_add(1, Ordering::Relaxed);
                    run.as_mut().poll(context)
                })
                .await;
            }
            toasts
        });
        Self { world, daemon, app, polls, task, end }
    }

    /// Lets time pass, and gives what was seen in it.
    async fn after(&self, ms: u64) -> Vec<Seen> {
        sleep(Duration::from_millis(ms)).await;
        self.world.seen()
    }

    async fn tell(&self, event: Event) {
        self.daemon.send(event).await.unwrap();
    }

    async fn click(&self, toast: ToastId, action: Action) {
        self.tell(Event::Acted { toast, action, token: None }).await;
    }
}

fn seen<const N: usize>(seen: [(u128, &str); N]) -> Vec<Seen> {
    seen.into_iter().map(|(at, what)| (at, what.to_owned())).collect()
}

#[tokio::test(start_paused = true)]
async fn a_storm_is_one_toast_whose_number_grows_ever_more_slowly_and_ends_right() {
    let running = Running::start();
    for id in 1..=40 {
        running.world.arrive([id]);
        sleep(Duration::from_millis(250)).await;
    }
    let shown = running.after(60_000).await;
    let expected = seen([
        (0, "+1 1"),
        (250, "+2 2"),
        (500, "+3 3"),
        (750, "+4 4"),
        (1_750, "=4 5 new alerts"),
        (3_750, "=4 13 new alerts"),
        (7_750, "=4 29 new alerts"),
        (14_750, "=4 37 new alerts"),
    ]);
    assert_eq!(shown, expected);
}

#[tokio::test(start_paused = true)]
async fn what_was_due_is_told_of_once_even_from_before_and_later_is_a_press_away() {
    let world = World::new();
    let due = |ids: std::ops::Range<AlertId>, at_ms| {
        let mut state = world.state();
        state.alerts.extend(ids.clone().map(|id| (id, alert(id))));
        state.due.extend(ids.map(|id| (id, at_ms)));
    };
    // The last run ended before it said so.
    due(1..2, 10);
    let running = Running::in_world(world.clone());
    assert_eq!(running.after(1_000).await, seen([(0, "+1 Reminder: 1")]));
    assert_eq!(running.world.fates(), [(1, Fate::Shown)]);
    world.state().due.clear();

    // One is read before its toast, and the alert's own toast makes room for the reminder's.
    running.world.arrive([2]);
    assert_eq!(running.after(1_000).await, seen([(1_000, "+2 2")]));
    running.world.fates();
    due(2..4, 20);
    world.state().alerts.get_mut(&3).unwrap().read = true;
    world.0.reminded.send_modify(|times| *times += 1);
    assert_eq!(running.after(1_000).await, seen([(2_000, "+3 Reminder: 2"), (2_000, "-2")]));
    assert_eq!(running.world.fates(), [(2, Fate::Shown), (3, Fate::Muted(Mute::Read))]);
    running.click(3, Action::RemindTomorrow).await;
    let mut done = running.after(1_000).await;
    done.sort();
    assert_eq!(done, seen([(3_000, "-3"), (3_000, "reminds of 2: Tomorrow")]));
    world.state().due.clear();

    // Many at once are one.
    due(5..9, 30);
    world.0.reminded.send_modify(|times| *times += 1);
    assert_eq!(running.after(1_000).await, seen([(4_000, "+4 4 reminders")]));
}

#[tokio::test(start_paused = true)]
async fn a_slow_daemon_is_given_one_toast_for_all_that_waits() {
    let running = Running::start();
    running.world.state().takes = Duration::from_secs(2);
    running.world.arrive(1..=3);
    let shown = running.after(60_000).await;
    assert_eq!(shown, seen([(2_000, "+1 1"), (4_000, "+2 2 new alerts")]));
    assert_eq!(
        running.world.fates(),
        [(1, Fate::Shown), (2, Fate::SummedUp(2)), (3, Fate::SummedUp(2))]
    );
}

#[tokio::test(start_paused = true)]
async fn what_is_read_before_its_toast_has_none() {
    let running = Running::start();
    running.world.state().takes = Duration::from_millis(500);
    running.world.arrive([1, 2]);
    sleep(Duration::from_millis(100)).await;
    running.world.read(&[2]);
    assert_eq!(running.after(60_000).await, seen([(500, "+1 1")]));
    assert_eq!(running.world.fates(), [(2, Fate::Muted(Mute::Read)), (1, Fate::Shown)]);
}

#[tokio::test(start_paused = true)]
async fn what_is_read_while_its_toast_comes_is_closed_as_soon_as_it_is_there() {
    let running = Running::start();
    running.world.state().takes = Duration::from_millis(500);
    running.world.arrive([1]);
    sleep(Duration::from_millis(100)).await;
    running.world.read(&[1]);
    assert_eq!(running.after(60_000).await, seen([(500, "+1 1"), (500, "-1")]));
}

#[tokio::test(start_paused = true)]
async fn a_click_is_heard_once_whatever_else_is_told_of_its_toast() {
    let running = Running::start();
    running.world.arrive([7]);
    assert_eq!(running.after(10).await, seen([(0, "+1 7")]));
    running.tell(Event::Closed { toast: 1 }).await;
    running.click(1, Action::Open).await;
    running.click(1, Action::Open).await;
    running.click(99, Action::Open).await;
    assert_eq!(running.after(10).await, seen([(10, "opens 7"), (10, "-1")]));
    assert_eq!(running.world.fates(), [(7, Fate::Shown), (7, Fate::Clicked)]);
}

#[tokio::test(start_paused = true)]
async fn marking_as_read_takes_every_toast_that_tells_of_it() {
    let running = Running::start();
    running.world.arrive([1, 2]);
    running.after(10).await;
    running.click(1, Action::MarkRead).await;
    assert_eq!(running.after(10).await, seen([(10, "-1"), (10, "marks 1")]));
    running.world.change(Change::Much { counts: counts(0) });
    assert_eq!(running.after(10).await, seen([(20, "-2")]));
}

/// A daemon that makes a new toast in the place of an old one, and tells that the old one is closed.
#[tokio::test(start_paused = true)]
async fn a_sum_that_gets_a_new_number_from_its_daemon_goes_on_counting() {
    let running = Running::start();
    running.world.state().renumbers = true;
    running.world.arrive(1..=5);
    running.after(10).await;
    running.world.state().takes = Duration::from_millis(50);
    running.world.arrive([6]);
    sleep(Duration::from_millis(1_020)).await;
    running.tell(Event::Closed { toast: 4 }).await;
    let shown = running.after(20_000).await;
    assert_eq!(shown, seen([(1_050, "=5 3 new alerts"), (1_050, "-4")]));
}

#[tokio::test(start_paused = true)]
async fn where_nothing_shows_toasts_each_alert_says_so_and_the_next_is_tried() {
    let running = Running::start();
    for (id, why, fate) in
        [(1, NotShown::NoDaemon, Fate::NoDaemon), (2, NotShown::Refused, Fate::NotShown)]
    {
        running.world.state().refuses = Some(why);
        running.world.arrive([id]);
        running.after(10).await;
        assert_eq!(running.world.fates(), [(id, fate)]);
    }
    running.world.state().refuses = None;
    running.world.arrive([3]);
    assert_eq!(running.after(10).await, seen([(20, "+1 3")]));
}

#[tokio::test(start_paused = true)]
async fn changes_that_nobody_saw_are_looked_for_in_the_inbox() {
    let running = Running::start();
    running.world.arrive([1, 2]);
    running.after(10).await;
    running.world.read(&[2]);
    // More than are kept for a loop that has no time to hear them: that of the reading is lost.
    for _ in 0..40 {
        running.world.change(Change::Marked { ids: [1].into(), read: false, counts: counts(1) });
    }
    let shown = running.after(60_000).await;
    assert_eq!(shown, seen([(10, "+3 Many new alerts"), (10, "-2")]));
}

#[tokio::test(start_paused = true)]
async fn what_the_app_says_is_said_at_once_and_a_click_does_it() {
    let running = Running::start();
    running.world.state().takes = Duration::from_millis(100);
    running.world.arrive([1, 2]);
    running.after(10).await;
    running.app.send(Announcement::NotPainted).await.unwrap();
    let shown = running.after(1_000).await;
    let order: Vec<_> = shown.iter().map(|(at, what)| (*at, &what[..2])).collect();
    assert_eq!(order, [(100, "+1"), (200, "+2"), (300, "+3")]);
    running.click(2, Action::Open).await;
    assert_eq!(running.after(10).await, seen([(1_010, "does NotPainted"), (1_010, "-2")]));
}

#[tokio::test(start_paused = true)]
async fn quitting_takes_toasts_away_and_the_one_that_is_coming() {
    let running = Running::start();
    running.world.arrive([1]);
    running.after(10).await;
    running.world.state().takes = Duration::from_millis(300);
    running.world.arrive([2]);
    running.after(10).await;
    running.end.cancel();
    let mut toasts = running.task.await.unwrap();
    toasts.leave().await;
    assert_eq!(running.world.seen(), seen([(20, "-1"), (310, "+2 2"), (310, "-2")]));
}

#[tokio::test(start_paused = true)]
async fn nothing_wakes_it_while_nothing_happens() {
    let running = Running::start();
    running.world.arrive(1..=20);
    running.after(60_000).await;
    let polls = running.polls.load(Ordering::Relaxed);
    running.after(24 * 3_600_000).await;
    assert_eq!(running.polls.load(Ordering::Relaxed), polls);
}

#[tokio::test(start_paused = true)]
async fn where_there_are_several_accounts_each_toast_says_whose_it_is() {
    let running = Running::start();
    running.world.state().account = Some("茶店".to_owned());
    running.world.arrive([1]);
    running.app.send(Announcement::SignIn).await.unwrap();
    running.app.send(Announcement::NoWindow).await.unwrap();
    let shown: Vec<_> = running.after(60_000).await.into_iter().map(|(_, what)| what).collect();
    assert!(shown.iter().any(|what| what.ends_with("茶店: 1")), "{shown:?}");
    assert!(shown.iter().any(|what| what.contains("茶店: Sign in")), "{shown:?}");
    assert!(
        shown.iter().any(|what| what.contains("window") && !what.contains("茶店")),
        "{shown:?}"
    );
    running.world.arrive(2..=9);
    let shown: Vec<_> = running.after(60_000).await.into_iter().map(|(_, what)| what).collect();
    assert!(
        shown.iter().any(|what| what.contains("茶店: ") && what.ends_with("new alerts")),
        "{shown:?}"
    );
}

#[tokio::test(start_paused = true)]
async fn what_a_desktop_in_do_not_disturb_takes_makes_no_sound_and_is_not_called_shown() {
    let running = Running::start();
    running.world.arrive([1]);
    running.after(1).await;
    assert_eq!(running.world.fates(), [(1, Fate::Shown)]);
    running.world.state().is_undisturbed = true;
    running.world.arrive([2, 3]);
    running.world.arrive([4, 5]);
    // The sum's toast tells of two, and then of all that joined it.
    running.after(20_000).await;
    let mut fates = running.world.fates();
    fates.sort_by_key(|(id, _)| *id);
    fates.dedup();
    assert_eq!(fates, [2, 3, 4, 5].map(|id| (id, Fate::Kept)));
    running.world.state().is_undisturbed = false;
    running.world.state().says_nothing = true;
    running.world.arrive([6]);
    running.after(1).await;
    assert_eq!(running.world.fates(), [(6, Fate::Handed)]);
    let sounds = running.world.state().sounds.clone();
    assert_eq!((sounds[0], sounds.last()), (true, Some(&true)));
    assert!(sounds[1..sounds.len() - 1].iter().all(|sounds| !sounds), "{sounds:?}");
}

#[tokio::test(start_paused = true)]
async fn the_end_of_quiet_is_told_once_in_place_of_what_the_desktop_kept() {
    let running = Running::start();
    let world = &running.world;
    world.0.quiet.send_replace(Some(true));
    world.state().is_undisturbed = true;
    world.arrive([1, 2]);
    running.after(1).await;
    world.read(&[2]);
    world.arrive([3]);
    running.after(1).await;
    assert_eq!(world.fates(), [1, 2, 3].map(|id| (id, Fate::Kept)));
    world.state().is_undisturbed = false;
    world.state().came = vec![3, 2, 1];
    world.0.quiet.send_replace(Some(false));
    let told: Vec<_> = running.after(1).await.into_iter().map(|(_, what)| what).collect();
    assert_eq!(told, ["looks back", "+4 2 while you were quiet", "-1", "-3"]);
    let fates = world.fates();
    let [(3, Fate::AfterQuiet { told_ms, count: 2 }), (1, fate)] = fates[..] else {
        panic!("{fates:?}");
    };
    assert_eq!(fate, Fate::AfterQuiet { told_ms, count: 2 });
    // It goes with the last of them.
    world.read(&[1]);
    assert_eq!(running.after(1).await, []);
    world.read(&[3]);
    let gone = running.after(1).await;
    assert_eq!(gone.last().map(|(_, what)| &**what), Some("-4"));
    // Nobody knows, and then it isn't quiet: there is nothing to tell.
    world.state().came = Vec::new();
    world.0.quiet.send_replace(None);
    running.after(1).await;
    world.0.quiet.send_replace(Some(false));
    assert_eq!(running.after(60_000).await.len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_click_on_what_came_in_quiet_leads_to_exactly_that() {
    let running = Running::start();
    running.world.state().alerts.extend([1, 2].map(|id| (id, alert(id))));
    running.world.state().came = vec![2, 1];
    running.world.0.quiet.send_replace(Some(false));
    running.after(1).await;
    let (_, Fate::AfterQuiet { told_ms, .. }) = running.world.fates()[0] else { panic!() };
    running.click(1, Action::Open).await;
    let list = format!("lists what was told at {told_ms}");
    assert!(running.after(1).await.iter().any(|(_, what)| *what == list));
    // One alone is shown as itself.
    running.world.state().came = vec![2];
    running.world.0.quiet.send_replace(Some(true));
    running.after(1).await;
    running.world.0.quiet.send_replace(Some(false));
    running.after(1).await;
    running.click(2, Action::Open).await;
    assert!(running.after(1).await.iter().any(|(_, what)| what == "opens 2"));
}
