//! Lists as Excel and people write them.

use agora_sending::{Recipients, RecipientsError};
use std::io::Cursor;

type Read = (Vec<String>, Vec<(u64, String, Vec<String>)>, Vec<String>, u32);

fn read(bytes: &[u8]) -> Read {
    let mut list = Recipients::read(Cursor::new(bytes.to_vec())).unwrap();
    let columns = list.columns().to_vec();
    let (mut found, mut wrong) = (Vec::new(), Vec::new());
    while let Some(next) = list.next() {
        match next {
            Ok(one) => found.push((one.line, one.user.as_str().to_owned(), one.cells)),
            Err((line, error)) => wrong.push(format!("{line}: {error}")),
        }
    }
    (columns, found, wrong, list.duplicates())
}

fn utf_16(text: &str, little: bool) -> Vec<u8> {
    let units = std::iter::once(0xFEFF).chain(text.encode_utf16());
    units
        .flat_map(|unit: u16| if little { unit.to_le_bytes() } else { unit.to_be_bytes() })
        .collect()
}

#[test]
fn every_encoding_that_excel_writes_in_taiwan_is_read() {
    let rows = "姓名,user_id,訂單\r\n林小明,1001,\"茶壺, 兩個\"\r\n陳美麗,1002,許功蓋\r\n";
    let (big5, _, _) = encoding_rs::BIG5.encode(rows);
    let with_mark = [b"\xEF\xBB\xBF", rows.as_bytes()].concat();
    let tabbed = rows.replace("\"茶壺, 兩個\"", "茶壺\u{3001} 兩個").replace(',', "\t");
    let expected = |order: &str| {
        let row = |line, id: &str, name: &str, order: &str| {
            (line, id.to_owned(), [name, id, order].map(ToOwned::to_owned).to_vec())
        };
        vec![row(2, "1001", "林小明", order), row(3, "1002", "陳美麗", "許功蓋")]
    };
    for (what, bytes, order) in [
        ("UTF-8", rows.as_bytes().to_vec(), "茶壺, 兩個"),
        ("UTF-8 with a mark", with_mark, "茶壺, 兩個"),
        ("Big5", big5.into_owned(), "茶壺, 兩個"),
        ("UTF-16LE", utf_16(&tabbed, true), "茶壺、 兩個"),
        ("UTF-16BE", utf_16(&tabbed, false), "茶壺、 兩個"),
    ] {
        let (columns, found, wrong, _) = read(&bytes);
        assert_eq!(columns, ["姓名", "user_id", "訂單"], "{what}");
        assert_eq!((found, wrong), (expected(order), vec![]), "{what}");
    }
}

#[test]
fn ids_are_typed_and_pasted_in_any_way() {
    let (columns, found, wrong, duplicates) =
        read("1001, 1002\n\n1003\t1001；1004、x7\n".as_bytes());
    let ids: Vec<_> = found.iter().map(|(line, id, _)| (*line, id.as_str())).collect();
    assert_eq!(ids, [(1, "1001"), (1, "1002"), (3, "1003"), (3, "1004")]);
    assert_eq!((columns.len(), wrong, duplicates), (0, vec!["3: \"x7\" is no user id".into()], 1));
}

#[test]
fn a_table_without_ids_is_none() {
    let read = |text: &str| Recipients::read(Cursor::new(text.as_bytes().to_vec())).err();
    assert!(matches!(read("name,order\na,1\n"), Some(RecipientsError::NoIds)));
    assert!(matches!(read("user_id,x,x\n"), Some(RecipientsError::TwoAlike(name)) if name == "x"));
    assert!(read("User ID;x\n").is_none());
    assert!(read("使用者編號\n").is_none());
}
