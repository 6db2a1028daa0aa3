//! The functions on text.

use std::borrow::Cow;

use base64::{
    Engine as _, alphabet,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig, general_purpose::STANDARD},
};
use serde_json::Value;
use sha2::Digest as _;

use super::site::{Refusal, Site};
use crate::{json, meter};

type Values<'v> = Vec<Cow<'v, Value>>;

/// `States.StringToJson`; aws: a blank text is null (D18).
pub(super) fn string_to_json<'v>(site: Site<'v>, values: Values<'v>) -> Result<Value, Refusal> {
    let [text] = site.exactly(values)?;
    let text = site.string(&text)?;
    if site.is_aws() && text.trim().is_empty() {
        return Ok(Value::Null);
    }
    // Every value but the first follows one of these, so the result is paid for before it exists.
    let values = text.bytes().filter(|byte| matches!(byte, b',' | b':' | b'[' | b'{')).count();
    site.environment.meter.allocate(meter::text_units(text))?;
    site.allocate(values)?;
    json::parse_value(text).map_err(|_| site.refuse())
}

/// `States.JsonToString`, of any argument (D19).
pub(super) fn json_to_string<'v>(site: Site<'v>, values: Values<'v>) -> Result<Value, Refusal> {
    let [value] = site.exactly(values)?;
    site.visit(&value)?;
    site.text(json::to_text(&value))
}

/// `States.Base64Encode`.
pub(super) fn base64_encode<'v>(site: Site<'v>, values: Values<'v>) -> Result<Value, Refusal> {
    let [text] = site.exactly(values)?;
    site.text(STANDARD.encode(site.limited(site.string(&text)?)?))
}

/// `States.Base64Decode`; aws: leniently (D62).
pub(super) fn base64_decode<'v>(site: Site<'v>, values: Values<'v>) -> Result<Value, Refusal> {
    let [text] = site.exactly(values)?;
    let text = site.limited(site.string(&text)?)?;
    let decoded = if site.is_aws() {
        decode_leniently(text)
    } else {
        STANDARD.decode(text).ok().and_then(|bytes| String::from_utf8(bytes).ok())
    };
    site.text(decoded.ok_or_else(|| site.refuse())?)
}

/// Reads up to the first padding, passes over foreign characters and drops what does not fill a byte; bytes that are
/// not UTF-8 become U+FFFD.
fn decode_leniently(text: &str) -> Option<String> {
    const LENIENT: GeneralPurpose = GeneralPurpose::new(
        &alphabet::STANDARD,
        GeneralPurposeConfig::new()
            .with_decode_padding_mode(DecodePaddingMode::RequireNone)
            .with_decode_allow_trailing_bits(true),
    );
    let is_digit = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/');
    let mut digits: Vec<u8> = text.bytes().take_while(|byte| *byte != b'=').filter(is_digit).collect();
    if digits.len() % 4 == 1 {
        digits.pop();
    }
    LENIENT.decode(digits).ok().map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
}

/// `States.Hash`: of a text, or of the JSON text of another value.
pub(super) fn hash<'v>(site: Site<'v>, values: Values<'v>) -> Result<Value, Refusal> {
    let [data, algorithm] = site.exactly(values)?;
    site.visit(&data)?;
    let data = match &*data {
        Value::String(text) => Cow::Borrowed(text.as_str()),
        other => Cow::Owned(json::to_text(other)),
    };
    let data = site.limited(&data)?;
    let digest = match site.string(&algorithm)? {
        "MD5" => hexadecimal(&md5::Md5::digest(data)),
        "SHA-1" => hexadecimal(&sha1::Sha1::digest(data)),
        "SHA-256" => hexadecimal(&sha2::Sha256::digest(data)),
        "SHA-384" => hexadecimal(&sha2::Sha384::digest(data)),
        "SHA-512" => hexadecimal(&sha2::Sha512::digest(data)),
        _ => return Err(site.refuse()),
    };
    site.text(digest)
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes
        .iter()
        .flat_map(|byte| [byte >> 4, byte & 0x0F])
        .filter_map(|digit| char::from_digit(digit.into(), 16))
        .collect()
}

/// `States.StringSplit`; aws: every character of the second argument is a delimiter, and empty parts are left out;
/// spec: the second argument is one delimiter, and empty parts are kept (D14).
pub(super) fn split<'v>(site: Site<'v>, values: Values<'v>) -> Result<Value, Refusal> {
    let [text, delimiter] = site.exactly(values)?;
    let (text, delimiter) = (site.string(&text)?, site.string(&delimiter)?);
    site.charge(meter::text_units(text))?;
    let part = |part: &str| {
        site.environment.meter.allocate(meter::text_units(part))?;
        Ok(Value::String(part.to_owned()))
    };
    site.allocate(1)?;
    if site.is_aws() {
        let is_delimiter = |character| delimiter.contains(character);
        text.split(is_delimiter).filter(|part| !part.is_empty()).map(part).collect()
    } else if delimiter.is_empty() {
        // Nothing separates.
        Ok(Value::Array(vec![part(text)?]))
    } else {
        text.split(delimiter).map(part).collect()
    }
}

/// `States.UUID`.
pub(super) fn uuid<'v>(site: Site<'v>, values: Values<'v>) -> Result<Value, Refusal> {
    let [] = site.exactly(values)?;
    site.text(site.environment.random.uuid().to_string())
}
