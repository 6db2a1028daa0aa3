//! Encodings that the library gets wrong: which characters a URL keeps, and what is not Base64.

use base64::{
    Engine,
    alphabet::STANDARD,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};
use jsonata_core::value::JValue;

use super::{super::error::INTERNAL, HostResult, Shared, error, wrong_argument};

/// Applies `work` to the only argument, a string; undefined stays undefined.
fn on_text(arguments: &[JValue], function: &str, work: impl FnOnce(&str) -> HostResult) -> HostResult {
    match arguments {
        [] | [JValue::Undefined] => Ok(JValue::Undefined),
        [JValue::String(text)] => work(text),
        [_] => Err(wrong_argument(1, function)),
        _ => Err(wrong_argument(2, function)),
    }
}

/// `$base64decode`: padding may be left out; other text is an error (JNATA-056). Bytes are read as UTF-8.
pub(super) fn base64decode(arguments: &[JValue], _: &Shared) -> HostResult {
    const ENGINE: GeneralPurpose = GeneralPurpose::new(
        &STANDARD,
        GeneralPurposeConfig::new()
            .with_decode_padding_mode(DecodePaddingMode::Indifferent)
            .with_decode_allow_trailing_bits(true),
    );
    on_text(arguments, "base64decode", |text| match ENGINE.decode(text) {
        Ok(bytes) => Ok(JValue::string(String::from_utf8_lossy(&bytes))),
        Err(_) => Err(error(INTERNAL, "not Base64")),
    })
}

/// Characters that neither encoding touches, besides letters and digits.
const UNRESERVED: &str = "-_.!~*'()";
/// Characters that `$encodeUrl` leaves alone in addition, and `$decodeUrl` leaves encoded.
const RESERVED: &str = ";/?:@&=+$,#";

fn encode(text: &str, kept: &str) -> HostResult {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        let character = char::from(byte);
        if byte.is_ascii_alphanumeric() || UNRESERVED.contains(character) || kept.contains(character) {
            encoded.push(character);
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    Ok(JValue::string(encoded))
}

fn decode(text: &str, kept: &str, function: &str) -> HostResult {
    let malformed = || error("D3140", &format!("Malformed URL passed to ${function}(): \"{text}\""));
    let mut decoded = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&byte, tail)) = rest.split_first() {
        if byte != b'%' {
            decoded.push(byte);
            rest = tail;
            continue;
        }
        let (digits, tail) = tail.split_at_checked(2).ok_or_else(malformed)?;
        let digits =
            std::str::from_utf8(digits).ok().filter(|digits| digits.bytes().all(|digit| digit.is_ascii_hexdigit()));
        let digits = digits.ok_or_else(malformed)?;
        let byte = u8::from_str_radix(digits, 16).map_err(|_| malformed())?;
        if kept.contains(char::from(byte)) {
            decoded.push(b'%');
            decoded.extend_from_slice(digits.as_bytes());
        } else {
            decoded.push(byte);
        }
        rest = tail;
    }
    String::from_utf8(decoded).map(JValue::string).map_err(|_| malformed())
}

/// `$encodeUrl`.
pub(super) fn encode_url(arguments: &[JValue], _: &Shared) -> HostResult {
    on_text(arguments, "encodeUrl", |text| encode(text, RESERVED))
}

/// `$encodeUrlComponent`.
pub(super) fn encode_url_component(arguments: &[JValue], _: &Shared) -> HostResult {
    on_text(arguments, "encodeUrlComponent", |text| encode(text, ""))
}

/// `$decodeUrl`.
pub(super) fn decode_url(arguments: &[JValue], _: &Shared) -> HostResult {
    on_text(arguments, "decodeUrl", |text| decode(text, RESERVED, "decodeUrl"))
}

/// `$decodeUrlComponent`.
pub(super) fn decode_url_component(arguments: &[JValue], _: &Shared) -> HostResult {
    on_text(arguments, "decodeUrlComponent", |text| decode(text, "", "decodeUrlComponent"))
}
