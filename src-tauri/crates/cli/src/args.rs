//! The command line: its commands and options, the checks that need no other value, and `--help`.

use agora_client::{BaseUrl, ClientId, UserId};
use clap::{Args, Parser, Subcommand, value_parser};
pub(crate) use inbox::{ExportArguments, FormatName, InboxCommand, PageArguments};

mod inbox;

use std::path::PathBuf;

const ENDS_AND_ENVIRONMENT: &str = "\
Standard output is data only, one JSON object a line; the rest goes to standard error. On a terminal
`inbox list`, `inbox search`, `account show`, `account list` and `doctor` print a table or sentences, unless
--json is given.

Exit codes:
  0  done
  1  failed
  2  wrong use: a value breaks a rule, or something is missing; nothing was sent
  3  refused by the market
  4  the answer was lost: the message may have been delivered
  5  the market wants a code, too

Environment:
  AGORA_BASE_URL   the market, instead of the account's
  AGORA_CLIENT_ID  the client id, instead of the account's
  AGORA_TOKEN      the token, instead of the one in the keyring
  AGORA_HOME       one folder for settings, inbox, device id and logs, instead of the platform's
  AGORA_LOG        off, error, warn (the default), info, debug or trace";

const LISTEN_EXAMPLES: &str = "\
Each event is a line {\"event\":…,\"data\":…,\"id\":…}; `data` is the string off the wire, `id` is null
where the stream has none. With --status there are also lines
{\"status\":\"connecting\"|\"connected\"|\"waiting\"|\"stopped\",\"reason\":…,\"delay_ms\":…,\"http_status\":…}.

SIGUSR1 connects anew at once. SIGINT and SIGTERM leave cleanly: the market is told. Exit code 0 after that, or when the one
connection of --once came to a clean end; 1 when that one failed; 3 when the market's answer forbids
another try (204, 401, 403, 407, 410).

Examples:
  agora listen
  agora listen --status | jq -r 'select(.event) | .data'
  agora listen --once --all
  AGORA_TOKEN=$(cat token.txt) agora listen --url 'https://example.com/stream?topic=1'";

const SEND_EXAMPLES: &str = "\
After the market's yes there is a line {\"sent\":true,\"status\":200}. It doesn't say who received it.
Nothing is sent twice: exit code 4 says that the answer was lost.

Examples:
  agora send 4021 --title 'Order shipped' --content 'It is on its way' --link /orders/20418
  agora send 4021 --json '{\"type\":\"ORDER_SHIPPED\",\"orderId\":20418}'
  agora send 4021 --json @message.json
  jq -n '{title:\"Hi\",content:\"\"}' | agora send 4021 --json -
  agora send --csv buyers.csv --dry-run --title 'Thank you, {name}' --content ''
  agora send --csv buyers.csv --rate 10 --title 'Thank you, {name}' --content ''
  agora send --resume 7

A list is checked whole before anything leaves: UTF-8, UTF-16 or Big5, with commas, semicolons or tabs.
Braces that are to be read are doubled. In a pipe there is first a line {\"id\":…}, then one a recipient
{\"user_id\":…,\"outcome\":\"accepted\"|\"refused\"|\"maybe\"|\"not_sent\",\"reason\":…}; on a terminal a progress
bar. Ctrl+C waits for what is under way and leaves the rest for --resume. Nothing of a list is sent twice:
what may have been delivered is tried again by neither --resume nor --retry-failed.";

const SENT_EXAMPLES: &str = "\
A line each, the newest first: {\"id\":…,\"at\":…,\"to\":\"everyone\"|\"user\"|\"list\",\"state\":…,\"counts\":…,\"body\":…}.
With --list a line a recipient, as `agora send --csv` prints it, with at and seen_at. `seen_at` is when the
app's own connection brought it back: one receiver got it. That it is null proves nothing.

Examples:
  agora sent
  agora sent --json | jq 'select(.counts.maybe > 0)'
  agora sent --list 7 --json | jq -r 'select(.outcome == \"maybe\") | .user_id'";

const BROADCAST_EXAMPLES: &str = "\
On a terminal it shows what would be sent and asks; elsewhere it wants --yes. After the market's yes
there is a line {\"sent\":true,\"status\":200}.

Examples:
  agora broadcast --title 'Maintenance' --content '02:00 to 03:00' --urgent
  agora broadcast --yes --json @notice.json";

const ACCOUNT_EXAMPLES: &str = "\
Examples:
  agora account sign-in --name lin-tea
  agora account set --user-id 4021 --token-stdin < token.txt
  agora account show | jq -r .client_id
  agora account forget
  agora --account shop account sign-in --name lin-tea-shop
  agora --account shop account remove";

const SET_EXAMPLES: &str = "\
The token goes to the system's keyring. It is read from standard input, so that it stands on no
command line, and stays as it was without --token-stdin and --no-token.

Examples:
  agora account set --user-id 4021
  agora account set --base-url https://market.example/api --user-id 4021 --token-stdin < token.txt
  agora account set --no-token";

const SIGN_IN_EXAMPLES: &str = "\
What isn't given is asked for on the terminal, and not shown there. The password is kept nowhere; what
the market gives for it goes to the system's keyring. Then there is a line with base_url, client_id,
user_id and role. Exit code 5 where the market wants a code that wasn't given.

Examples:
  agora account sign-in --name lin-tea
  agora account sign-in --email tea@market.example
  agora account sign-in --name lin-tea --code 246810 --password-stdin < password.txt";

const DOCTOR_EXAMPLES: &str = "\
Each check is a line {\"check\":…,\"ok\":…,\"detail\":…,\"advice\":…}. Exit code 1 when one is not ok.
With --report there is a text in Markdown instead: versions, checks, and the app's connection over the last
24 hours. In it are no name, no user, no address, no path, no alert and nothing that anybody wrote.

Examples:
  agora doctor | jq -r 'select(.ok | not) | .advice'
  agora doctor --report > report.md";

/// Receives Agora Market's events and sends messages, for scripts, servers and tests.
#[derive(Debug, Parser)]
#[command(name = "agora", version, after_help = ENDS_AND_ENVIRONMENT)]
pub(crate) struct Arguments {
    /// Which account, where there are several: its name, or what you call it (`agora account list`)
    #[arg(long, value_name = "NAME", global = true)]
    pub(crate) account: Option<String>,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Print events as they arrive
    #[command(after_help = LISTEN_EXAMPLES)]
    Listen(ListenArguments),
    /// Send a message to one user, or to each of a list
    #[command(after_help = SEND_EXAMPLES)]
    Send(SendArguments),
    /// Print what was sent, and what became of it
    #[command(after_help = SENT_EXAMPLES)]
    Sent {
        /// The recipients of one list instead, by its id
        #[arg(long, value_name = "ID")]
        list: Option<i64>,
        /// As JSON on a terminal too
        #[arg(long)]
        json: bool,
    },
    /// Send a message to everyone who is connected; administrators only
    #[command(after_help = BROADCAST_EXAMPLES)]
    Broadcast {
        #[command(flatten)]
        message: MessageArguments,
        /// Send without asking
        #[arg(long)]
        yes: bool,
    },
    /// Sign in; show, set or forget whose events are received
    #[command(subcommand, after_help = ACCOUNT_EXAMPLES)]
    Account(AccountCommand),
    /// Read the alerts that the app keeps
    #[command(subcommand, after_help = inbox::EXAMPLES)]
    Inbox(InboxCommand),
    /// Check toasts, tray, keyring, inbox, disk, market, sign-in, clock and stream, and say what to do
    #[command(after_help = DOCTOR_EXAMPLES)]
    Doctor {
        /// Print a report for whoever helps, with the app's last day and nothing private
        #[arg(long)]
        report: bool,
        /// As JSON on a terminal too
        #[arg(long, conflicts_with = "report")]
        json: bool,
    },
}

/// The options of `listen`.
#[derive(Debug, Args)]
pub(crate) struct ListenArguments {
    /// Print plumbing too: heartbeats, the server's time, typing, call signalling
    #[arg(long)]
    pub(crate) all: bool,
    /// One connection, and end with it
    #[arg(long)]
    pub(crate) once: bool,
    /// Any event stream instead of the account's; only `AGORA_TOKEN` is sent there
    #[arg(long, value_name = "URL")]
    pub(crate) url: Option<String>,
    /// Resume the stream after this event
    #[arg(long, value_name = "ID", value_parser = last_event_id)]
    pub(crate) last_event_id: Option<String>,
    /// Print the connection's state too
    #[arg(long)]
    pub(crate) status: bool,
}

/// Whom `send` is for, and how.
#[derive(Debug, Args)]
pub(crate) struct SendArguments {
    /// The user's id
    #[arg(
        value_name = "USER_ID",
        value_parser = recipient,
        required_unless_present_any = ["csv", "resume", "retry_failed"]
    )]
    pub(crate) user: Option<UserId>,
    /// A list: a table with a column `user_id`, whose columns may stand in the message as {name}, or ids
    #[arg(long, value_name = "FILE", conflicts_with_all = ["user", "resume", "retry_failed"])]
    pub(crate) csv: Option<PathBuf>,
    /// The most requests in any second
    #[arg(long, value_name = "N", default_value_t = 5, value_parser = value_parser!(u16).range(1..=50))]
    pub(crate) rate: u16,
    /// The most requests under way at a time
    #[arg(long, value_name = "N", default_value_t = 4, value_parser = value_parser!(u16).range(1..=10))]
    pub(crate) at_once: u16,
    /// Check the list line by line, and send nothing
    #[arg(long, requires = "csv")]
    pub(crate) dry_run: bool,
    /// Go on with a list: what was not tried, or never left
    #[arg(long, value_name = "ID", conflicts_with_all = ["user", "retry_failed", "json", "title"])]
    pub(crate) resume: Option<i64>,
    /// Try again what the market refused of a list, and go on with it
    #[arg(long, value_name = "ID", conflicts_with_all = ["user", "json", "title"])]
    pub(crate) retry_failed: Option<i64>,
    #[command(flatten)]
    pub(crate) message: MessageArguments,
}

/// A message: JSON, or the fields of a form.
#[derive(Debug, Args)]
pub(crate) struct MessageArguments {
    /// The message as a JSON object: the text itself, a file, or - for standard input
    #[arg(
        long,
        value_name = "TEXT|@FILE|-",
        conflicts_with_all = ["title", "content", "kind", "link", "urgent"]
    )]
    pub(crate) json: Option<String>,
    /// Its title, at most 100 characters
    #[arg(long, value_name = "TEXT", requires = "content")]
    pub(crate) title: Option<String>,
    /// Its content, at most 1000 characters
    #[arg(long, value_name = "TEXT", requires = "title")]
    pub(crate) content: Option<String>,
    /// Its kind, such as `ORDER_SHIPPED`
    #[arg(long, value_name = "KIND", requires = "title")]
    pub(crate) kind: Option<String>,
    /// Where it leads: a path of the market's web site, or an https URL
    #[arg(long, value_name = "LINK", requires = "title")]
    pub(crate) link: Option<String>,
    /// Mark it as urgent
    #[arg(long, requires = "title")]
    pub(crate) urgent: bool,
}

/// What to do with the account.
#[derive(Debug, Subcommand)]
pub(crate) enum AccountCommand {
    /// Print the account, without its token
    Show {
        /// As JSON on a terminal too
        #[arg(long)]
        json: bool,
    },
    /// Print all accounts, the first one first
    List {
        /// As JSON on a terminal too
        #[arg(long)]
        json: bool,
    },
    /// Sign in as a person does
    #[command(after_help = SIGN_IN_EXAMPLES)]
    SignIn(SignInArguments),
    /// Set the account by hand; what isn't given stays as it was
    #[command(after_help = SET_EXAMPLES)]
    Set(SetArguments),
    /// Forget the account and its token; the inbox and the device id stay
    Forget,
    /// Forget a further account, and delete its inbox
    Remove,
}

/// The options of `account set`.
#[derive(Debug, Args)]
#[group(required = true, multiple = true)]
pub(crate) struct SetArguments {
    /// Where the market is
    #[arg(long, value_name = "URL", value_parser = BaseUrl::parse)]
    pub(crate) base_url: Option<BaseUrl>,
    /// The client id to connect under
    #[arg(long, value_name = "ID", value_parser = ClientId::parse, conflicts_with = "user_id")]
    pub(crate) client_id: Option<ClientId>,
    /// The user's id, digits only; the client id is made of it and this device's id
    #[arg(long, value_name = "ID", value_parser = own_user_id)]
    pub(crate) user_id: Option<UserId>,
    /// Read a token from the first line of standard input
    #[arg(long)]
    pub(crate) token_stdin: bool,
    /// Remove the token
    #[arg(long, conflicts_with = "token_stdin")]
    pub(crate) no_token: bool,
    /// Make a default keyring first, where there is none; the system asks for its password
    #[arg(long, requires = "token_stdin")]
    pub(crate) make_keyring: bool,
}

/// The options of `account sign-in`.
#[derive(Debug, Args)]
pub(crate) struct SignInArguments {
    /// Where the market is, instead of where it was
    #[arg(long, value_name = "URL", value_parser = BaseUrl::parse)]
    pub(crate) base_url: Option<BaseUrl>,
    /// The name to sign in with, and a password
    #[arg(long, value_name = "NAME", required_unless_present = "email", conflicts_with = "email")]
    pub(crate) name: Option<String>,
    /// The email address to sign in with, and a code that is sent there
    #[arg(long, value_name = "EMAIL")]
    pub(crate) email: Option<String>,
    /// Read the password from the first line of standard input
    #[arg(long, requires = "name")]
    pub(crate) password_stdin: bool,
    /// The two-factor code, or the one that was sent to the address
    #[arg(long, value_name = "CODE")]
    pub(crate) code: Option<String>,
    /// Make a default keyring first, where there is none; the system asks for its password
    #[arg(long)]
    pub(crate) make_keyring: bool,
}

/// The longest last event ID that is sent, in bytes.
const MAX_LAST_EVENT_ID: usize = 1024;

/// The user of a client id that is made here: what the market's form has in its place.
fn own_user_id(text: &str) -> Result<UserId, String> {
    let user = UserId::parse(text).map_err(|invalid| invalid.message())?;
    if text.bytes().all(|byte| byte.is_ascii_digit()) {
        Ok(user)
    } else {
        Err("The user id must be digits only.".to_owned())
    }
}

/// A user to send to. Another market may have other ids than digits, but white space around one is
/// a slip that would send the message to nobody.
fn recipient(text: &str) -> Result<UserId, String> {
    if text.trim() != text {
        return Err("The user id must not begin or end with white space.".to_owned());
    }
    UserId::parse(text).map_err(|invalid| invalid.message())
}

/// The rules by which a connection sends an id, told here instead of leaving it out silently.
fn last_event_id(text: &str) -> Result<String, String> {
    if text.len() > MAX_LAST_EVENT_ID {
        return Err(format!("the last event ID must have at most {MAX_LAST_EVENT_ID} bytes"));
    }
    if text.chars().any(char::is_control) {
        return Err("the last event ID must not contain control characters".to_owned());
    }
    Ok(text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_consistent() {
        Arguments::command().debug_assert();
    }
}
