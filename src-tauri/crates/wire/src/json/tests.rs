use super::*;
use rand::rngs::StdRng;
use rand::{Rng, RngExt, SeedableRng};
use serde_json::Value;
use std::time::{Duration, Instant};

fn title(json: &str) -> Option<String> {
    Json::read(json)?.object()?.get("title")?.beginning()
}

/// What a strict parser gives up over, and what of it can be read all the same.
#[test]
fn one_bad_value_never_takes_the_good_ones_with_it() {
    let deep = format!("{}1{}", r#"{"a":["#.repeat(100), "]}".repeat(100));
    let deeper = "[".repeat(100_000) + &"]".repeat(100_000);
    for bad in [
        r#""half an emoji \ud83d""#,
        r#""\ud83d \udc4d""#,
        r#""\udc4d\ud83d""#,
        r#""\ud83d\ud83d""#,
        r#""\u12""#,
        r#""\u+123""#,
        r#""\x41\'""#,
        "\"raw \u{0} \n \u{1b} controls\"",
        "1e400",
        "-1E+9999",
        "007",
        "NaN",
        "-Infinity",
        "undefined",
        "None",
        "'single'",
        "+5 6",
        "",
        "{a:1}",
        "[1,,2,]",
        r#"{"b":1,}"#,
        &deep,
        &deeper,
    ] {
        let is_strict = serde_json::from_str::<Value>(bad).is_ok();
        assert!(!is_strict, "a strict parser takes it: {bad:.50}");
        for json in [
            format!(r#"{{"type":"X","bad":{bad},"title":"t"}}"#),
            format!(r#"{{"bad":{bad},"type":"X","title":"t"}}"#),
            format!(r#"{{"type":"X","title":"t","bad":{bad}}}"#),
        ] {
            let object = Json::read(&json).expect(bad).object().unwrap();
            let text = |name| object.get(name).and_then(Json::text);
            assert_eq!(
                (text("type").as_deref(), text("title").as_deref()),
                (Some("X"), Some("t")),
                "{bad:.50}"
            );
        }
        let list =
            format!(r#"[{{"id":1}},{{"bad":{bad},"id":2}},{{"id":3,"bad":{bad}}},{{"id":4}}]"#);
        let list = Json::read(&list).unwrap();
        let ids = list.array().unwrap().filter_map(|one| one.object()?.get("id")?.id());
        assert_eq!(
            (list.is_whole(), ids.collect::<Vec<_>>()),
            (true, vec![1, 2, 3, 4]),
            "{bad:.50}"
        );
    }
}

#[test]
fn a_sign_too_many_or_too_few_never_takes_the_members_with_it() {
    for between in [
        "],",
        ",]",
        "},",
        ",}",
        "]],",
        "}},",
        "]},",
        "}],",
        " ] , ",
        "\n}\n,\n",
        "]",
        "}",
        "} ",
        ",,",
        ",:,",
        "",
        " ",
        ",,}}]],,",
        "\u{0}]\u{FEFF},",
    ] {
        for value in ["1", "\"v\"", "{\"b\":2}", "[2,3]", "null", "{}", "{\"b\":[2]}"] {
            for end in ["}", "", "}}", "]}", "},", "}\n]\n"] {
                let json = format!(
                    r#"{{"type":"X","a":{value}{between}"title":"t"{between}"link":"/a"{end}"#
                );
                let object = Json::read(&json).expect(&json).object().unwrap();
                let text = |name| object.get(name).and_then(Json::text);
                let all = [text("type"), text("title"), text("link")];
                assert_eq!(all, ["X", "t", "/a"].map(|said| Some(said.to_owned())), "{json}");
                assert_eq!(object.get("a").unwrap().written(), value, "{json}");
                assert_eq!(object.iter().count(), 4, "{json}");
                assert_eq!(Json::read(&json).unwrap().is_whole(), !end.is_empty(), "{json}");
            }
        }
    }
    // A colon too few leaves its own member out, and a bracket within one ends that.
    for json in [
        r#"{"a" 1,"title":"t"}"#,
        r#"{"a","title":"t"}"#,
        r#"{"a":{"b":1],"title":"t"}"#,
        r#"{"a":{"b":1]},"title":"t"}"#,
        r#"{"a":[1},"title":"t"}"#,
        r#"{"a":[1}],"title":"t"}"#,
    ] {
        assert_eq!(title(json).as_deref(), Some("t"), "{json}");
    }
}

#[test]
fn a_string_says_what_can_be_read_of_it() {
    for (written, said) in [
        (r"plain", "plain"),
        (r#"\"\\\/\b\f\n\r\t"#, "\"\\/\u{8}\u{c}\n\r\t"),
        (r"\u8a02\u55ae \u0000", "訂單 \0"),
        (r"\ud83d\udc4d \uD83D\uDC4D", "👍 👍"),
        (r"up \ud83d", "up \u{FFFD}"),
        (r"\ud83dup", "\u{FFFD}up"),
        (r"\udc4d\ud83d", "\u{FFFD}\u{FFFD}"),
        (r"\ud83d\ud83d\udc4d", "\u{FFFD}👍"),
        (r"\ud83d\n", "\u{FFFD}\n"),
        (r"\ud83d\u0041", "\u{FFFD}A"),
        (r"\u12", "\u{FFFD}12"),
        (r"\u+123", "\u{FFFD}+123"),
        (r"\u訂訂", "\u{FFFD}訂訂"),
        (r"\x41\'\訂", "x41'訂"),
    ] {
        assert_eq!(
            title(&format!(r#"{{"title":"{written}"}}"#)).as_deref(),
            Some(said),
            "{written}"
        );
    }
    for (written, most, said) in [
        ("\"abc\"", 2, "ab"),
        ("\"abc", 9, "abc"),
        ("\"訂單\"", 4, "訂"),
        (r#""a\u8a02\u55ae""#, 10, "a訂\u{FFFD}5"),
    ] {
        let json = scan::Cursor::of(written, true).value().unwrap();
        assert_eq!(json.beginning_of(most).as_deref(), Some(said), "{written}");
    }
    assert_eq!(Json::read("12").unwrap().beginning_of(9), None);
    let raw = "{\"title\":\"a\u{0}b\nc\u{1b}\"}";
    assert_eq!(title(raw).as_deref(), Some("a\u{0}b\nc\u{1b}"));
}

#[test]
fn of_members_with_one_name_the_last_counts_that_says_anything() {
    let json = Json::read(r#"{"a":1,"a":2,"b":1,"\u0062":null,"c":null,"c":3}"#).unwrap();
    let object = json.object().unwrap();
    let members: Vec<_> = object.iter().map(|(name, value)| (name, value.written())).collect();
    assert_eq!(members, [("a", "2"), ("b", "1"), ("c", "3")]);
}

#[test]
fn what_is_no_json_is_none() {
    for words in [
        "",
        " ",
        "Hello",
        "{hello}",
        "{hello} world",
        "{}x",
        "{} {}",
        "{'a':1}",
        "[公告] 今晚停機",
        "[",
        "{",
        "[1,2",
        "\"a",
        "\"a\" b",
        "tru",
        "1 2",
        "-",
        "}",
        "]",
        ",",
        ":",
        "{\"smile\"}",
        "{\"a\":1} or so",
        "{\"a\":1}, or so",
        "{\"a\":1}],\"b\"",
        "{\"a\":1},\"b\" is what I mean: see",
        "{\"a\":1}\n{\"b\":2}",
        "{\"a\":1},{\"b\":2}",
        "{}},{",
        "\"\\",
        "{\"\\",
    ] {
        assert_eq!(Json::read(words), None, "{words}");
    }
    for json in [
        "{}",
        " { } ",
        "\u{FEFF}{\"a\":1}\u{0}\n",
        "[]",
        "null",
        "true",
        "-1.5e3",
        "\"\"",
        "{\"a\":",
    ] {
        let is_json = json != "{\"a\":";
        assert_eq!(Json::read(json).is_some(), is_json, "{json}");
    }
}

#[test]
fn what_was_cut_off_says_what_came_before() {
    let whole = r#"{"type":"X","n":1250,"o":{"p":"q"},"link":"/orders/204","title":"訂單已出貨"}"#;
    let object = Json::read(whole).unwrap().object().unwrap();
    for end in (0..whole.len()).filter(|end| whole.is_char_boundary(*end)) {
        let Some(cut) = Json::read(&whole[..end]) else { continue };
        assert!(!cut.is_whole());
        for (name, value) in cut.object().unwrap().iter() {
            let of_whole = object.get(name).unwrap();
            // Half a number, an id or a link is another one.
            assert!(
                value.scalar().is_none_or(|said| Some(said) == of_whole.scalar()),
                "{end}: {name}"
            );
            let beginning = value.beginning().unwrap_or_default();
            assert!(
                of_whole.beginning().unwrap_or_default().starts_with(&beginning),
                "{end}: {name}"
            );
        }
    }
    assert_eq!(title(&whole[..whole.len() - 5]).as_deref(), Some("訂單已出"));
}

#[test]
fn one_form_is_another() {
    let read = |form: &'static str| Json::read(form).unwrap();
    for form in ["7", "7.0", "\"7\"", "\" 7 \"", "\"7.0\""] {
        assert_eq!((read(form).id(), read(form).count()), (Some(7), Some(7)), "{form}");
    }
    for form in ["-7", "\"-7\""] {
        assert_eq!((read(form).id(), read(form).count()), (Some(-7), None), "{form}");
    }
    for form in ["9007199254740993", "\"9007199254740993\""] {
        assert_eq!(read(form).id(), Some(9_007_199_254_740_993), "{form}");
    }
    for form in ["7.5", "\"seven\"", "null", "[7]", "{}", "true", "1e400", "99999999999999999999"] {
        assert_eq!(read(form).id(), None, "{form}");
    }
    for form in ["true", "\"true\"", "\"TRUE\"", "1", "\"1\"", "1.0"] {
        assert_eq!(read(form).truth(), Some(true), "{form}");
    }
    for form in ["false", "\"false\"", "0", "\"0\""] {
        assert_eq!(read(form).truth(), Some(false), "{form}");
    }
    for form in ["null", "\"yes\"", "\"\"", "2", "[]", "{\"true\":true}"] {
        assert_eq!(read(form).truth(), None, "{form}");
    }
    for form in ["1.5", "\"1.5\"", "15e-1", "1.5E0"] {
        assert_eq!(read(form).number(), Some(1.5), "{form}");
    }
    for form in ["1e400", "\"NaN\"", "\"inf\"", "true", "\"\"", "null"] {
        assert_eq!(read(form).number(), None, "{form}");
    }
    let scalar = |form| Json::read(form).and_then(Json::scalar);
    for (form, said) in [
        ("0.30", "0.30"),
        ("12345678901234567890", "12345678901234567890"),
        ("1250.0", "1250"),
        ("1.0E10", "1.0E10"),
        ("1e400", "1e400"),
        ("\"1250.0\"", "1250.0"),
        ("true", "true"),
    ] {
        assert_eq!(scalar(form).as_deref(), Some(said));
    }
    for nothing in ["null", "[1]", "{}"] {
        assert_eq!(scalar(nothing), None);
    }
}

#[test]
fn json_is_set_anew_with_every_value_as_it_was_written() {
    let json = "{ \"a\" : 0.30, \"b\":[ 12345678901234567890 ,{}, [ ] , {\"c\":\"x, {\\\"y\\\": 1} \"}],\n\"d\":null }";
    let set = compact(json);
    assert_eq!(
        set,
        r#"{"a":0.30,"b":[12345678901234567890,{},[],{"c":"x, {\"y\": 1} "}],"d":null}"#
    );
    assert_eq!(
        indented(&set),
        "{\n  \"a\": 0.30,\n  \"b\": [\n    12345678901234567890,\n    {},\n    [],\n    {\n      \"c\": \"x, {\\\"y\\\": 1} \"\n    }\n  ],\n  \"d\": null\n}"
    );
    assert_eq!(compact(&indented(&set)), set);
    assert_eq!((indented("{}"), indented("1")), ("{}".to_owned(), "1".to_owned()));
}

/// Any JSON value, as a strict parser has it.
fn any_value(random: &mut impl Rng, depth: u32) -> Value {
    match random.random_range(0..if depth == 0 { 5 } else { 7 }) {
        0 => Value::Null,
        1 => random.random::<bool>().into(),
        2 => random.random::<i32>().into(),
        3 => (f64::from(random.random_range(-1_000_000..1_000_000)) / 128.0).into(),
        4 => any_text(random).into(),
        5 => {
            let count = random.random_range(0..5);
            (0..count).map(|_| any_value(random, depth - 1)).collect()
        }
        _ => {
            let count = random.random_range(0..5);
            let member = |_| (any_text(random), any_value(random, depth - 1));
            Value::Object((0..count).map(member).collect())
        }
    }
}

fn any_text(random: &mut impl Rng) -> String {
    const BESIDE: [char; 12] = ['"', '\\', '{', '}', '[', ']', ',', ':', '\n', '\u{0}', 'u', '訂'];
    let count = random.random_range(0..12);
    let one = |_| match random.random_range(0..3) {
        0 => BESIDE[random.random_range(0..BESIDE.len())],
        1 => random.random_range('a'..='z'),
        _ => random.random(),
    };
    (0..count).map(one).collect()
}

/// Brackets that close what another kind has opened: as many as were opened, and any of the two.
fn with_brackets_mixed_up(json: &str, random: &mut impl Rng) -> String {
    let (mut mixed, mut rest) = (String::new(), json);
    while let Some(c) = rest.chars().next() {
        let end = if c == '"' { scan::string_end(rest.as_bytes()).0 } else { c.len_utf8() };
        let (token, behind) = rest.split_at(end);
        let is_end = matches!(c, '}' | ']');
        mixed.push_str(if is_end { ["}", "]"][random.random_range(0..2)] } else { token });
        rest = behind;
    }
    mixed
}

#[test]
fn what_a_wrong_bracket_closes_is_all_that_it_costs() {
    let json = Json::read(r#"{"content":[{"id":1}},"sort":{]}"#).unwrap();
    let object = json.object().unwrap();
    let (content, sort) = (object.get("content").unwrap(), object.get("sort").unwrap());
    assert!(json.is_whole() && !content.is_whole(), "a list that ends wrongly may not be all");
    let ids: Vec<_> = content.array().unwrap().map(|one| one.object()?.get("id")?.id()).collect();
    assert_eq!((ids, sort.object()), (vec![Some(1)], Some(Object::default())));

    let mut random = StdRng::seed_from_u64(4);
    for _ in 0..4_000 {
        let value = any_value(&mut random, 4).to_string();
        let bad = with_brackets_mixed_up(&value, &mut random);
        for json in [
            format!(r#"{{"type":"X","bad":{bad},"title":"t"}}"#),
            format!(r#"{{"bad":{bad},"type":"X","title":"t"}}"#),
            format!(r#"{{"type":"X","title":"t","bad":{bad}}}"#),
        ] {
            let whole = Json::read(&json).expect(&json);
            let object = whole.object().unwrap();
            let text = |name| object.get(name).and_then(Json::text);
            assert_eq!(
                (text("type").as_deref(), text("title").as_deref(), object.iter().count()),
                (Some("X"), Some("t"), 3),
                "{json}"
            );
            assert!(whole.is_whole(), "{json}");
        }
        let list = format!(r#"[{{"id":1}},{{"bad":{bad},"id":2}},{{"id":3,"bad":{bad}}},{bad}]"#);
        let list = Json::read(&list).unwrap();
        let ids = list.array().unwrap().take(3).map(|one| one.object()?.get("id")?.id());
        assert_eq!(ids.collect::<Vec<_>>(), [Some(1), Some(2), Some(3)], "{bad}");
        assert!(list.is_whole(), "{bad}");
    }
}

/// Each of these without end, in time that grows with it and no faster.
#[test]
fn a_text_without_end_is_read_in_its_time() {
    let time = |text: &str| {
        let begun = Instant::now();
        for text in [text.to_owned(), format!("{{\"a\":1,{text}"), format!("[{text}]")] {
            let Some(json) = Json::read(&text) else { continue };
            let _ = (json.scalar(), json.time(), json.truth(), json.beginning());
            let _ = json.object().map(|object| object.iter().count());
            let _ = json.array().map(Iterator::count);
            let _ = compact(&text);
        }
        begun.elapsed()
    };
    for part in [
        "[",
        "{",
        "]",
        "}",
        "{[",
        "[}",
        "{\"a\":",
        "{\"a\":[}",
        "{]},",
        "]\"a\":",
        "],\"a\",",
        "},\"a\":1",
        "\"",
        "\\",
        "\\u",
        "\"\\\"",
        ",",
        ":",
        " ",
        "\u{0}",
        "1",
        "1,",
        "x:",
        "\"a\"",
        "\"a\":",
        "\"a\":1,",
        "\"a\" \"b\",",
        "訂",
    ] {
        let once = part.repeat((1 << 14) / part.len());
        let (first, second) = (time(&once), time(&once.repeat(16)));
        // Sixteen times as much; a machine that is busy may take its time.
        assert!(second < 64 * first + Duration::from_secs(1), "{part:?}: {first:?}, {second:?}");
    }
}

/// The same value, read to its depths.
fn read_whole(json: Json<'_>) -> Value {
    if let Some(object) = json.object() {
        return Value::Object(
            object.iter().map(|(name, value)| (name.to_owned(), read_whole(value))).collect(),
        );
    }
    if let Some(array) = json.array() {
        return array.map(read_whole).collect();
    }
    match (json.text(), json.written()) {
        (Some(text), _) => text.into(),
        (None, written) => serde_json::from_str(written).unwrap(),
    }
}

#[test]
fn good_json_is_read_as_a_strict_parser_reads_it() {
    let mut random = StdRng::seed_from_u64(1);
    for _ in 0..2_000 {
        let value = any_value(&mut random, 4);
        for text in [value.to_string(), format!("{value:#}"), compact(&format!("{value:#}"))] {
            let json = Json::read(&text).unwrap_or_else(|| panic!("{text}"));
            assert!(json.is_whole());
            assert_eq!(read_whole(json), value, "{text}");
        }
        assert_eq!(indented(&value.to_string()), format!("{value:#}"));
    }
}

#[test]
fn whatever_comes_is_read_without_harm() {
    let mut random = StdRng::seed_from_u64(2);
    for _ in 0..8_000 {
        let mut text = any_value(&mut random, 3).to_string();
        for _ in 0..random.random_range(1..4) {
            let ends: Vec<_> = text.char_indices().map(|(at, _)| at).collect();
            let Some(at) = ends.get(random.random_range(0..ends.len().max(1))) else { continue };
            match random.random_range(0..3) {
                0 => text.truncate(*at),
                1 => drop(text.remove(*at)),
                _ => text.insert_str(*at, &any_text(&mut random)),
            }
        }
        let Some(json) = Json::read(&text) else { continue };
        let _ = (json.scalar(), json.time(), json.truth(), json.id(), json.number());
        let _ = (compact(&text), indented(&text));
        for (_, value) in json.members().into_iter().flatten() {
            let _ = (value.scalar(), value.beginning(), value.object());
        }
        let _ = json.array().map(Iterator::count);
    }
}
