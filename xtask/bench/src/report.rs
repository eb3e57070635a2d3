//! What is printed.

use serde_json::json;

use crate::{Failure, machine, rows::Row};

/// The table for a person.
pub(crate) fn table(rows: &[Row]) -> Result<String, Failure> {
    let head = ["measure", "hyper", "reqwest", "ours", "goal", "verdict"].map(str::to_owned);
    let lines: Vec<[String; 6]> = std::iter::once(head).chain(rows.iter().map(cells)).collect();
    let mut text = String::new();
    for line in &lines {
        for (column, cell) in line.iter().enumerate() {
            let width = lines.iter().map(|line| line[column].chars().count()).max().unwrap_or_default();
            match column {
                0 => text.push_str(&format!("{cell:<width$}")),
                5 => text.push_str(&format!("  {cell}")),
                _ => text.push_str(&format!("  {cell:>width$}")),
            }
        }
        text.push('\n');
    }
    text.push('\n');
    for row in rows {
        if let Some(note) = &row.note {
            text.push_str(&format!("{}: {note}\n", row.measure));
        }
    }
    text.push_str(&machine::describe()?);
    Ok(text)
}

/// The same for a program.
pub(crate) fn json(rows: &[Row]) -> Result<String, Failure> {
    let rows = rows
        .iter()
        .map(|row| {
            let mut value = serde_json::to_value(row)?;
            value["met"] = row.is_met().into();
            Ok(value)
        })
        .collect::<Result<Vec<_>, Failure>>()?;
    Ok(serde_json::to_string_pretty(&json!({ "rows": rows, "machine": machine::describe()? }))?)
}

fn cells(row: &Row) -> [String; 6] {
    let figure = |value: f64| {
        if row.count {
            format!("{value:.1}").trim_end_matches(".0").to_owned()
        } else {
            format!("{value:.2}")
        }
    };
    let peer = |value: Option<f64>| value.map_or_else(|| "–".to_owned(), figure);
    let verdict = if row.is_met() {
        "ok".to_owned()
    } else if row.count {
        format!("missed by {}", figure(row.ours - row.goal))
    } else {
        format!("missed by {:.0} %", (row.ours / row.goal - 1.0) * 100.0)
    };
    let goal = format!("≤ {}", figure(row.goal));
    [row.measure.to_owned(), peer(row.hyper), peer(row.reqwest), figure(row.ours), goal, verdict]
}

#[cfg(test)]
mod tests {
    use super::cells;
    use crate::rows::Row;

    fn row(ours: f64, goal: f64, count: bool) -> Row {
        Row { measure: "it", hyper: Some(1.0), reqwest: None, ours, goal, count, note: None }
    }

    #[test]
    fn a_missed_ratio_is_told_in_per_cent_and_a_missed_count_in_pieces() {
        assert_eq!(cells(&row(1.1, 1.0, false)), ["it", "1.00", "–", "1.10", "≤ 1.00", "missed by 10 %"]);
        assert_eq!(cells(&row(36.0, 32.0, true)), ["it", "1", "–", "36", "≤ 32", "missed by 4"]);
    }

    #[test]
    fn a_goal_is_met_to_the_precision_that_is_printed() {
        assert_eq!(cells(&row(1.004, 1.0, false))[5], "ok");
        assert_eq!(cells(&row(1.006, 1.0, false))[5], "missed by 1 %");
    }
}
