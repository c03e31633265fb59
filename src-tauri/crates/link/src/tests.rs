use super::*;

const SITE: &str = "https://agoramarket.purrtechllc.com";
const API: &str = "https://agoramarketapi.onrender.com/api";

fn look(text: &str) -> Link {
    at(text, SITE)
}

fn at(text: &str, site: &str) -> Link {
    Link::of(text, &WebSite::parse(site).unwrap(), Some(&BaseUrl::parse(API).unwrap()))
}

fn why(text: &str) -> Option<Why> {
    match look(text) {
        Link::Closed { why, .. } => Some(why),
        Link::Opens { .. } => None,
    }
}

/// The URL, and `true` where it is trusted.
fn opens(link: Link) -> (String, bool) {
    match link {
        Link::Opens { url, trusted, .. } => (url.to_string(), trusted),
        Link::Closed { text, why } => panic!("{text} is closed: {why:?}"),
    }
}

#[test]
fn relative_links_are_of_the_web_site() {
    for (text, path) in [
        ("/", "/"),
        ("/orders/20418", "/orders/20418"),
        ("orders/1?tab=a#b", "/orders/1?tab=a#b"),
        ("?q=1", "/?q=1"),
        ("#top", "/#top"),
        ("/go?to=https://evil.example/", "/go?to=https://evil.example/"),
        ("/user@evil.example", "/user@evil.example"),
        ("/訂單/1", "/%E8%A8%82%E5%96%AE/1"),
        ("/a:b", "/a:b"),
        ("/../../x", "/x"),
        ("/.//evil.example/", "//evil.example/"),
        ("/%0d%0aSet-Cookie:x", "/%0d%0aSet-Cookie:x"),
    ] {
        assert_eq!(opens(look(text)), (format!("{SITE}{path}"), true), "{text}");
    }
    let below = |text| opens(at(text, "https://a.example/shop")).0;
    assert_eq!(below("orders/1"), "https://a.example/shop/orders/1");
    assert_eq!(below("/orders/1"), "https://a.example/orders/1");
}

#[test]
fn the_markets_own_hosts_are_trusted_and_others_are_asked_about() {
    for (text, trusted) in [
        ("https://agoramarket.purrtechllc.com/x", true),
        ("HTTPS://AgoraMarket.PurrTechLLC.com/x", true),
        ("https://agoramarket.purrtechllc.com:443/x", true),
        ("//agoramarket.purrtechllc.com/x", true),
        ("https://www.agoramarket.purrtechllc.com/", true),
        ("https://agoramarketapi.onrender.com/pay", true),
        ("https://agoramarket.purrtechllc.com:8443/x", false),
        ("https://www.agoramarket.purrtechllc.com:8443/x", false),
        ("https://x.agoramarketapi.onrender.com/", false),
        ("https://purrtechllc.com/", false),
        ("https://agoramarketapi.purrtechllc.com/api", false),
        ("https://other.onrender.com/", false),
        ("https://evil.example/", false),
        ("//evil.example/x", false),
        ("https://evil.example/agoramarket.purrtechllc.com", false),
        ("https://evil.example?agoramarket.purrtechllc.com", false),
        ("https://evil.example#@agoramarket.purrtechllc.com", false),
        ("https://evil.example:8443/", false),
        ("https://192.0.2.7/", false),
        ("https://[2001:db8::1]/", false),
        ("http://127.0.0.1:8080/x", false),
        ("http://localhost/x", false),
        ("http://[::1]:1/x", false),
    ] {
        let (url, is_trusted) = opens(look(text));
        assert_eq!(is_trusted, trusted, "{text} leads to {url}");
    }
    let demo = "http://127.0.0.1:4321";
    assert_eq!(opens(at("/orders/1", demo)), (format!("{demo}/orders/1"), true));
    assert!(!opens(at("http://127.0.0.1:631/", demo)).1, "another port is another program");
    assert!(!opens(at("https://127.0.0.1:4321/", demo)).1);
}

#[test]
fn the_host_that_is_shown_is_the_one_that_is_reached() {
    for (text, shown) in [
        ("/x", "agoramarket.purrtechllc.com"),
        ("https://Evil.Example:443/", "evil.example"),
        ("https://evil.example:8443/", "evil.example:8443"),
        ("http://[::1]:1/", "[::1]:1"),
    ] {
        let Link::Opens { host, unicode, .. } = look(text) else { panic!("{text}") };
        assert_eq!((&*host, unicode), (shown, None), "{text}");
    }
    let Link::Opens { host, unicode, trusted, .. } =
        at("https://商店.example/", "https://商店.example")
    else {
        panic!("the market's own")
    };
    assert_eq!((&*host, trusted), ("xn--czrs0t.example", true));
    assert_eq!(unicode.as_deref(), Some("商店.example"));
}

const HOSTILE: &[(Why, &[&str])] = &[
    (
        Why::Scheme,
        &[
            "javascript:alert(1)",
            "JavaScript:alert(1)",
            "javascript://agoramarket.purrtechllc.com/%0aalert(1)",
            "data:text/html,<script>1</script>",
            "file:///etc/passwd",
            "file://evil.example/share",
            "vbscript:x",
            "blob:https://agoramarket.purrtechllc.com/1",
            "view-source:https://agoramarket.purrtechllc.com/",
            "mailto:a@b.example",
            "tel:110",
            "ftp://agoramarket.purrtechllc.com/",
            "ws://agoramarket.purrtechllc.com/",
            "wss://agoramarket.purrtechllc.com/",
            "smb://evil.example/share",
            "ms-msdt:/id",
            "ms-word:ofe|u|https://evil.example/x.docx",
            "steam://run/1",
            "search-ms:query=x",
            "intent://x#Intent;end",
            "about:blank",
            "agoramarket.purrtechllc.com:443/x",
            "localhost:8080/x",
            "C:/Windows/calc.exe",
        ],
    ),
    (
        Why::PlainHttp,
        &[
            "http://agoramarket.purrtechllc.com/",
            "http://evil.example/",
            "http://192.0.2.7/",
            "http://0.0.0.0/",
            "http://localhost.example/",
            "http://x.localhost/",
            "http://127.0.0.1.example/",
            "http://[::ffff:7f00:1]/",
        ],
    ),
    (
        Why::Credentials,
        &[
            "https://user:pass@agoramarket.purrtechllc.com/",
            "https://agoramarket.purrtechllc.com@evil.example/",
            "https://agoramarket.purrtechllc.com:443@evil.example/",
            "https://@evil.example/",
            "https://:@evil.example/",
            "//agoramarket.purrtechllc.com@evil.example/",
            "https://agoramarket.purrtechllc.com%2f@evil.example/",
            "http://user@localhost/",
        ],
    ),
    (
        Why::LookAlike,
        &[
            // Cyrillic а, Greek ο, full width, a dot above, whole words of another script.
            "https://аgoramarket.purrtechllc.com/",
            "https://agοramarket.purrtechllc.com/",
            "https://ａgoramarket.purrtechllc.com.example/",
            "https://agoramarķet.purrtechllc.com/",
            "https://аррӏе.example/",
            "https://xn--80ak6aa92e.com/",
            "https://XN--80AK6AA92E.com/",
            "https://商店.example/",
            "https://evil。example/",
            "https://①②⑦.0.0.1/",
            "https://ℯvil.example/",
            "https://agoramarket.purrtechllc.com.evil.example/",
            "https://agoramarket-purrtechllc.com/",
            "https://agoramarket-purrtechllc-com.evil.example/",
            "https://agoramarketpurrtechllc.com/",
            "https://agoramarket.purrtech1lc.com/",
            "https://agoramarket.purrtechIIc.com/",
            "https://agoramarket.purrtechiic.com/",
            "https://agorarnarket.purrtechllc.com/",
            "https://ag0ramarket.purrtechllc.com/",
            "https://aqoramarket.purrtechllc.com/",
            "https://pay.purrtechl1c.com/",
            "https://purr-techllc.com/",
            "https://agoramarketapi.0nrender.com/",
            "https://agoramarketapi-onrender.com/",
            "//agoramarket.purrtechllc.com.evil.example/",
            "http://agoramarket.purrtechllc.com.evil.example/",
        ],
    ),
    (
        Why::Malformed,
        &[
            "",
            " ",
            " https://agoramarket.purrtechllc.com/",
            "//",
            "///evil.example/",
            "////evil.example/",
            "https:",
            "https://",
            "https:///evil.example/",
            "https:evil.example/",
            "https:/evil.example/",
            "https:/\\evil.example/",
            "https:\\\\evil.example\\x",
            "\\\\evil.example\\share",
            "/\\evil.example/",
            "\\/evil.example/",
            "https://agoramarket.purrtechllc.com\\@evil.example/",
            "https://evil.example\\.agoramarket.purrtechllc.com/",
            "java\tscript:alert(1)",
            "java\nscript:alert(1)",
            "\u{1}javascript:alert(1)",
            "/\t/evil.example/",
            "/\n/evil.example/",
            "https://ev\til.example/",
            "https://evil.example/\0",
            "https://agoramarket\u{ad}.purrtechllc.com/",
            "https://agora\u{200b}market.purrtechllc.com/",
            "https://evil.example/\u{202e}moc.cllhcetrrup",
            "\u{feff}https://evil.example/",
            "https://evil.example /",
            "https://evil.example%20.agoramarket.purrtechllc.com/",
            "https://evil.example%2f.agoramarket.purrtechllc.com/",
            "https://%61goramarket.purrtechllc.com/",
            "https://evil%2eexample/",
            "https://agoramarket.purrtechllc.com./",
            "https://evil.example./",
            "http://localhost./",
            "https://xn--agoramarket-x.purrtechllc.com/",
            "https://evil..example/",
            "https://.evil.example/",
            "http://2130706433/",
            "http://0x7f000001/",
            "http://0177.0.0.1/",
            "http://127.1/",
            "http://127.0.0.1./",
            "https://3221226247/",
            "https://0xc0.0.2.7/",
            "http://[0:0:0:0:0:0:0:1]/",
            "http://[::ffff:127.0.0.1]/",
            "http://[::1%25lo]/",
            "http://[::1/",
            "https://evil.example:99999/",
            "https://evil.example:x/",
            "https://evil.example:80:443/",
            "https://a b.example/",
            "https://<evil>.example/",
            "https://evil|x.example/",
        ],
    ),
];

#[test]
fn hostile_links_stay_closed_and_say_why() {
    let mut count = 0;
    for (expected, texts) in HOSTILE {
        for text in *texts {
            assert_eq!(why(text), Some(*expected), "{text:?}: {:?}", look(text));
            count += 1;
        }
    }
    assert!(count >= 100, "{count}");
    let long_path = format!("/{}", "x".repeat(LONGEST_LINK));
    let long_label = format!("https://{}.example/", "x".repeat(64));
    let long_name = format!("https://{}example/", "x.".repeat(130));
    for text in [long_path, long_label, long_name] {
        assert_eq!(why(&text), Some(Why::Malformed), "{text}");
    }
}

/// What a link that opens after a question is said to resemble.
fn resembled(host: &str, site: &str, api: &str) -> Option<String> {
    let (site, api) = (WebSite::parse(site).unwrap(), BaseUrl::parse(api).unwrap());
    match Link::of(&format!("https://{host}/"), &site, Some(&api)) {
        Link::Opens { resembles, trusted, .. } => {
            assert!(!(trusted && resembles.is_some()), "{host}");
            resembles
        }
        Link::Closed { why, .. } => {
            assert_eq!(why, Why::LookAlike, "{host}");
            Some("closed".to_owned())
        }
    }
}

#[test]
fn what_resembles_the_markets_own_host_is_warned_of() {
    for host in [
        // Another ending.
        "agoramarket.purrtechllc.net",
        "agoramarket.purrtechllc.com.tw",
        "purrtechllc.tw",
        "purrtechllc.co",
        "agoramarketapi.onrender.dev",
        // One of its names with another ending, before or behind.
        "agoramarket.com",
        "agoramarket.tw",
        "www.agoramarket.app",
        "agoramarket.evil.example",
        "agoramarket.purrtechllc.evil.example",
        "login.agoramarket.evil.example",
        "agoramarket-login.example",
        "secure-agoramarket.example",
        "agora-market.com",
        "agora.market",
        "my-agora-market-login.example",
        "purrtechllc-support.com",
        "agoramarket.github.io",
        // One letter more, less, other, or two in each other's place.
        "agoramarkett.com",
        "agoramarke.com",
        "agoromarket.com",
        "agoramakret.com",
        "agoramarket.purrtechlc.com",
        "agoramarket.purtechllc.com",
        "pay-agoromarket-now.example",
        "purrtecllc.com",
        // Beside it, where many are.
        "agoramarketapi-login.onrender.com",
        "agoramarketap.onrender.com",
        "agoramarket2.onrender.com",
    ] {
        assert!(resembled(host, SITE, API).is_some(), "{host}");
    }
    for (host, own) in [
        ("agoramarket.tw", "agoramarket.purrtechllc.com"),
        ("agoramarketapi.onrender.dev", "agoramarket.purrtechllc.com"),
        ("api-onrender-com.example", "agoramarketapi.onrender.com"),
    ] {
        assert_eq!(resembled(host, SITE, API).as_deref(), Some(own), "{host}");
    }
    for (host, site) in [
        ("shop.com", "https://shop.tw"),
        ("shop.com.tw", "https://www.shop.tw"),
        ("shop.tw", "https://shop.com.tw"),
        ("sh0p.com", "https://shop.tw"),
        ("shop.evil.example", "https://shop.tw"),
        ("agora-pay.com", "https://agora.com.tw"),
        ("agoro.com.tw", "https://agora.com.tw"),
        ("market.example.net", "https://market.example.com"),
    ] {
        assert!(resembled(host, site, "http://127.0.0.1:1").is_some(), "{host} and {site}");
    }
}

#[test]
fn what_only_happens_to_be_named_like_it_is_not_warned_of() {
    for host in [
        "github.com",
        "line.me",
        "www.post.gov.tw",
        "purrtechllc.com",
        "blog.purrtechllc.com",
        "agoramarketapi.purrtechllc.com",
        "x.agoramarketapi.onrender.com",
        "other.onrender.com",
        "onrender.com",
        "render.com",
        "agora.example",
        "supermarket.example",
        "xn.example",
        "a.b",
    ] {
        assert_eq!(resembled(host, SITE, API), None, "{host}");
    }
    for (host, site) in [
        ("workshop.com", "https://shop.tw"),
        ("shop.example", "https://a.shop.tw"),
        ("evil.com.tw", "https://agora.com.tw"),
        ("api.other.tw", "https://api.market.tw"),
        ("agoraphile.example", "https://ago.tw"),
    ] {
        assert_eq!(resembled(host, site, "http://127.0.0.1:1"), None, "{host} and {site}");
    }
}

/// Every spelling one letter from a name.
fn one_letter_from(name: &str) -> Vec<String> {
    let letters = "abcdefghijklmnopqrstuvwxyz0123456789-";
    let mut spellings = Vec::new();
    for at in 0..=name.len() {
        let (before, behind) = name.split_at(at);
        for letter in letters.chars() {
            spellings.push(format!("{before}{letter}{behind}"));
            if !behind.is_empty() {
                spellings.push(format!("{before}{letter}{}", &behind[1..]));
            }
        }
        if !behind.is_empty() {
            spellings.push(format!("{before}{}", &behind[1..]));
        }
        if behind.len() > 1 {
            spellings.push(format!("{before}{}{}{}", &behind[1..2], &behind[..1], &behind[2..]));
        }
    }
    spellings
}

#[test]
fn every_spelling_one_letter_from_a_name_of_the_market_is_warned_of_under_every_ending() {
    let endings =
        ["com", "net", "tw", "com.tw", "co.uk", "example", "evil.example", "onrender.com"];
    let mut count = 0;
    for own in ["agoramarket", "purrtechllc", "agoramarketapi"] {
        for spelling in one_letter_from(own) {
            for ending in endings {
                let host = format!("{spelling}.{ending}");
                let is_own = host == "purrtechllc.com" || host == "agoramarketapi.onrender.com";
                let is_warned = is_own || resembled(&host, SITE, API).is_some();
                assert!(is_warned, "{host}");
                count += 1;
            }
        }
    }
    assert!(count > 20_000, "{count}");
}

#[test]
fn a_closed_link_is_harmless_to_show() {
    let Link::Closed { text, .. } = look(&format!("x:\u{202e}\n\u{7}{}", "y".repeat(9_999))) else {
        panic!()
    };
    assert!(text.starts_with("x:\u{fffd}\u{fffd}\u{fffd}yy"), "{text}");
    assert_eq!(text.chars().count(), SHOWN);
}

#[test]
fn a_short_host_is_not_found_in_every_other() {
    assert!(!opens(at("https://somewhere.example/", "https://ex.am")).1);
    assert!(!opens(at("https://localhost.example/", "http://localhost:1")).1);
    assert!(!opens(at("https://x.localhost/", "http://localhost:1")).1);
}

#[test]
fn a_web_site_is_https_or_on_this_machine() {
    for (text, expected) in [
        ("https://a.example", "https://a.example/"),
        (" https://A.example/shop/ ", "https://a.example/shop/"),
        ("http://127.0.0.1:4321", "http://127.0.0.1:4321/"),
    ] {
        let site = WebSite::parse(text).unwrap();
        assert_eq!(site.to_string(), expected);
        let stored = serde_json::to_string(&site).unwrap();
        assert_eq!(serde_json::from_str::<WebSite>(&stored).unwrap(), site);
    }
    for (text, rule) in [
        ("", Rule::Required),
        ("a.example", Rule::Url),
        ("http://a.example", Rule::HttpOnlyToThisMachine),
        ("ftp://a.example", Rule::HttpScheme),
        ("https://u@a.example", Rule::NoCredentials),
        ("https://a.example/?x", Rule::NoQuery),
        ("https://a.example/#x", Rule::NoFragment),
    ] {
        assert_eq!(WebSite::parse(text), Err(rule), "{text}");
    }
    assert!(serde_json::from_str::<WebSite>("\"javascript:x\"").is_err());
}

#[test]
fn the_default_web_site_is_the_markets_own() {
    let of = |api| WebSite::of_market(&BaseUrl::parse(api).unwrap()).unwrap().to_string();
    assert_eq!(of(API), WebSite::AGORA);
    assert_eq!(of("https://agoramarketapi.purrtechllc.com/api"), WebSite::AGORA);
    assert_eq!(of("http://127.0.0.1:4321/api"), "http://127.0.0.1:4321/");
    assert_eq!(of("https://market.example/v1/api"), "https://market.example/");
}
