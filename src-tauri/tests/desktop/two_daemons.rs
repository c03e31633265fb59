//! Toasts under dunst and under xfce4-notifyd, light and dark, in both languages.
//!
//! With `AGORA_WRITE_DOCS=1` the pictures in `docs` are written anew.

use std::ffi::OsString;
use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use agora_demo_market::people::SELLER;
use zbus::fdo::DBusProxy;

use super::session::{Part, Session, within};
use super::stage::{SOON, Stage};
use super::toasts::{Notify, Recorder, counted};

/// Where on the screen the toasts are: left, top, width and height.
type Corner = [u32; 4];

/// How a picture is made.
struct Look {
    /// For the file's name and the settings.
    theme: &'static str,
    language: &'static str,
    sum: &'static str,
}

const LOOKS: [Look; 2] = [
    Look { theme: "light", language: "en_US.UTF-8", sum: "18 new alerts" },
    Look { theme: "dark", language: "zh_TW.UTF-8", sum: "18 則新通知" },
];

const ALONE: [&str; 4] = [
    r#"{"type":"ORDER_SHIPPED","orderNumber":"20418","productName":"手工茶壺","link":"/orders/20418"}"#,
    r#"{"type":"CHAT_MESSAGE","senderName":"林美華","content":"請問茶壺還有嗎？ <3 & 謝謝"}"#,
    r#"{"type":"RECHARGE_SUCCESS","amount":2000,"currency":"TWD","balance":4350}"#,
    r#"{"type":"LOGIN_ANOMALY","location":"胡志明市","device":"Android 15"}"#,
];

#[tokio::test(flavor = "multi_thread")]
async fn under_dunst() {
    let mut pictures = Vec::new();
    for look in &LOOKS {
        let mut stage = Stage::set(&[]).await;
        paint_dunst(&stage.session, look.theme);
        stage.session.begin(Part::Toasts).await;
        pictures.push(picture(&stage, look, [900, 30, 380, 344]).await);
    }
    write("toasts-dunst.png", &pictures);
}

#[tokio::test(flavor = "multi_thread")]
async fn under_xfce4_notifyd() {
    let mut pictures = Vec::new();
    for look in &LOOKS {
        let stage = Stage::set(&[]).await;
        let _daemon = start_xfce4_notifyd(&stage.session, look.theme).await;
        pictures.push(picture(&stage, look, [770, 0, 510, 690]).await);
    }
    write("toasts-xfce.png", &pictures);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_button_of_xfce4_notifyd_puts_an_alert_off() {
    let stage = Stage::set(&[]).await;
    let _daemon = start_xfce4_notifyd(&stage.session, "light").await;
    let app = stage.app(&SELLER).await;
    stage.emit(&SELLER, ALONE[0]);
    app.wait_for("unread-count", |count| count == "1").await;
    // The last of the buttons, which are at the lower right.
    let script = r#"
        xdotool search --sync --onlyvisible --class "^Xfce4-notifyd$" getwindowgeometry --shell >place
        . ./place
        xdotool mousemove --window $WINDOW $((WIDTH - 40)) $((HEIGHT - 32)) click 1"#;
    let mut click = stage.session.command("sh");
    click.args(["-ec", script]).current_dir(stage.session.folder());
    assert!(within("a toast to click", click.status()).await.unwrap().success());
    app.find("row-reminder").await;
    app.end().await;
}

/// One of each kind of toast on the screen, before the app's own window.
async fn picture(stage: &Stage, look: &Look, corner: Corner) -> Picture {
    fs::create_dir_all(stage.home()).unwrap();
    let settings = format!(r#"{{"preferences":{{"theme":"{}"}}}}"#, look.theme);
    fs::write(stage.home().join("settings.json"), settings).unwrap();
    let recorder = Recorder::start(&stage.session).await;
    let mut environment = stage.environment(&SELLER);
    environment.push(("LANG", OsString::from(look.language)));
    let app = stage.start(&environment).await;
    stage.connected(&SELLER).await;
    let mut wmctrl = stage.session.command("wmctrl");
    wmctrl.args(["-r", "Agora", "-b", "add,maximized_vert,maximized_horz"]);
    assert!(within("the window manager", wmctrl.status()).await.unwrap().success());
    let begun = Instant::now();
    for (number, event) in ALONE.iter().enumerate() {
        stage.emit(&SELLER, event);
        let there = async {
            while recorder.count() <= number {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        };
        within("a toast", there).await;
    }
    for number in 0..18 {
        let event = match number % 3 {
            0 => format!(r#"{{"type":"CHAT_MESSAGE","senderName":"陳","content":"{number}"}}"#),
            _ => format!(r#"{{"type":"ORDER_SHIPPED","orderNumber":"{number}"}}"#),
        };
        stage.emit(&SELLER, &event);
    }
    // The storm that those alone begin lasts five seconds, which is no time for a busy machine: then
    // some more are alone.
    let (most, words) = look.sum.split_once(' ').unwrap();
    let most = most.parse().unwrap();
    let is_sum = |toast: &Notify| {
        let counts = counted(&toast.summary);
        toast.summary.ends_with(words) && counts + 3 >= most && counts <= most
    };
    let sum = recorder.wait_for(is_sum).await;
    assert!(sum.summary == look.sum || begun.elapsed() > Duration::from_secs(5), "{}", sum.summary);
    let toasts = recorder.toasts();
    let first = toasts.iter().find(|toast| toast.id == sum.id).unwrap();
    assert_eq!(
        (first.replaces_id, toasts.iter().filter(|toast| toast.is_urgent()).count()),
        (0, 1)
    );
    let picture = Picture::of_screen(&stage.session, corner).await;
    app.end().await;
    picture
}

/// dunst has no themes: its colours are in its settings.
fn paint_dunst(session: &Session, theme: &str) {
    let (background, foreground, frame) = match theme {
        "light" => ("#ffffff", "#1c1c1e", "#c7c7cc"),
        _ => ("#2c2c2e", "#f2f2f7", "#48484a"),
    };
    let file = session.folder().join("config/dunst/dunstrc");
    let settings = fs::read_to_string(&file).unwrap();
    let (common, urgencies) = settings.split_once("[urgency_low]").unwrap();
    let colours = format!(
        "timeout = 0\n    background = \"{background}\"\n    foreground = \"{foreground}\""
    );
    let urgencies = urgencies.replace("timeout = 0", &colours);
    let common = format!(
        "{common}    frame_width = 1\n    frame_color = \"{frame}\"\n    separator_color = frame\n    show_indicators = no\n"
    );
    let critical = "    frame_color = \"#d70015\"\n";
    fs::write(file, format!("{common}[urgency_low]{urgencies}{critical}")).unwrap();
}

/// Starts the daemon with the theme that fits, and waits for it.
pub(crate) async fn start_xfce4_notifyd(session: &Session, theme: &str) -> tokio::process::Child {
    let theme = match theme {
        "light" => "Adwaita",
        _ => "Adwaita:dark",
    };
    let settings = r#"<channel name="xfce4-notifyd" version="1.0">
             <property name="theme" type="string" value="Default"/>
             <property name="expire-timeout" type="int" value="-1"/>
             <property name="initial-opacity" type="double" value="1"/>
             <property name="do-fadeout" type="bool" value="false"/>
             <property name="do-slideout" type="bool" value="false"/>
           </channel>"#;
    let channels = session.folder().join("config/xfce4/xfconf/xfce-perchannel-xml");
    fs::write(channels.join("xfce4-notifyd.xml"), settings).unwrap();
    let service = "/usr/share/dbus-1/services/org.xfce.xfce4-notifyd.Notifications.service";
    let service = fs::read_to_string(service).expect("xfce4-notifyd is installed");
    let program = service.lines().find_map(|line| line.strip_prefix("Exec=")).unwrap();
    let child = session.logged(program).env("GTK_THEME", theme).spawn().unwrap();
    let bus = session.bus().await;
    let bus = DBusProxy::new(&bus).await.unwrap();
    let comes = async {
        while !bus
            .name_has_owner("org.freedesktop.Notifications".try_into().unwrap())
            .await
            .unwrap()
        {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(SOON, comes).await.expect("xfce4-notifyd comes");
    child
}

/// 8-bit RGB, row by row.
struct Picture {
    width: usize,
    height: usize,
    rgb: Vec<u8>,
}

impl Picture {
    /// The corner of the screen where the toasts are, as soon as it is drawn.
    async fn of_screen(session: &Session, corner: Corner) -> Self {
        // The daemons don't say when they have drawn.
        tokio::time::sleep(Duration::from_millis(1_500)).await;
        let file = session.folder().join("corner.png");
        let mut scrot = session.command("scrot");
        scrot.args([
            "--autoselect",
            &corner.map(|number| number.to_string()).join(","),
            "--overwrite",
        ]);
        assert!(within("scrot", scrot.arg(&file).status()).await.unwrap().success());
        Self::read(&file)
    }

    fn read(file: &Path) -> Self {
        let file = std::io::BufReader::new(fs::File::open(file).unwrap());
        let mut decoder = png::Decoder::new(file);
        decoder.set_transformations(png::Transformations::normalize_to_color8());
        let mut reader = decoder.read_info().unwrap();
        let mut bytes = vec![0; reader.output_buffer_size().unwrap()];
        let frame = reader.next_frame(&mut bytes).unwrap();
        let samples = frame.color_type.samples();
        let rgb = bytes[..frame.buffer_size()].chunks(samples).flat_map(|p| p[..3].to_vec());
        Self { width: frame.width as usize, height: frame.height as usize, rgb: rgb.collect() }
    }
}

/// Writes the pictures side by side, where they are wanted.
fn write(name: &str, pictures: &[Picture]) {
    if std::env::var_os("AGORA_WRITE_DOCS").is_none() {
        return;
    }
    let height = pictures[0].height;
    let rows = (0..height).flat_map(|row| {
        pictures.iter().flat_map(move |picture| {
            let width = picture.width * 3;
            picture.rgb[row * width..][..width].to_vec()
        })
    });
    let rows: Vec<u8> = rows.collect();
    let width = pictures.iter().map(|picture| picture.width).sum::<usize>();
    let file = fs::File::create(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs").join(name));
    let mut encoder = png::Encoder::new(
        file.unwrap(),
        u32::try_from(width).unwrap(),
        u32::try_from(height).unwrap(),
    );
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_compression(png::Compression::High);
    encoder.write_header().unwrap().write_image_data(&rows).unwrap();
}
