//! "Did you mean ...?" for misspelt fields.

/// Longest name that a suggestion is looked for.
const LONGEST: usize = 40;

/// The name of `known` that `name` was probably meant to be: the nearest one, at most two typing errors away, or one
/// that differs in case only.
#[must_use]
pub fn nearest<'k>(name: &str, known: impl Iterator<Item = &'k str>) -> Option<&'k str> {
    if name.len() > LONGEST {
        return None;
    }
    let allowed = if name.len() < 5 { 1 } else { 2 };
    known
        .filter(|candidate| candidate.len().abs_diff(name.len()) <= 2)
        .map(|candidate| (distance(&name.to_ascii_lowercase(), &candidate.to_ascii_lowercase()), candidate))
        .filter(|(distance, _)| *distance <= allowed)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// The number of characters to insert, delete or replace (Levenshtein).
fn distance(left: &str, right: &str) -> usize {
    let right: Vec<char> = right.chars().collect();
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (index, from) in left.chars().enumerate() {
        let mut diagonal = index;
        let mut beside = index.saturating_add(1);
        if let Some(first) = row.first_mut() {
            *first = beside;
        }
        for (cell, to) in row.iter_mut().skip(1).zip(&right) {
            let replaced = diagonal.saturating_add(usize::from(from != *to));
            diagonal = *cell;
            beside = replaced.min(beside.saturating_add(1)).min(cell.saturating_add(1));
            *cell = beside;
        }
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::nearest;

    const KNOWN: [&str; 5] = ["Next", "Resource", "TimeoutSeconds", "TimeoutSecondsPath", "ItemProcessor"];

    #[rstest]
    #[case::a_missing_letter("Nxt", Some("Next"))]
    #[case::another_case("next", Some("Next"))]
    #[case::two_swapped_letters("Resuorce", Some("Resource"))]
    #[case::a_missing_plural("TimeoutSecond", Some("TimeoutSeconds"))]
    #[case::another_word("Colour", None)]
    #[case::a_short_word_two_letters_off("Nope", None)]
    #[case::nothing("", None)]
    fn a_near_name_is_suggested(#[case] name: &str, #[case] expected: Option<&str>) {
        assert_eq!(nearest(name, KNOWN.into_iter()), expected);
    }
}
