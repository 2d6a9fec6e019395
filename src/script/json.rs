//! Converts JSON to WAVE by type, for records and lists that are awkward to write in WAVE.

use std::borrow::Cow;

use serde_json::Value as Json;
use wasm_wave::value::{Type, Value};
use wasm_wave::wasm::{WasmType, WasmTypeKind as Kind, WasmValue};

use crate::script::mismatch::{Mismatch, names};

/// Converts a JSON value to WAVE.
///
/// Records are objects by field name, in kebab-case or as other languages write it (`user_name`, `userName`); an option
/// is `null` or its value; a result is `{"ok": …}` or `{"err": …}`; a variant is `{"case": payload}` or `"case"`; flags
/// are an array of names; tuples are arrays; maps are objects, or arrays of pairs; chars and enums are strings.
///
/// # Errors
/// If it has another type.
pub(crate) fn to_wave(json: &Json, ty: &Type) -> Result<String, Mismatch> {
    let unwritable =
        |error: &dyn std::fmt::Display| Mismatch::other(None, format!("has no text form: {error}"));
    wasm_wave::to_string(&value(json, ty)?).map_err(|error| unwritable(&error))
}

fn value(json: &Json, ty: &Type) -> Result<Value, Mismatch> {
    let wrong = || Mismatch::of_type(None, ty, got(json));
    let whole = || -> Option<i128> {
        let number = json.as_number()?;
        number.as_i64().map(i128::from).or_else(|| number.as_u64().map(i128::from))
    };
    macro_rules! integer {
        ($number:ty, $make:ident) => {
            whole().and_then(|it| <$number>::try_from(it).ok()).map(Value::$make).ok_or_else(wrong)
        };
    }
    match ty.kind() {
        Kind::Bool => json.as_bool().map(Value::make_bool).ok_or_else(wrong),
        Kind::U8 => integer!(u8, make_u8),
        Kind::U16 => integer!(u16, make_u16),
        Kind::U32 => integer!(u32, make_u32),
        Kind::U64 => integer!(u64, make_u64),
        Kind::S8 => integer!(i8, make_s8),
        Kind::S16 => integer!(i16, make_s16),
        Kind::S32 => integer!(i32, make_s32),
        Kind::S64 => integer!(i64, make_s64),
        Kind::F32 => float(json).map(|it| Value::make_f32(it as f32)).ok_or_else(wrong),
        Kind::F64 => float(json).map(Value::make_f64).ok_or_else(wrong),
        Kind::Char => {
            let mut chars = json.as_str().ok_or_else(wrong)?.chars();
            match (chars.next(), chars.next()) {
                (Some(character), None) => Ok(Value::make_char(character)),
                _ => Err(wrong()),
            }
        }
        Kind::String => json.as_str().map(|it| Value::make_string(it.into())).ok_or_else(wrong),
        Kind::List => {
            let element = ty.list_element_type().ok_or_else(wrong)?;
            let elements = json.as_array().ok_or_else(wrong)?.iter().zip(1u64..);
            let elements = elements.map(|(json, number)| {
                value(json, &element).map_err(|it| it.within(&format!("element {number}")))
            });
            let elements = elements.collect::<Result<Vec<_>, _>>()?;
            Value::make_list(ty, elements).map_err(|_| wrong())
        }
        Kind::Tuple => tuple(json, ty),
        Kind::Record => record(json, ty),
        Kind::Variant => variant(json, ty),
        Kind::Enum => {
            let case = json.as_str().ok_or_else(wrong)?;
            let case = find_name("case", case, ty, ty.enum_cases())?;
            Value::make_enum(ty, &case).map_err(|_| wrong())
        }
        Kind::Option => {
            let some = ty.option_some_type().ok_or_else(wrong)?;
            let some = (!json.is_null()).then(|| value(json, &some)).transpose()?;
            Value::make_option(ty, some).map_err(|_| wrong())
        }
        Kind::Result => result(json, ty),
        Kind::Flags => {
            let mut flags = Vec::new();
            for json in json.as_array().ok_or_else(wrong)? {
                let flag = json.as_str().ok_or_else(wrong)?;
                flags.push(find_name("flag", flag, ty, ty.flags_names())?);
            }
            Value::make_flags(ty, flags.iter().map(String::as_str)).map_err(|_| wrong())
        }
        Kind::Map => map(json, ty),
        _ => Err(wrong()),
    }
}

fn float(json: &Json) -> Option<f64> {
    match json.as_str() {
        Some("nan") => Some(f64::NAN),
        Some("inf") => Some(f64::INFINITY),
        Some("-inf") => Some(f64::NEG_INFINITY),
        _ => json.as_f64(),
    }
}

fn tuple(json: &Json, ty: &Type) -> Result<Value, Mismatch> {
    let wrong = || Mismatch::of_type(None, ty, got(json));
    let elements = json.as_array().ok_or_else(wrong)?;
    let types: Vec<_> = ty.tuple_element_types().collect();
    if elements.len() != types.len() {
        let what = format!("has {} elements where {} are wanted", elements.len(), types.len());
        return Err(Mismatch::other(None, what));
    }
    let elements = elements.iter().zip(&types).zip(1u64..);
    let elements = elements.map(|((json, ty), number)| {
        value(json, ty).map_err(|it| it.within(&format!("element {number}")))
    });
    Value::make_tuple(ty, elements.collect::<Result<Vec<_>, _>>()?).map_err(|_| wrong())
}

fn record(json: &Json, ty: &Type) -> Result<Value, Mismatch> {
    let wrong = || Mismatch::of_type(None, ty, got(json));
    let mut given = std::collections::BTreeMap::new();
    for (name, json) in json.as_object().ok_or_else(wrong)? {
        let field = find_name("field", name, ty, ty.record_fields().map(|(name, _)| name))?;
        if given.insert(field.clone(), json).is_some() {
            return Err(Mismatch::other(None, format!("has the field `{field}` twice")));
        }
    }
    let mut fields = Vec::new();
    for (name, ty) in ty.record_fields() {
        let json = match given.get(&*name) {
            Some(json) => *json,
            None if ty.kind() == Kind::Option => &Json::Null,
            None => return Err(Mismatch::other(None, format!("lacks the field `{name}`"))),
        };
        let value = value(json, &ty).map_err(|it| it.within(&format!("`{name}`")))?;
        fields.push((name.into_owned(), value));
    }
    let fields = fields.iter().map(|(name, value)| (name.as_str(), value.clone()));
    Value::make_record(ty, fields).map_err(|_| wrong())
}

/// A case, and what is in it: `"case"` or `{"case": payload}`.
fn case(json: &Json) -> Option<(&str, Option<&Json>)> {
    match json {
        Json::String(case) => Some((case, None)),
        Json::Object(members) if members.len() == 1 => {
            members.iter().next().map(|(case, payload)| (case.as_str(), Some(payload)))
        }
        _ => None,
    }
}

fn variant(json: &Json, ty: &Type) -> Result<Value, Mismatch> {
    let wrong = || Mismatch::of_type(None, ty, got(json));
    let (written, json_payload) = case(json).ok_or_else(wrong)?;
    let name = find_name("case", written, ty, ty.variant_cases().map(|(name, _)| name))?;
    let wanted = ty.variant_cases().find_map(|(case, ty)| (case == name).then_some(ty)).flatten();
    let payload = payload(&name, json_payload, wanted)?;
    Value::make_variant(ty, &name, payload).map_err(|_| wrong())
}

fn result(json: &Json, ty: &Type) -> Result<Value, Mismatch> {
    let wrong = || Mismatch::of_type(None, ty, got(json));
    let (ok, err) = ty.result_types().ok_or_else(wrong)?;
    let result = match case(json) {
        Some(("ok", json)) => Ok(payload("ok", json, ok)?),
        Some(("err", json)) => Err(payload("err", json, err)?),
        _ => return Err(wrong()),
    };
    Value::make_result(ty, result).map_err(|_| wrong())
}

fn payload(case: &str, json: Option<&Json>, ty: Option<Type>) -> Result<Option<Value>, Mismatch> {
    match (json, ty) {
        (Some(json), Some(ty)) => {
            value(json, &ty).map(Some).map_err(|it| it.within(&format!("`{case}`")))
        }
        (None | Some(Json::Null), None) => Ok(None),
        (None, Some(ty)) if ty.kind() == Kind::Option => value(&Json::Null, &ty).map(Some),
        (None, Some(_)) => {
            Err(Mismatch::other(None, format!("lacks what the case `{case}` holds")))
        }
        (Some(_), None) => {
            Err(Mismatch::other(None, format!("has a case `{case}` that holds nothing")))
        }
    }
}

fn map(json: &Json, ty: &Type) -> Result<Value, Mismatch> {
    let wrong = || Mismatch::of_type(None, ty, got(json));
    let (key, element) = ty.map_key_value_types().ok_or_else(wrong)?;
    let mut entries = Vec::new();
    match json {
        Json::Object(members) => {
            for (name, json) in members {
                let text = Json::String(name.clone());
                let parsed = serde_json::from_str(name).ok();
                let name = match key.kind() {
                    Kind::String | Kind::Char => text,
                    _ => parsed.unwrap_or(text),
                };
                entries.push((name, json));
            }
        }
        Json::Array(pairs) => {
            for pair in pairs {
                match pair.as_array().map(Vec::as_slice) {
                    Some([key, value]) => entries.push((key.clone(), value)),
                    _ => return Err(wrong()),
                }
            }
        }
        _ => return Err(wrong()),
    }
    let entries = entries.into_iter().map(|(name, json)| {
        let key = value(&name, &key).map_err(|it| it.within("a key"))?;
        Ok((key, value(json, &element).map_err(|it| it.within(&name.to_string()))?))
    });
    Value::make_map(ty, entries.collect::<Result<Vec<_>, _>>()?).map_err(|_| wrong())
}

/// The name of a field, case or flag that equals `written`, or its kebab-case.
fn find_name<'n>(
    what: &str,
    written: &str,
    ty: &Type,
    candidates: impl Iterator<Item = Cow<'n, str>>,
) -> Result<String, Mismatch> {
    let candidates: Vec<_> = candidates.collect();
    let exact = candidates.iter().find(|name| *name == written);
    let kebab = kebab(written);
    let found = exact.or_else(|| candidates.iter().find(|name| name.to_lowercase() == kebab));
    found.map(|name| name.clone().into_owned()).ok_or_else(|| {
        Mismatch::other(None, format!("has no {what} `{written}`; there are {}", names(ty)))
    })
}

/// `userName` and `user_name` are `user-name`.
fn kebab(name: &str) -> String {
    let mut kebab = String::new();
    let mut after_small = false;
    for character in name.chars() {
        if character.is_uppercase() && after_small {
            kebab.push('-');
        }
        after_small = character.is_lowercase() || character.is_ascii_digit();
        match character {
            '_' => kebab.push('-'),
            _ => kebab.extend(character.to_lowercase()),
        }
    }
    kebab
}

fn got(json: &Json) -> String {
    match json {
        Json::Null => "null".to_owned(),
        Json::Bool(value) => value.to_string(),
        Json::Number(number) => number.to_string(),
        Json::String(_) => "a string".to_owned(),
        Json::Array(_) => "an array".to_owned(),
        Json::Object(_) => "an object".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn result(json: &str, ty: &Type) -> String {
        match to_wave(&serde_json::from_str(json).unwrap(), ty) {
            Ok(wave) => wave,
            Err(mismatch) => mismatch.sentence("f", "wants", "1st argument"),
        }
    }

    #[test]
    fn json_becomes_wave() {
        let point =
            Type::record([("x-axis", Type::S32), ("note", Type::option(Type::STRING))]).unwrap();
        let shape = Type::variant([("round", Some(Type::F64)), ("none", None)]).unwrap();
        let flags = Type::flags(["read", "write"]).unwrap();
        let map = Type::map(Type::U32, Type::STRING).unwrap();
        for (json, ty, wave) in [
            (r#"{"x-axis": -1, "note": "a\nb"}"#, &point, "{x-axis: -1, note: some(\"a\\nb\")}"),
            (r#"{"xAxis": 7}"#, &point, "{x-axis: 7}"),
            (r#"{"x_axis": 7, "note": null}"#, &point, "{x-axis: 7}"),
            (r#"{"round": 1.5}"#, &shape, "round(1.5)"),
            (r#""none""#, &shape, "%none"),
            (r#"["write", "read"]"#, &flags, "{read, write}"),
            ("[1, 2]", &Type::list(Type::U8), "[1, 2]"),
            ("18446744073709551615", &Type::U64, "18446744073709551615"),
            (r#""é""#, &Type::CHAR, "'é'"),
            (r#"{"ok": null}"#, &Type::result(None, Some(Type::STRING)), "ok"),
            (r#"{"err": "x"}"#, &Type::result(None, Some(Type::STRING)), "err(\"x\")"),
            (r#"[1, "x"]"#, &Type::tuple([Type::U8, Type::STRING]).unwrap(), "(1, \"x\")"),
            (r#"{"7": "x"}"#, &map, "{7: \"x\"}"),
            (r#""nan""#, &Type::F32, "nan"),
        ] {
            assert_eq!(result(json, ty), wave, "{json}");
            assert!(wasm_wave::from_str::<Value>(ty, wave).is_ok(), "{wave}");
        }
    }

    #[test]
    fn what_does_not_fit_is_named() {
        let point = Type::record([("x", Type::list(Type::U8)), ("y", Type::BOOL)]).unwrap();
        for (json, ty, expected) in [
            (r#""x""#, &Type::U32, "`f` wants u32 as its 1st argument, not a string"),
            ("300", &Type::U8, "`f` wants u8 as its 1st argument, not 300"),
            ("1.5", &Type::U8, "`f` wants u8 as its 1st argument, not 1.5"),
            (
                r#"{"x": [1, "2"], "y": true}"#,
                &point,
                "`f` wants u8 as element 2 of `x` of its 1st argument, not a string",
            ),
            (r#"{"x": []}"#, &point, "the 1st argument of `f` lacks the field `y`"),
            (r#"{"z": []}"#, &point, "the 1st argument of `f` has no field `z`; there are x, y"),
            ("[]", &point, "`f` wants record {x, y} as its 1st argument, not an array"),
            ("null", &Type::STRING, "`f` wants string as its 1st argument, not null"),
        ] {
            assert_eq!(result(json, ty), expected, "{json}");
        }
    }
}
