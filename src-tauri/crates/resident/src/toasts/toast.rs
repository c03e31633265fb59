//! What a toast says, whoever shows it: plain text, short enough for a corner of the screen.

use super::Action;
use super::after_quiet::Came;
use crate::desk::Announcement;
use agora_alert::catalogue::{self, Language};
use agora_alert::shortened;
use agora_inbox::{Alert, Category};
use agora_rules::storm::{Sum, SumKind};

/// The most characters of a title.
const TITLE: usize = 100;
/// The most characters and lines of a body.
const BODY: usize = 300;
const LINES: usize = 4;

/// What a toast shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Toast {
    /// Plain text, one line.
    pub(crate) title: String,
    /// Plain text, a few lines at the most; may be empty.
    pub(crate) body: String,
    /// What it is about: its icon, and its sound.
    pub(super) category: Category,
    /// Whether the person should not miss it.
    pub(super) urgent: bool,
    /// Whether it makes a sound.
    pub(super) sound: bool,
    /// What a person can do with it, a click on the toast itself among it.
    pub(super) actions: Vec<Action>,
}

impl Toast {
    /// One alert's. `opens_market`: its link may open without a question; `hidden`: it says its
    /// category only.
    pub(crate) fn of_alert(
        alert: &Alert,
        sound: bool,
        opens_market: bool,
        hidden: bool,
        language: Language,
    ) -> Self {
        let body = &alert.body;
        let (title, content) = if hidden {
            let category = category(language, body.category);
            let title = catalogue::text_with(language, "toast.hidden", &[("category", &*category)]);
            (title, String::new())
        } else {
            (language.of(&body.title).to_owned(), language.of(&body.content).to_owned())
        };
        let market = opens_market.then_some(Action::OpenInMarket);
        Self {
            title: shortened(title, TITLE),
            body: few_lines(&content),
            category: body.category,
            urgent: body.urgent,
            sound,
            actions: [Action::Open]
                .into_iter()
                .chain(market)
                .chain([Action::MarkRead, Action::RemindInAnHour])
                .collect(),
        }
    }

    /// An alert that the person wants to be reminded of.
    pub(super) fn of_reminder(
        alert: &Alert,
        sound: bool,
        hidden: bool,
        language: Language,
    ) -> Self {
        let own = Self::of_alert(alert, sound, false, hidden, language);
        let title = if hidden { category(language, alert.body.category) } else { own.title };
        Self {
            title: catalogue::text_with(language, "toast.reminder", &[("title", &*title)]),
            actions: vec![
                Action::Open,
                Action::MarkRead,
                Action::RemindInAnHour,
                Action::RemindTomorrow,
            ],
            ..own
        }
    }

    /// Many of them.
    pub(super) fn of_reminders(count: usize, language: Language) -> Self {
        let count = count.to_string();
        Self {
            title: catalogue::text_with(language, "toast.reminders", &[("count", &*count)]),
            body: catalogue::text(language, "toast.reminders_body").to_owned(),
            category: Category::System,
            urgent: false,
            sound: false,
            actions: vec![Action::Open],
        }
    }

    /// What its buttons say: the actions but a click on the toast itself.
    pub(crate) fn buttons(&self, language: Language) -> impl Iterator<Item = &'static str> {
        let actions = self.actions.iter().filter(|action| **action != Action::Open);
        actions.map(move |action| label(*action, language))
    }

    /// The same, with what its account is called.
    pub(super) fn signed(self, account: &str, language: Language) -> Self {
        let values = [("account", account), ("title", &*self.title)];
        Self { title: catalogue::text_with(language, "toast.of_account", &values), ..self }
    }

    /// What the app itself has to say.
    pub(super) fn of_announcement(word: Announcement, language: Language) -> Self {
        let text = |part| catalogue::text(language, &format!("{}.{part}", word.words())).to_owned();
        Self {
            title: text("title"),
            body: text("body"),
            category: Category::System,
            urgent: false,
            sound: false,
            actions: vec![Action::Open],
        }
    }

    /// What came in quiet, and was more than one. `hidden`: it says nothing of what orders cost.
    pub(super) fn after_quiet(came: &Came, hidden: bool, language: Language) -> Self {
        let counted = |path: &str, count: usize| {
            catalogue::text_with(language, path, &[("count", &count.to_string())])
        };
        let of_category = |(category, count): &(Category, usize)| {
            let name = category.name();
            // Several alerts may be about one order.
            let is_orders = *category == Category::Orders;
            let count = if is_orders { came.orders.count() } else { *count };
            let said = counted(&format!("toast.came.{name}"), count);
            let cost = came.orders.cost(language).filter(|_| is_orders && !hidden);
            match cost {
                Some(cost) => {
                    let values = [("orders", &*said), ("cost", &*cost)];
                    catalogue::text_with(language, "toast.came.with_cost", &values)
                }
                None => said,
            }
        };
        let urgent = match came.urgent {
            0 => catalogue::text(language, "toast.came.nothing_urgent").to_owned(),
            count => counted("toast.came.urgent", count),
        };
        let parts: Vec<_> = came.categories.iter().map(of_category).chain([urgent]).collect();
        let category = match came.categories[..] {
            [(category, _)] => category,
            _ => Category::System,
        };
        Self {
            title: counted("toast.after_quiet", came.count),
            body: parts.join(catalogue::text(language, "toast.separator")),
            category,
            urgent: came.urgent > 0,
            sound: came.urgent > 0,
            actions: vec![Action::Open],
        }
    }

    /// One that counts many alerts.
    pub(super) fn of_sum(sum: &Sum, language: Language) -> Self {
        let count = sum.count.to_string();
        let path = match sum.kind {
            _ if sum.uncounted => "toast.uncounted",
            SumKind::Storm => "toast.many",
            SumKind::Away => "toast.away",
        };
        let categories = sum.categories.iter().map(|(of, count)| {
            let (category, count) = (category(language, *of), count.to_string());
            let values = [("category", &*category), ("count", &*count)];
            catalogue::text_with(language, "toast.category", &values)
        });
        let categories: Vec<_> = categories.collect();
        let categories = categories.join(catalogue::text(language, "toast.separator"));
        let body = match sum.uncounted {
            false => categories,
            true if sum.count == 0 => catalogue::text(language, "toast.in_inbox").to_owned(),
            true => {
                let values = [("categories", &*categories)];
                catalogue::text_with(language, "toast.and_more", &values)
            }
        };
        Self {
            title: catalogue::text_with(language, path, &[("count", &count)]),
            body,
            category: only_category(sum).unwrap_or(Category::System),
            urgent: sum.urgent,
            sound: sum.sound,
            actions: vec![Action::Open],
        }
    }
}

/// What an action is called.
pub(super) fn label(action: Action, language: Language) -> &'static str {
    let path = match action {
        Action::Open => "toast.open",
        Action::OpenInMarket => "toast.open_in_market",
        Action::MarkRead => "toast.mark_read",
        Action::RemindInAnHour => "toast.remind_in_an_hour",
        Action::RemindTomorrow => "toast.remind_tomorrow",
    };
    catalogue::text(language, path)
}

/// The category of all that a sum counts, where it is one.
pub(super) fn only_category(sum: &Sum) -> Option<Category> {
    match sum.categories[..] {
        [(category, _)] if !sum.uncounted => Some(category),
        _ => None,
    }
}

fn category(language: Language, category: Category) -> String {
    catalogue::text(language, &format!("category.{}", category.name())).to_owned()
}

/// The first lines that say something.
fn few_lines(text: &str) -> String {
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let first = lines.by_ref().take(LINES).collect::<Vec<_>>().join("\n");
    let short = shortened(first, BODY);
    if lines.next().is_some() && !short.ends_with('…') { short + "…" } else { short }
}

#[cfg(test)]
mod tests {
    use super::*;
    use agora_alert::read;

    fn alert(data: &str) -> Alert {
        Alert::new(1, read("message", data, None, 0).unwrap())
    }

    fn sum(kind: SumKind, categories: &[(Category, usize)]) -> Sum {
        Sum {
            kind,
            count: categories.iter().map(|(_, count)| count).sum(),
            only: None,
            uncounted: false,
            categories: categories.to_vec(),
            since: None,
            urgent: false,
            sound: false,
            replaces: false,
            added: Vec::new(),
        }
    }

    const SHIPPED: &str = r#"{"type":"ORDER_SHIPPED","orderId":7,"productName":"茶"}"#;

    #[test]
    fn an_alert_is_said_in_the_persons_language() {
        let toast = Toast::of_alert(&alert(SHIPPED), true, true, false, Language::ZH_TW);
        assert_eq!((&*toast.title, &*toast.body), ("已出貨：訂單 #7", "茶"));
        assert_eq!(
            toast.actions,
            [Action::Open, Action::OpenInMarket, Action::MarkRead, Action::RemindInAnHour]
        );
        assert!(toast.sound && !toast.urgent);
    }

    #[test]
    fn hidden_content_is_nowhere_in_the_toast() {
        for (language, title) in
            [(Language::EN, "New alert: Orders"), (Language::ZH_TW, "新通知：訂單")]
        {
            let toast = Toast::of_alert(&alert(SHIPPED), true, false, true, language);
            assert_eq!((&*toast.title, &*toast.body), (title, ""));
            assert_eq!(toast.actions, [Action::Open, Action::MarkRead, Action::RemindInAnHour]);
        }
    }

    #[test]
    fn long_texts_are_cut() {
        let long = format!(r#"{{"title":"{0}","content":"{0}"}}"#, "茶".repeat(50_000));
        let toast = Toast::of_alert(&alert(&long), false, false, false, Language::EN);
        assert_eq!(toast.title.chars().count(), TITLE + 1);
        assert_eq!(toast.body.chars().count(), BODY + 1);
        let lines = r#"{"title":"x","content":"1\n\n2\n3\n4\n5"}"#;
        let toast = Toast::of_alert(&alert(lines), false, false, false, Language::EN);
        assert_eq!(toast.body, "1\n2\n3\n4…");
    }

    #[test]
    fn a_sum_counts_and_names_the_categories() {
        let categories = [(Category::Orders, 12), (Category::Chat, 3)];
        let of = |sum: &Sum, language| {
            let toast = Toast::of_sum(sum, language);
            [toast.title, toast.body]
        };
        let storm = sum(SumKind::Storm, &categories);
        assert_eq!(of(&storm, Language::EN), ["15 new alerts", "Orders 12, Chat 3"]);
        assert_eq!(of(&storm, Language::ZH_TW), ["15 則新通知", "訂單 12、訊息 3"]);
        let away = sum(SumKind::Away, &categories);
        assert_eq!(of(&away, Language::EN)[0], "15 alerts while you were away");
        assert_eq!(of(&away, Language::ZH_TW)[0], "您離開時有 15 則通知");
        assert_eq!(Toast::of_sum(&storm, Language::EN).category, Category::System);
        let chat = sum(SumKind::Storm, &[(Category::Chat, 3)]);
        assert_eq!(Toast::of_sum(&chat, Language::EN).category, Category::Chat);
    }

    #[test]
    fn what_came_in_quiet_is_told_in_the_persons_language() {
        let order = |number, cost| {
            format!(
                r#"{{"type":"ORDER_CREATED","orderId":{number},"totalAmount":{cost},"currency":"TWD"}}"#
            )
        };
        let chat = r#"{"type":"CHAT_MESSAGE","senderName":"Mei","content":"?"}"#;
        let mut all = vec![order(1, 1_300), order(1, 1_300), order(2, 5_000)];
        all.extend([chat.to_owned(), chat.to_owned()]);
        let alerts: Vec<_> = all.iter().map(|data| alert(data)).collect();
        let say = |alerts: &[Alert], hidden, language| {
            let toast = Toast::after_quiet(&Came::of(alerts), hidden, language);
            (toast.title, toast.body, toast.urgent)
        };
        let told = |title: &str, body: &str, urgent| (title.to_owned(), body.to_owned(), urgent);
        let en = "2 orders NT$6,300, 2 messages, nothing urgent";
        let hidden = "2 orders, 2 messages, nothing urgent";
        let zh_tw = "2 筆訂單 NT$6,300、2 則訊息、沒有緊急通知";
        assert_eq!(say(&alerts, false, Language::EN), told("5 while you were quiet", en, false));
        assert_eq!(say(&alerts, true, Language::EN), told("5 while you were quiet", hidden, false));
        assert_eq!(say(&alerts, false, Language::ZH_TW), told("勿擾期間有 5 則通知", zh_tw, false));
        let anomaly = r#"{"type":"LOGIN_ANOMALY","location":"Hà Nội"}"#;
        let urgent = [alert(anomaly), alert(chat)];
        let body = "1 message, 1 security alert, 1 urgent";
        assert_eq!(say(&urgent, false, Language::EN), told("2 while you were quiet", body, true));
    }

    #[test]
    fn what_nobody_counted_is_not_counted() {
        let mut some = sum(SumKind::Storm, &[(Category::Chat, 3)]);
        some.uncounted = true;
        let toast = Toast::of_sum(&some, Language::EN);
        assert_eq!((&*toast.title, &*toast.body), ("Many new alerts", "Chat 3 and more"));
        let mut none = sum(SumKind::Storm, &[]);
        none.uncounted = true;
        let toast = Toast::of_sum(&none, Language::ZH_TW);
        assert_eq!((&*toast.title, &*toast.body), ("有許多新通知", "已收進收件匣。"));
    }
}
