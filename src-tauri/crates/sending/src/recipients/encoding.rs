//! Which encoding a list is in, as Excel and editors in Taiwan write it.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, UTF_8};
use encoding_rs_io::{DecodeReaderBytes, DecodeReaderBytesBuilder};
use std::io::{self, BufReader, Read, Seek};

/// A list as UTF-8.
pub(super) type Text<R> = BufReader<DecodeReaderBytes<R, Vec<u8>>>;

/// The list's text. A byte order mark says what it is; without one it is UTF-8 where all of it is, and
/// otherwise what it looks like most, Big5 before others.
pub(super) fn decoded<R: Read + Seek>(mut source: R) -> io::Result<Text<R>> {
    let encoding = guess(&mut source)?;
    source.rewind()?;
    let mut text = DecodeReaderBytesBuilder::new();
    Ok(BufReader::new(text.encoding(Some(encoding)).bom_override(true).build(source)))
}

fn guess(source: &mut impl Read) -> io::Result<&'static Encoding> {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    let mut buffer = [0; 16 * 1024];
    let mut utf_8 = UTF_8.new_decoder_without_bom_handling();
    let mut decoded = vec![0; 48 * 1024 + 16];
    let mut is_utf_8 = true;
    loop {
        let read = source.read(&mut buffer)?;
        let is_last = read == 0;
        if is_utf_8 {
            let (_, _, _, wrong) = utf_8.decode_to_utf8(&buffer[..read], &mut decoded, is_last);
            is_utf_8 = !wrong;
        }
        detector.feed(&buffer[..read], is_last);
        if is_last {
            break;
        }
    }
    Ok(if is_utf_8 { UTF_8 } else { detector.guess(Some(b"tw"), Utf8Detection::Deny) })
}
