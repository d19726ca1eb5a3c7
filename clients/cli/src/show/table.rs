//! Tables that fit the width: cells are wrapped by display width, never cut.

use anstyle::Style;

use super::{HEADING, padded, plain, styled, width, wrapped, wrapping};

/// What stands between columns.
const SEPARATOR: &str = "  ";
/// A column is not made narrower than this to fit.
const COLUMN_WIDTH_MIN: usize = 10;

/// A text of a table with its style.
#[derive(Clone, Debug)]
pub(crate) struct Cell {
    text: String,
    style: Style,
}

impl Cell {
    /// Returns a cell in a style.
    pub(crate) fn styled(style: Style, text: impl AsRef<str>) -> Self {
        Self { text: plain(text.as_ref()), style }
    }
}

impl<T: AsRef<str>> From<T> for Cell {
    fn from(text: T) -> Self {
        Self::styled(Style::new(), text)
    }
}

/// A table under construction.
#[derive(Clone, Debug)]
pub(crate) struct Table {
    titles: Vec<&'static str>,
    rows: Vec<Vec<Cell>>,
}

impl Table {
    /// Returns a table with column titles and no rows.
    pub(crate) fn new(titles: &[&'static str]) -> Self {
        Self { titles: titles.to_vec(), rows: Vec::new() }
    }

    /// Adds a row; cells that it lacks at its end are empty.
    pub(crate) fn row(&mut self, cells: impl Into<Vec<Cell>>) {
        let mut cells = cells.into();
        cells.resize(self.titles.len(), Cell::from(""));
        self.rows.push(cells);
    }

    /// Returns whether there is no row.
    pub(crate) fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Returns the table in at most `columns` columns, if that is possible at all. Empty columns are left out.
    ///
    /// Where words would have to be broken, the last columns go under their rows.
    pub(crate) fn text(mut self, columns: usize) -> String {
        self.drop_empty_columns();
        let mut beside = self.titles.len();
        while beside > 2 && !self.fits(beside, columns) {
            beside -= 1;
        }
        let widths = self.widths(beside, columns);
        let titles = self.titles.iter().take(beside).map(|title| Cell::styled(HEADING, title)).collect::<Vec<_>>();
        let mut text = line(&titles, &widths);
        for row in &self.rows {
            text += &line(&row[..beside], &widths);
            for (cell, title) in row.iter().zip(&self.titles).skip(beside).filter(|(cell, _)| !cell.text.is_empty()) {
                let under = format!("  {}: {}", title.to_lowercase(), cell.text);
                text += &(styled(cell.style, wrapped(&under, columns, 4)) + "\n");
            }
        }
        text
    }

    /// Tells whether the first columns can stand beside each other without a broken word.
    fn fits(&self, beside: usize, columns: usize) -> bool {
        let least = (0..beside).map(|column| self.widest(column, longest_word)).sum::<usize>();
        least + SEPARATOR.len() * beside.saturating_sub(1) <= columns
    }

    /// Returns the most that a measure says of a column's cells and title.
    fn widest(&self, column: usize, of: fn(&str) -> usize) -> usize {
        let cells = self.rows.iter().map(|row| of(&row[column].text));
        cells.chain([width(self.titles[column])]).max().unwrap_or_default()
    }

    fn drop_empty_columns(&mut self) {
        for column in (0..self.titles.len()).rev() {
            if !self.rows.is_empty() && self.rows.iter().all(|row| row[column].text.is_empty()) {
                self.titles.remove(column);
                self.rows.iter_mut().for_each(|row| drop(row.remove(column)));
            }
        }
    }

    /// Returns the widths of the first columns: the widest is narrowed, again and again, until the table fits. Words are broken only
    /// where it cannot fit otherwise.
    fn widths(&self, beside: usize, columns: usize) -> Vec<usize> {
        let mut widths = (0..beside).map(|column| self.widest(column, width)).collect::<Vec<_>>();
        let words = (0..beside).map(|column| self.widest(column, longest_word)).collect::<Vec<_>>();
        let available = columns.saturating_sub(SEPARATOR.len() * widths.len().saturating_sub(1));
        let least = [words, vec![0; widths.len()]];
        for least in least.map(|least| least.into_iter().map(|least| least.max(COLUMN_WIDTH_MIN)).collect::<Vec<_>>()) {
            while widths.iter().sum::<usize>() > available {
                let wide = widths.iter_mut().zip(&least).filter(|(width, least)| **width > **least);
                let Some((widest, _)) = wide.max_by_key(|(width, _)| **width) else { break };
                *widest -= 1;
            }
        }
        widths
    }
}

fn longest_word(text: &str) -> usize {
    text.split(' ').map(width).max().unwrap_or_default()
}

/// Returns one row, as many lines as its longest cell needs.
fn line(cells: &[Cell], widths: &[usize]) -> String {
    let wrapped: Vec<Vec<String>> = cells
        .iter()
        .zip(widths)
        .map(|(cell, width)| textwrap::wrap(&cell.text, wrapping(*width)).into_iter().map(Into::into).collect())
        .collect();
    let height = wrapped.iter().map(Vec::len).max().unwrap_or_default();
    let mut text = String::new();
    for index in 0..height {
        let last =
            wrapped.iter().rposition(|lines: &Vec<String>| lines.get(index).is_some_and(|part| !part.is_empty()));
        for (column, lines) in wrapped.iter().enumerate().take(last.map_or(0, |last| last + 1)) {
            let part = lines.get(index).map_or("", String::as_str);
            let shown = if Some(column) == last { part.to_owned() } else { padded(part, widths[column]) };
            text += if column == 0 { "" } else { SEPARATOR };
            text += &styled(cells[column].style, shown);
        }
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::super::testing::stripped;
    use super::*;

    #[test]
    fn names_with_diacritics_and_wide_letters_align() {
        let mut table = Table::new(&["WHO", "UNTIL"]);
        for who in ["Łukasz", "三輪 美香", "Åsa O\u{308}berg"] {
            table.row([who.into(), "Mon".into()]);
        }
        insta::assert_snapshot!(stripped(&table.text(80)), @r"
        WHO        UNTIL
        Łukasz     Mon
        三輪 美香  Mon
        Åsa Öberg  Mon
        ");
    }

    #[test]
    fn the_widest_column_is_wrapped_to_fit() {
        let mut table = Table::new(&["ID", "WHY"]);
        table.row(["gap".into(), "nobody is scheduled on the day after the conference".into()]);
        insta::assert_snapshot!(stripped(&table.text(30)), @r"
        ID   WHY
        gap  nobody is scheduled on
             the day after the
             conference
        ");
    }

    #[test]
    fn words_are_broken_only_where_nothing_else_helps() {
        let mut table = Table::new(&["WHEN", "WHO"]);
        table.row(["every day from morning to night".into(), "magdalena@example.org".into()]);
        insta::assert_snapshot!(stripped(&table.clone().text(40)), @r"
        WHEN               WHO
        every day from     magdalena@example.org
        morning to night
        ");
        assert!(stripped(&table.text(24)).contains("magdalena@"));
    }

    #[test]
    fn what_does_not_fit_beside_the_rest_goes_under_its_row() {
        let mut table = Table::new(&["ID", "ZONE", "REACHED AT"]);
        table.row([
            "magdalena".into(),
            "America/New_York".into(),
            "chat @magdalena, email magdalena@example.org".into(),
        ]);
        table.row(["ben".into(), "UTC".into()]);
        insta::assert_snapshot!(stripped(&table.text(46)), @r"
        ID         ZONE
        magdalena  America/New_York
          reached at: chat @magdalena, email
            magdalena@example.org
        ben        UTC
        ");
    }

    #[test]
    fn a_column_without_any_text_is_left_out() {
        let mut table = Table::new(&["ID", "NOTE", "WHO"]);
        table.row(["a".into(), "".into(), "ben".into()]);
        assert_eq!(stripped(&table.text(80)), "ID  WHO\na   ben");
    }
}
