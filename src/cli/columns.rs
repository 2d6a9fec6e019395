//! Tables with aligned columns, which fit on a narrow screen.

use crate::report::style::{Style, columns, wrapped};

/// Between two columns.
const GAP: usize = 2;
/// In fewer columns, the last cell of a row would be a column of single words.
const LEAST_ROOM: usize = 24;

/// The lines of a table: cells padded to the width of their column, two spaces apart.
pub(super) fn aligned<const N: usize>(rows: &[[String; N]]) -> Vec<String> {
    let widths = widths(rows);
    rows.iter().map(|row| line(row, &widths)).collect()
}

/// A table that fits on a screen.
pub(super) struct Table {
    /// The line of headings; `None` if each cell stands behind its heading.
    pub(super) heading: Option<String>,
    /// The lines of each row.
    pub(super) rows: Vec<Vec<String>>,
}

impl Table {
    /// A table of rows below headings. If it is wider than the screen, the last column is wrapped; if that leaves too
    /// little room, each row is its first cell and below it the others, each behind its heading.
    pub(super) fn of<const N: usize>(
        headings: [&str; N],
        rows: Vec<[String; N]>,
        style: Style,
    ) -> Table {
        let headings = headings.map(str::to_owned);
        let all: Vec<_> = [headings.clone()].into_iter().chain(rows).collect();
        let widths = widths(&all);
        let last = N - 1;
        let indent: usize = widths[..last].iter().map(|width| width + GAP).sum();
        let room = style.width.saturating_sub(indent);
        let fits = !style.is_screen || widths[last] <= room;
        if !fits && room < LEAST_ROOM {
            let rows = all[1..].iter().map(|row| stacked(&headings, row, style));
            return Table { heading: None, rows: rows.collect() };
        }
        let room = if fits { usize::MAX } else { room };
        let mut rows = all.iter().map(|row| {
            let mut text = wrapped(&row[last], room).into_iter();
            let mut first = row.clone();
            first[last] = text.next().unwrap_or_default();
            let others = text.map(|line| format!("{:indent$}{line}", ""));
            [line(&first, &widths)].into_iter().chain(others).collect::<Vec<_>>()
        });
        let heading = rows.next().map(|lines| lines.concat());
        Table { heading, rows: rows.collect() }
    }
}

fn stacked<const N: usize>(headings: &[String; N], row: &[String; N], style: Style) -> Vec<String> {
    let cells = headings.iter().zip(row).skip(1);
    let cells: Vec<_> = cells.map(|(heading, cell)| format!("{heading}: {cell}")).collect();
    let below = wrapped(&cells.join(", "), style.room(GAP));
    let below = below.into_iter().map(|line| format!("{:GAP$}{line}", ""));
    [row[0].clone()].into_iter().chain(below).collect()
}

fn widths<const N: usize>(rows: &[[String; N]]) -> [usize; N] {
    std::array::from_fn(|column| {
        rows.iter().map(|row| columns(&row[column])).max().unwrap_or_default()
    })
}

fn line<const N: usize>(row: &[String; N], widths: &[usize; N]) -> String {
    let cells = row.iter().zip(widths).map(|(cell, width)| format!("{cell:width$}"));
    cells.collect::<Vec<_>>().join("  ").trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// All lines of a table on a screen of this width.
    fn lines(width: usize) -> Vec<String> {
        let style = Style { width, is_screen: true, ..Style::PLAIN };
        let row = ["wears_out", "exhaustion", "After many calls, one of them fails"];
        let table = Table::of(["rule", "hazard", "finds"], vec![row.map(str::to_owned)], style);
        table.heading.into_iter().chain(table.rows.concat()).collect()
    }

    #[test]
    fn a_table_fits_on_the_screen() {
        let whole = [
            "rule       hazard      finds",
            "wears_out  exhaustion  After many calls, one of them fails",
        ];
        assert_eq!(lines(58), whole);
        let wrapped = [
            whole[0],
            "wears_out  exhaustion  After many calls, one of",
            "                       them fails",
        ];
        assert_eq!(lines(48), wrapped);
        let stacked =
            ["wears_out", "  hazard: exhaustion, finds: After many", "  calls, one of them fails"];
        assert_eq!(lines(40), stacked);
    }
}
