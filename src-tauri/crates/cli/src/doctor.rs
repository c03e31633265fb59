//! `agora doctor`: asks each part that alerts need whether it works, and says what to do; or, with
//! `--report`, what may be shown to whoever helps. What is asked and found is `agora_doctor`'s, the words
//! are here.

mod words;

use crate::exit::Failure;
use crate::identity::{self, COST_OF_ANOTHER_FORM, FORM, Whose};
use crate::output::{Lines, OutputError, say};
use crate::terminal::{BAD, BOLD, DIM, GOOD, Terminal, padded};
use agora_account::Accounts;
use agora_doctor::{
    Check, Finding, Kept, MarketKind, Moment, Part, Report, Versions, desktop, disk,
    do_not_disturb, inbox, keyring, market, stream,
};
use serde_json::json;

/// Runs the command.
///
/// Says what is found as it is found.
pub(crate) async fn run(whose: &Whose, json: bool, lines: Lines) -> Result<(), Failure> {
    let accounts = whose.accounts(identity::environment()?)?;
    let mut told = Told { lines, terminal: Terminal::of_output(json), all_ok: true };
    each(&accounts, async |check| {
        if check.part == Part::Market
            && let Some(note) = client_id(&accounts)
        {
            told.add(note).await?;
        }
        Ok(told.add(words::of(&check, &accounts)).await?)
    })
    .await?;
    if told.all_ok { Ok(()) } else { Err(Failure::Told) }
}

/// Prints what there is to show of all of it, and of the app's last day.
pub(crate) async fn report(whose: &Whose, mut lines: Lines) -> Result<(), Failure> {
    let accounts = &whose.accounts(identity::environment()?)?;
    let mut outlines = Vec::new();
    each(accounts, async |check| {
        outlines.push(check.outline());
        Ok(())
    })
    .await?;
    let account = accounts.account().ok().flatten();
    let day = Kept::read(&Kept::path(&accounts.files().inbox)).map(Kept::day);
    let report = Report {
        at_ms: Moment::now().wall_ms,
        versions: &Versions::of_here().with_daemon(&outlines),
        market: MarketKind::of(account.as_ref().map(|account| &account.base)),
        day: day.as_ref(),
        checks: &outlines,
    };
    Ok(lines.write_text(&report.text()).await?)
}

/// Hands on what each check finds, one after another.
async fn each(
    accounts: &Accounts,
    mut take: impl AsyncFnMut(Check) -> Result<(), Failure>,
) -> Result<(), Failure> {
    take(desktop::toasts().await).await?;
    take(do_not_disturb::check().await).await?;
    take(desktop::tray().await).await?;
    take(keyring::check(accounts).await).await?;
    take(disk::check(accounts.files()).await).await?;
    take(inbox::check(accounts.files()).await).await?;
    let probed = market::check(accounts).await;
    let says_yes = probed.says_yes();
    let market::Probed { market, sign_in, clock } = probed;
    for check in [market, sign_in, clock] {
        take(check).await?;
    }
    take(if says_yes { stream::check(accounts).await } else { stream::known(Finding::NotAsked) })
        .await
}

/// One check in words.
struct Line {
    name: &'static str,
    ok: bool,
    /// What was found, in one sentence.
    detail: String,
    /// What to do about it.
    advice: Option<String>,
}

/// How wide the widest name of a check is.
const NAMES: usize = "client id".len();

struct Told {
    lines: Lines,
    /// Where people read it.
    terminal: Option<Terminal>,
    all_ok: bool,
}

impl Told {
    async fn add(&mut self, line: Line) -> Result<(), OutputError> {
        let Line { name, ok, detail, advice } = line;
        self.all_ok &= ok;
        if let Some(terminal) = self.terminal {
            let (mark, style) = if ok { ("✓", GOOD) } else { ("✗", BAD) };
            let mark = terminal.styled(style, mark);
            let name = terminal.styled(BOLD, &padded(name, NAMES));
            let advice = advice.map_or_else(String::new, |advice| {
                format!("  {} {}\n", " ".repeat(NAMES), terminal.styled(DIM, &advice))
            });
            return self.lines.write_text(&format!("{mark} {name} {detail}\n{advice}")).await;
        }
        say(format!("{} {name}: {detail}", if ok { "ok    " } else { "NOT OK" }));
        if let Some(advice) = &advice {
            say(format!("       what to do: {advice}"));
        }
        self.lines
            .write(&json!({ "check": name, "ok": ok, "detail": detail, "advice": advice }))
            .await
    }
}

/// What a client id costs that doesn't have the market's form. It works for all that, and one that
/// has it is nothing to speak of.
fn client_id(accounts: &Accounts) -> Option<Line> {
    let account = accounts.account().ok().flatten()?;
    (!account.client_id.fits_form()).then(|| Line {
        name: "client id",
        ok: true,
        detail: format!("it doesn't have the market's form: {COST_OF_ANOTHER_FORM}"),
        advice: Some(format!("use one of the form {FORM}, if the market takes it")),
    })
}
