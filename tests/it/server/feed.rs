//! Calendars over HTTP: what a subscriber sends and gets.
